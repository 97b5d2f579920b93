// A copy of a store's file as it is committed at one moment, made while others write: SQLite's
// backup interface, a few pages at a time. [one]
#pragma once

#include <optional>
#include <string>

#include "store/connection.hpp"

struct sqlite3_backup;

namespace clv::store {

class online_copy {
 public:
  // `from` is the copy's alone while it is made, unless it is in memory. It is held at one
  // snapshot: writers go on, but their log cannot begin anew until the copy is done. `to` is an
  // empty file.
  online_copy(connection& from, const std::string& to, const std::string& label);
  ~online_copy();
  online_copy(const online_copy&) = delete;
  online_copy& operator=(const online_copy&) = delete;
  // Copies up to that many pages; how much is done, in [0, 1]. At 1 the file is closed; it says of
  // itself that it has no write-ahead log, so that it can be read where nothing can be written.
  double step(int pages);

 private:
  std::optional<transaction> snapshot_;
  std::optional<connection> to_;
  sqlite3_backup* copy_ = nullptr;
};

}  // namespace clv::store

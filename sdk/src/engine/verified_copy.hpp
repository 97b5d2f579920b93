// A copy of a store that was opened and read to the last byte before it gets its name.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "clv/table.hpp"
#include "math/sha256.hpp"
#include "store/backup_manifest.hpp"
#include "store/database.hpp"
#include "store/new_file.hpp"
#include "store/online_copy.hpp"
#include "store/store_check.hpp"

namespace clv::detail {

// A file of a store, read to the last byte.
class checked_file {
 public:
  // `label` names it in messages.
  checked_file(const std::string& file, const std::string& label);
  // A bit more, until 1. Throws error{corrupt} naming the first damage when all was read.
  double step(const std::atomic<bool>* cancelled);
  store::connection& db() { return *db_; }

 private:
  std::unique_ptr<store::connection> db_;
  std::optional<store::store_check> checks_;
};

// Each part is called until it returns 1, in their order; what was written is removed unless all
// of them ended.
class verified_copy {
 public:
  explicit verified_copy(std::string path);
  double copy(store::connection& from);
  double check(const std::atomic<bool>* cancelled);  // error{corrupt} names what is damaged
  double hash();
  double publish();
  void abandon();
  const std::string& path() const { return path_; }
  std::shared_ptr<const table> facts() const;  // path, bytes, sha256, schema_version

 private:
  std::string path_;
  std::optional<store::new_file> file_;
  std::optional<store::online_copy> copying_;
  std::optional<checked_file> checking_;
  std::optional<store::old_file> reading_;
  math::sha256 sha256_;
  store::backup_manifest manifest_;
};

std::shared_ptr<const table> facts_of(const std::string& path, const store::backup_manifest& m);

}  // namespace clv::detail

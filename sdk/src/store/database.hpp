// Opening a store: whose file it is, which version, who may write, and SQLite's settings.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "store/migrations.hpp"
#include "store/sqlite.hpp"
#include "store/writer_lock.hpp"

namespace clv::store {

struct database_options {
  std::string path;  // "" keeps everything in memory
  bool read_only = false;
  std::shared_ptr<storage> elsewhere;  // not a file: the storage that opens `path`
};

// An open store of the newest schema. Not ours, damaged or too new: refused before anything is
// written to it. [one]
class database {
 public:
  // Throws error: io (no such folder, not writable), busy (another writer), state (written by a
  // newer libclv; or older, empty and read_only), corrupt (another program's file, not a database).
  explicit database(database_options options, std::span<const migration> steps = migrations());

  connection& sql() { return *db_; }
  bool read_only() const { return options_.read_only; }
  const std::string& path() const { return options_.path; }  // with links resolved; "" = in memory
  // Writes the file anew from its rows and empties the write-ahead log, so that no deleted byte is
  // left in either. False: a reader keeps the log from being emptied. Takes as long as reading and
  // writing the whole file. Throws error{io} and the like; nothing is lost then. In another storage
  // there is no file of ours to write anew: nothing is done.
  bool rewrite();

 private:
  void open_for_writing(std::span<const migration> steps);
  void open_for_reading(std::span<const migration> steps);
  void open_elsewhere(std::span<const migration> steps);
  void open(int flags);

  database_options options_;
  std::string label_;
  std::optional<writer_lock> lock_;  // declared before the connection: released after it closed
  std::optional<connection> db_;
};

// A connection to a store of this or an earlier schema that cannot write and does not upgrade.
// `label` names it in messages. Throws as database does.
std::unique_ptr<connection> open_to_inspect(const std::string& path, const std::string& label);

}  // namespace clv::store

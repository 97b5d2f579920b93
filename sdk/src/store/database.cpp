#include "store/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <system_error>

namespace clv::store {
namespace {

constexpr int busy_timeout_ms = 5000;

// The file behind symbolic links: two names of one store must share one lock. Also keeps SQLite
// from reading "file:..." as a URI and ":memory:" as no file.
std::string real_path(const std::string& path) {
  if (path.find('\0') != std::string::npos) {
    throw error(status::invalid, "the store's path contains a NUL byte");
  }
  const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(path.c_str(), nullptr),
                                                             &std::free);
  if (resolved) return resolved.get();
  const bool special = path.starts_with("file:") || path.starts_with(":");
  return special ? "./" + path : path;
}

// Size in bytes; -1 when there is no such file. stat only: closing a descriptor of our own would
// drop the POSIX locks of any other connection of this process.
std::int64_t size_of(const std::string& path, const std::string& label) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) return -1;
    throw error(status::io, label + ": " + std::generic_category().message(errno));
  }
  if (!S_ISREG(found.st_mode)) throw error(status::io, label + " is not a regular file");
  return found.st_size;
}

void set(const connection& db, int option, int value) {
  sqlite3_db_config(db.handle(), option, value, nullptr);
}

// A file may come from anywhere: its schema is data, not code to run.
void distrust(connection& db) {
  set(db, SQLITE_DBCONFIG_DEFENSIVE, 1);
  set(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
  set(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0);
  set(db, SQLITE_DBCONFIG_DQS_DDL, 0);
  set(db, SQLITE_DBCONFIG_DQS_DML, 0);
  sqlite3_busy_timeout(db.handle(), busy_timeout_ms);
  db.execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0");
}

void check_version(connection& db, std::int64_t ours, bool read_only) {
  const std::int64_t found = schema_version(db);
  const std::string both = "its schema is version " + std::to_string(found) +
                           ", this libclv knows version " + std::to_string(ours);
  if (found > ours) {
    throw error(status::state,
                db.label() + " was written by a newer libclv: " + both,
                "upgrade libclv; the file was not changed");
  }
  if (found < ours && read_only) {
    throw error(status::state,
                db.label() + " is older: " + both,
                "open it once without read_only to upgrade it");
  }
}

// Reads only. True: a store of ours; false: an empty database.
bool is_ours(connection& db) {
  const std::int64_t id = db.integer("PRAGMA application_id");
  if (id == application_id) return true;
  const bool empty = id == 0 && db.integer("PRAGMA user_version") == 0 &&
                     db.integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (!empty) {
    throw error(status::corrupt,
                db.label() + " is another program's SQLite database (application_id " +
                    std::to_string(id) + "); it was not touched",
                "give libclv a file of its own");
  }
  return false;
}

[[noreturn]] void fail_foreign(const std::string& label) {
  throw error(status::corrupt,
              label + " is not a libclv store: the file is not a database; it was not touched",
              "name another file, or restore the store from a backup");
}

// The look at a file that is already there, through a connection that cannot write: a foreign
// database keeps its bytes, and a foreign rollback journal is left to its owner.
void identify(const std::string& path, const std::string& label, std::int64_t ours, bool reading) {
  try {
    connection db(path, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, label);
    set(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
    distrust(db);
    if (is_ours(db)) check_version(db, ours, reading);
  } catch (const error& e) {
    if (e.details().code != status::corrupt ||
        e.details().message.find("not a database") == std::string::npos) {
      throw;
    }
    fail_foreign(label);
  }
}

// SQLite takes a file of one byte for an empty one and would write over it.
constexpr std::int64_t smallest_database = 512;

// True when there is something to identify; a new or empty file is a new store.
bool has_content(const std::string& path, const std::string& label) {
  const std::int64_t size = size_of(path, label);
  if (size > 0 && size < smallest_database) fail_foreign(label);
  return size > 0;
}

// SQLite would throw away the log of a file that is gone or was emptied, and with it commits that
// were acknowledged.
void refuse_orphaned_log(const std::string& path, const std::string& label) {
  const std::int64_t log = size_of(path + "-wal", label);
  if (log <= 0) return;
  throw error(status::corrupt,
              label + " is empty or gone, but its write-ahead log of " + std::to_string(log) +
                  " bytes is there; nothing was touched",
              "put the file back beside its log, restore a backup under another name, or move the "
              "log away to begin anew");
}

[[noreturn]] void fail_unwritable(const std::string& path, const std::string& label) {
  const int system = faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0 ? EROFS : errno;
  throw error(status::io,
              label + " cannot be written: " + std::generic_category().message(system),
              "change its permissions, or open it read only");
}

}  // namespace

database::database(database_options options, std::span<const migration> steps)
    : options_(std::move(options)) {
  if (options_.elsewhere != nullptr) {
    open_elsewhere(steps);
    return;
  }
  if (options_.path.empty()) {
    label_ = "the store in memory";
    if (options_.read_only) {
      throw error(status::invalid,
                  "a store in memory cannot be read only: it would stay empty",
                  "name a file");
    }
    open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY);
    db_->execute("PRAGMA foreign_keys = ON");
    migrate(*db_, steps);
    return;
  }
  label_ = "store '" + options_.path + "'";
  options_.path = real_path(options_.path);
  options_.read_only ? open_for_reading(steps) : open_for_writing(steps);
}

void database::open(int flags) {
  db_.emplace(options_.path.empty() ? std::string(":memory:") : options_.path,
              flags | SQLITE_OPEN_NOMUTEX,
              label_);
  distrust(*db_);
}

void database::open_for_writing(std::span<const migration> steps) {
  lock_.emplace(options_.path);
  if (has_content(options_.path, label_)) {
    identify(options_.path, label_, steps.back().version, false);
  } else {
    refuse_orphaned_log(options_.path, label_);
  }
  open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (sqlite3_db_readonly(db_->handle(), "main") == 1) fail_unwritable(options_.path, label_);
  if (db_->text("PRAGMA journal_mode = WAL") != "wal") {
    throw error(status::io,
                label_ + ": this file system cannot hold a write-ahead log",
                "keep the store on a local disk");
  }
  // FULL: with NORMAL a power cut may take back a commit that was already acknowledged.
  db_->execute(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = FAST;"
      "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536");
  migrate(*db_, steps);
}

void database::open_for_reading(std::span<const migration> steps) {
  if (size_of(options_.path, label_) < 0) {
    throw error(status::io, label_ + ": " + std::generic_category().message(ENOENT));
  }
  const bool filled = has_content(options_.path, label_);
  if (filled) identify(options_.path, label_, steps.back().version, true);
  if (filled) open(SQLITE_OPEN_READONLY);
  if (!filled || !is_ours(*db_)) {
    throw error(status::state, label_ + " is empty", "open it once without read_only");
  }
}

void database::open_elsewhere(std::span<const migration> steps) {
  db_.emplace(options_.elsewhere->open(options_.path, options_.read_only));
  label_ = db_->label();
  if (db_->rep().count_tables("schema_migration") > 0) {
    check_version(*db_, steps.back().version, options_.read_only);
  } else if (db_->rep().count_tables("") > 0) {
    throw error(status::corrupt,
                label_ + " has another program's tables; it was not touched",
                "give libclv a place of its own");
  } else if (options_.read_only) {
    throw error(status::state, label_ + " is empty", "open it once without read_only");
  }
  if (!options_.read_only) migrate(*db_, steps);
}

std::unique_ptr<connection> open_to_inspect(const std::string& path, const std::string& label) {
  if (size_of(path, label) < 0) {
    throw error(status::io, label + ": " + std::generic_category().message(ENOENT));
  }
  if (!has_content(path, label)) throw error(status::state, label + " is empty");
  const std::string real = real_path(path);
  identify(real, label, migrations().back().version, false);
  auto db = std::make_unique<connection>(real, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, label);
  distrust(*db);
  if (!is_ours(*db)) throw error(status::state, label + " is empty");
  return db;
}

bool database::rewrite() {
  if (db_->handle() == nullptr) return true;
  db_->execute("VACUUM");
  if (options_.path.empty()) return true;
  return db_->integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0;
}

}  // namespace clv::store

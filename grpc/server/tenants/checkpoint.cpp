#include "tenants/checkpoint.hpp"

#include <sqlite3.h>

#include <memory>

#include "calls/errors.hpp"

namespace clvd {
namespace {

[[noreturn]] void fail(sqlite3* db) {
  call_error error = core_failure(CLV_E_IO, nullptr);
  error.hidden = std::string("checkpoint: ") + sqlite3_errmsg(db);
  throw error;
}

// Whether the whole log was copied.
bool copied(sqlite3* db, int mode) {
  int in_log = 0, copied = 0;
  const int code = sqlite3_wal_checkpoint_v2(db, nullptr, mode, &in_log, &copied);
  if ((code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED) return false;
  if (code != SQLITE_OK) fail(db);
  return in_log == copied;
}

}  // namespace

bool checkpoint(const std::string& store) {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(store.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> db(opened, sqlite3_close);
  if (code != SQLITE_OK) fail(opened);
  // A connection that has read nothing does not know of the log: its checkpoint does nothing and
  // says OK.
  if (sqlite3_exec(opened, "SELECT 1 FROM sqlite_schema", nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(opened);
  }
  // The first has no lock that would hold up the writer; nothing is left to copy for the second,
  // which has one.
  return copied(opened, SQLITE_CHECKPOINT_PASSIVE) && copied(opened, SQLITE_CHECKPOINT_TRUNCATE);
}

}  // namespace clvd

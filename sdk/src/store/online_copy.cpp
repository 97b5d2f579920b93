#include "store/online_copy.hpp"

#include <sqlite3.h>

namespace clv::store {

online_copy::online_copy(connection& from, const std::string& to, const std::string& label) {
  const char* file = sqlite3_db_filename(from.handle(), "main");
  if (file != nullptr && *file != '\0') {
    snapshot_.emplace(from, transaction::purpose::read);
    from.integer("PRAGMA schema_version");  // the first read is what fixes the moment
  }
  to_.emplace(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, label);
  // Nobody sees the file before it is whole and synced, so SQLite need not guard it.
  to_->execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
  copy_ = sqlite3_backup_init(to_->handle(), "main", from.handle(), "main");
  if (copy_ == nullptr) to_->fail(sqlite3_errcode(to_->handle()), "cannot begin the copy");
}

online_copy::~online_copy() {
  sqlite3_backup_finish(copy_);
}

double online_copy::step(int pages) {
  const int code = sqlite3_backup_step(copy_, pages);
  const int all = sqlite3_backup_pagecount(copy_), left = sqlite3_backup_remaining(copy_);
  // Somebody holds the lock for a moment: the next step tries again.
  const bool waits = code == SQLITE_BUSY || code == SQLITE_LOCKED;
  if (code == SQLITE_OK || waits) {
    return all == 0 ? 0 : 0.999 * static_cast<double>(all - left) / static_cast<double>(all);
  }
  const int end = sqlite3_backup_finish(copy_);
  copy_ = nullptr;
  if (code != SQLITE_DONE || end != SQLITE_OK) {
    to_->fail(code == SQLITE_DONE ? end : code, "cannot copy");
  }
  to_.reset();
  snapshot_.reset();
  return 1.0;
}

}  // namespace clv::store

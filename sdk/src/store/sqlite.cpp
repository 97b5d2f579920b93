#include "store/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

namespace clv::store {

std::string_view hint_for(status code) {
  switch (code) {
    case status::busy:
      return "another program is using the store; try again when it has finished";
    case status::corrupt:
      return "restore the store from a backup, or import the transactions into a new file";
    case status::full:
      return "make room on the disk or raise the quota and try again; what was stored can be read";
    case status::io:
      return "check the disk and the permissions of the file and its folder";
    default:
      return "";
  }
}

status status_of(int sqlite_code) {
  // Our own statements never break a key: a file that says so contradicts itself.
  if (sqlite_code == SQLITE_CONSTRAINT_PRIMARYKEY || sqlite_code == SQLITE_CONSTRAINT_UNIQUE ||
      sqlite_code == SQLITE_CONSTRAINT_FOREIGNKEY) {
    return status::corrupt;
  }
  switch (sqlite_code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return status::busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_MISMATCH:
      return status::corrupt;
    case SQLITE_FULL:
      return status::full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOLFS:
    case SQLITE_PROTOCOL:
      return (sqlite_code == SQLITE_IOERR_NOMEM) ? status::no_memory : status::io;
    case SQLITE_NOMEM:
      return status::no_memory;
    case SQLITE_TOOBIG:
      return status::limit;
    case SQLITE_INTERRUPT:
      return status::cancelled;
    default:
      return status::internal;
  }
}

status status_of_system(int system) {
  switch (system) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return status::full;
    case ENOMEM:
      return status::no_memory;
    case EEXIST:
      return status::exists;
    default:
      return status::io;
  }
}

void fail_sqlite(sqlite3* of, int code, const std::string& label, std::string_view doing) {
  if (code == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) {
    throw error(status::no_memory, label + ": out of memory");
  }
  const int errno_of_call = errno;
  std::string message = label + ": " + std::string(doing) + ": ";
  message += of == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(of);
  int system = of == nullptr ? 0 : sqlite3_system_errno(of);
  // A COMMIT that fails leaves the system's word where the system call left it.
  if (system == 0 && (code & 0xFF) == SQLITE_IOERR) system = errno_of_call;
  status what = status_of(code);
  // SQLite knows a full disk by ENOSPC alone; a quota and a limit of the process say other words.
  if (what == status::io && status_of_system(system) == status::full) what = status::full;
  if ((what == status::io || what == status::full) && system != 0) {
    message += " (" + std::generic_category().message(system) + ")";
  }
  throw error(what, message, std::string(hint_for(what)));
}

// ---- statement

sqlite_statement::sqlite_statement(sqlite_connection& owner, std::string_view sql)
    : owner_(&owner) {
  owner.settle();
  handle_ = owner.take_idle(sql);
  if (handle_ != nullptr) return;
  const int code = sqlite3_prepare_v2(
      owner.handle(), sql.data(), static_cast<int>(sql.size()), &handle_, nullptr);
  if (code != SQLITE_OK) {
    // A table that ought to be there and is not: the file was damaged or changed by hand.
    const std::string why = sqlite3_errmsg(owner.handle());
    const bool missing = code == SQLITE_ERROR && why.starts_with("no such ");
    if (missing) throw error(status::corrupt, owner.label() + " is damaged: " + why);
    fail(code, "cannot prepare '" + std::string(sql) + "'");
  }
}

sqlite_statement::~sqlite_statement() {
  owner_->keep_idle(handle_);
}

void sqlite_statement::fail(int code, std::string_view doing) const {
  fail_sqlite(owner_->handle(), code, owner_->label(), doing);
}

void sqlite_statement::bind(int index, std::int64_t value) {
  const int code = sqlite3_bind_int64(handle_, index, value);
  if (code != SQLITE_OK) fail(code, "cannot bind a number");
}

void sqlite_statement::bind(int index, double value) {
  const int code = sqlite3_bind_double(handle_, index, value);
  if (code != SQLITE_OK) fail(code, "cannot bind a number");
}

void sqlite_statement::bind(int index, std::string_view value) {
  const char* first = value.data() == nullptr ? "" : value.data();  // NULL would bind SQL NULL
  const int code =
      sqlite3_bind_text64(handle_, index, first, value.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) fail(code, "cannot bind a text");
}

void sqlite_statement::bind_null(int index) {
  const int code = sqlite3_bind_null(handle_, index);
  if (code != SQLITE_OK) fail(code, "cannot bind an absent value");
}

bool sqlite_statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail(code, "cannot read or write");
}

void sqlite_statement::run() {
  while (step()) {
  }
  reset();
}

void sqlite_statement::reset() {
  sqlite3_reset(handle_);
}

void sqlite_statement::queue() {
  outcome o;
  while (step()) {
    if (o.rows++ == 0 && sqlite3_column_type(handle_, 0) == SQLITE_INTEGER) {
      o.value = sqlite3_column_int64(handle_, 0);
    }
  }
  if (sqlite3_column_count(handle_) == 0) o.rows = sqlite3_changes64(owner_->handle());
  reset();
  outcomes_.push_back(o);
}

storage_statement::outcome sqlite_statement::next_outcome() {
  assert(next_outcome_ < outcomes_.size());
  const outcome o = outcomes_[next_outcome_++];
  if (next_outcome_ == outcomes_.size()) {
    outcomes_.clear();
    next_outcome_ = 0;
  }
  return o;
}

bool sqlite_statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

void sqlite_statement::expect(int column, int storage_class) const {
  const int found = sqlite3_column_type(handle_, column);
  if (found == storage_class) return;
  throw error(status::corrupt,
              owner_->label() + " is damaged: column '" + sqlite3_column_name(handle_, column) +
                  "' holds a value of the wrong kind",
              std::string(hint_for(status::corrupt)));
}

std::int64_t sqlite_statement::integer(int column) const {
  expect(column, SQLITE_INTEGER);
  return sqlite3_column_int64(handle_, column);
}

double sqlite_statement::number(int column) const {
  expect(column, SQLITE_FLOAT);
  return sqlite3_column_double(handle_, column);
}

std::string_view sqlite_statement::text(int column) const {
  expect(column, SQLITE_TEXT);
  const auto* first = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (first == nullptr) fail(SQLITE_NOMEM, "cannot read a text");
  return {first, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

// ---- connection

constexpr std::size_t most_idle = 48;

sqlite_connection::sqlite_connection(const std::string& file, int flags, std::string label)
    : label_(std::move(label)) {
  idle_.reserve(most_idle);
  int code = sqlite3_open_v2(file.c_str(), &handle_, flags | SQLITE_OPEN_EXRESCODE, nullptr);
  if (code == SQLITE_OK) code = sqlite3_prepare_v2(handle_, "COMMIT", -1, &commit_, nullptr);
  if (code == SQLITE_OK) code = sqlite3_prepare_v2(handle_, "ROLLBACK", -1, &rollback_, nullptr);
  if (code == SQLITE_OK) return;
  try {
    fail_sqlite(handle_, code, label_, "cannot open it");
  } catch (...) {
    sqlite3_finalize(commit_);
    sqlite3_close(handle_);
    throw;
  }
}

sqlite_connection::~sqlite_connection() {
  finalize_idle();
  sqlite3_finalize(commit_);
  sqlite3_finalize(rollback_);
  sqlite3_close_v2(handle_);
}

sqlite3_stmt* sqlite_connection::take_idle(std::string_view sql) noexcept {
  const auto found =
      std::ranges::find_if(idle_, [sql](sqlite3_stmt* s) { return sql == sqlite3_sql(s); });
  if (found == idle_.end()) return nullptr;
  sqlite3_stmt* const taken = *found;
  idle_.erase(found);
  return taken;
}

// One whose last step failed is not used again; the one that nobody has asked for longest makes
// room.
void sqlite_connection::keep_idle(sqlite3_stmt* done) noexcept {
  if (done == nullptr || sqlite3_reset(done) != SQLITE_OK) {
    sqlite3_finalize(done);
    return;
  }
  sqlite3_clear_bindings(done);  // their texts are gone
  if (idle_.size() == most_idle) {
    sqlite3_finalize(idle_.front());
    idle_.erase(idle_.begin());
  }
  idle_.push_back(done);
}

void sqlite_connection::finalize_idle() noexcept {
  for (sqlite3_stmt* s : idle_) sqlite3_finalize(s);
  idle_.clear();
}

std::unique_ptr<storage_statement> sqlite_connection::prepare(std::string_view sql) {
  return std::make_unique<sqlite_statement>(*this, sql);
}

void sqlite_connection::execute(const std::string& sql) {
  settle();
  errno = 0;  // fail_sqlite may look at it
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    fail_sqlite(handle_, code, label_, "cannot run '" + sql.substr(0, 60) + "'");
  }
}

std::int64_t sqlite_connection::changes() {
  return sqlite3_changes64(handle_);
}

std::int64_t sqlite_connection::count_tables(const std::string& name) {
  sqlite_statement s(
      *this, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND ?1 IN ('', name)");
  s.bind(1, std::string_view(name));
  s.step();
  return s.integer(0);
}

void sqlite_connection::begin(purpose what) {
  execute(what == purpose::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

void sqlite_connection::commit() {
  errno = 0;  // fail_sqlite may look at it
  const int code = sqlite3_step(commit_);
  try {
    if (code != SQLITE_DONE) fail_sqlite(handle_, code, label_, "cannot run 'COMMIT'");
  } catch (...) {
    sqlite3_reset(commit_);
    throw;
  }
  sqlite3_reset(commit_);
}

void sqlite_connection::settle() {
  if (!rollback_is_due_) return;
  rollback();
  if (rollback_is_due_) throw error(status::no_memory, label_ + ": out of memory");
}

void sqlite_connection::rollback() noexcept {
  rollback_is_due_ = false;
  // A full disk or an I/O error may have rolled it back already.
  if (sqlite3_get_autocommit(handle_) != 0) return;
  sqlite3_step(rollback_);
  sqlite3_reset(rollback_);
  rollback_is_due_ = sqlite3_get_autocommit(handle_) == 0;
}

}  // namespace clv::store

#include "store/sqlite.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <limits>
#include <system_error>

namespace clv::store {
namespace {

std::string_view hint_for(status code) {
  switch (code) {
    case status::busy:
      return "another program is using the store; try again when it has finished";
    case status::corrupt:
      return "restore the store from a backup, or import the transactions into a new file";
    case status::io:
      return "check the disk's free space and the permissions of the file and its folder";
    default:
      return "";
  }
}

}  // namespace

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
    case SQLITE_IOERR:
    case SQLITE_FULL:
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
    default:
      return status::internal;
  }
}

// ---- statement

statement::statement(connection& owner, std::string_view sql) : owner_(&owner) {
  const int code = sqlite3_prepare_v2(
      owner.handle(), sql.data(), static_cast<int>(sql.size()), &handle_, nullptr);
  if (code != SQLITE_OK) {
    // A table that ought to be there and is not: the file was damaged or changed by hand.
    const std::string why = sqlite3_errmsg(owner.handle());
    const bool missing = code == SQLITE_ERROR && why.starts_with("no such ");
    if (missing) throw error(status::corrupt, owner.label() + " is damaged: " + why);
    owner.fail(code, "cannot prepare '" + std::string(sql) + "'");
  }
}

statement& statement::operator=(statement&& other) noexcept {
  std::swap(owner_, other.owner_);
  std::swap(handle_, other.handle_);
  return *this;
}

statement::~statement() {
  sqlite3_finalize(handle_);  // repeats the last step's code, already reported
}

statement& statement::bind(int index, std::int64_t value) {
  const int code = sqlite3_bind_int64(handle_, index, value);
  if (code != SQLITE_OK) owner_->fail(code, "cannot bind a number");
  return *this;
}

statement& statement::bind(int index, double value) {
  const int code = sqlite3_bind_double(handle_, index, value);
  if (code != SQLITE_OK) owner_->fail(code, "cannot bind a number");
  return *this;
}

statement& statement::bind(int index, std::string_view value) {
  const char* first = value.data() == nullptr ? "" : value.data();  // NULL would bind SQL NULL
  const int code =
      sqlite3_bind_text64(handle_, index, first, value.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) owner_->fail(code, "cannot bind a text");
  return *this;
}

statement& statement::bind_null(int index) {
  const int code = sqlite3_bind_null(handle_, index);
  if (code != SQLITE_OK) owner_->fail(code, "cannot bind an absent value");
  return *this;
}

bool statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  owner_->fail(code, "cannot read or write");
}

void statement::run() {
  while (step()) {
  }
  reset();
}

void statement::reset() {
  sqlite3_reset(handle_);
}

bool statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

void statement::expect(int column, int storage_class) const {
  const int found = sqlite3_column_type(handle_, column);
  if (found == storage_class) return;
  throw error(status::corrupt,
              owner_->label() + " is damaged: column '" + sqlite3_column_name(handle_, column) +
                  "' holds a value of the wrong kind",
              std::string(hint_for(status::corrupt)));
}

std::int64_t statement::integer(int column) const {
  expect(column, SQLITE_INTEGER);
  return sqlite3_column_int64(handle_, column);
}

double statement::number(int column) const {
  expect(column, SQLITE_FLOAT);
  return sqlite3_column_double(handle_, column);
}

std::string_view statement::text(int column) const {
  expect(column, SQLITE_TEXT);
  const auto* first = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (first == nullptr) owner_->fail(SQLITE_NOMEM, "cannot read a text");
  return {first, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

// ---- connection

connection::connection(const std::string& file, int flags, std::string label)
    : label_(std::move(label)) {
  const int code = sqlite3_open_v2(file.c_str(), &handle_, flags | SQLITE_OPEN_EXRESCODE, nullptr);
  if (code == SQLITE_OK) return;
  try {
    fail(code, "cannot open it");
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

connection::~connection() {
  sqlite3_close_v2(handle_);
}

bool connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

std::int64_t connection::changes() const {
  return sqlite3_changes64(handle_);
}

std::int64_t connection::last_row_id() const {
  return sqlite3_last_insert_rowid(handle_);
}

void connection::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, "cannot run '" + sql.substr(0, 60) + "'");
}

std::int64_t connection::integer(std::string_view sql) {
  statement s(*this, sql);
  if (!s.step()) fail(SQLITE_CORRUPT, "no row for '" + std::string(sql) + "'");
  return s.integer(0);
}

std::string connection::text(std::string_view sql) {
  statement s(*this, sql);
  if (!s.step()) fail(SQLITE_CORRUPT, "no row for '" + std::string(sql) + "'");
  return std::string(s.text(0));
}

void connection::fail(int code, std::string_view doing) const {
  if (code == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) {
    throw error(status::no_memory, label_ + ": out of memory");
  }
  std::string message = label_ + ": " + std::string(doing) + ": ";
  message += handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  const int system = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
  const status what = status_of(code);
  if (what == status::io && system != 0) {
    message += " (" + std::generic_category().message(system) + ")";
  }
  throw error(what, message, std::string(hint_for(what)));
}

// ---- transaction

transaction::transaction(connection& owner, purpose what) : owner_(&owner) {
  owner.execute(what == purpose::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

transaction::~transaction() {
  // A full disk or an I/O error may have rolled it back already.
  if (open_ && owner_->in_transaction()) {
    sqlite3_exec(owner_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void transaction::commit() {
  owner_->execute("COMMIT");
  open_ = false;
}

}  // namespace clv::store

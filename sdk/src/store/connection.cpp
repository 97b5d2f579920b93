#include "store/connection.hpp"

#include <sqlite3.h>

#include "store/sqlite.hpp"

namespace clv::store {

// ---- statement

statement::statement(connection& owner, std::string_view sql) : rep_(owner.rep().prepare(sql)) {}

// ---- connection

connection::connection(const std::string& file, int flags, std::string label)
    : label_(std::move(label)) {
  auto opened = std::make_unique<sqlite_connection>(file, flags, label_);
  sqlite_ = opened->handle();
  rep_ = std::move(opened);
}

connection::connection(storage::opened other)
    : label_(std::move(other.label)), rep_(std::move(other.connection)) {}

connection::~connection() = default;

std::int64_t connection::last_row_id() const {
  return sqlite3_last_insert_rowid(sqlite_);
}

void connection::execute(const std::string& sql) {
  rep_->execute(sql);
}

std::int64_t connection::integer(std::string_view sql) {
  statement s(*this, sql);
  if (!s.step()) fail_without_row(sql);
  return s.integer(0);
}

std::string connection::text(std::string_view sql) {
  statement s(*this, sql);
  if (!s.step()) fail_without_row(sql);
  return std::string(s.text(0));
}

void connection::fail(int sqlite_code, std::string_view doing) const {
  fail_sqlite(sqlite_, sqlite_code, label_, doing);
}

void connection::fail_without_row(std::string_view sql) const {
  throw error(status::corrupt,
              label_ + " is damaged: no row for '" + std::string(sql) + "'",
              std::string(hint_for(status::corrupt)));
}

// ---- transaction

transaction::transaction(connection& owner, purpose what) : owner_(&owner) {
  owner.rep().begin(what);
}

transaction::~transaction() {
  if (open_) owner_->rep().rollback();
}

void transaction::commit() {
  owner_->rep().commit();
  open_ = false;
}

}  // namespace clv::store

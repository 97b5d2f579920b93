// What the rest of the store speaks SQL through, whatever database is behind it: connection,
// statement, transaction. Every failure is a clv::error that names the store. [one]
//
// The SQL is SQLite's, in the part of it that storages translate (abi/include/clv_storage.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "clv/error.hpp"
#include "clv/storage.hpp"

struct sqlite3;

namespace clv::store {

class connection;

// A prepared statement. Bound text is not copied: it must live until the next reset() or step to
// the end. Parameters count from 1, columns from 0, as in SQLite.
class statement {
 public:
  statement() = default;
  statement(connection& owner, std::string_view sql);

  statement& bind(int index, std::int64_t value) {
    rep_->bind(index, value);
    return *this;
  }
  statement& bind(int index, double value) {
    rep_->bind(index, value);
    return *this;
  }
  statement& bind(int index, std::string_view value) {
    rep_->bind(index, value);
    return *this;
  }
  statement& bind_null(int index) {
    rep_->bind_null(index);
    return *this;
  }

  bool step() { return rep_->step(); }  // true: a row is there; false: done
  void run() { rep_->run(); }           // to the end, ready for the next values
  void reset() { rep_->reset(); }
  // Many runs whose outcome is asked later, once for each and in their order.
  void queue() { rep_->queue(); }
  storage_statement::outcome next_outcome() { return rep_->next_outcome(); }

  bool is_null(int column) const { return rep_->is_null(column); }
  // The value of that storage class; any other class is error{corrupt}: STRICT tables hold none.
  std::int64_t integer(int column) const { return rep_->integer(column); }
  double number(int column) const { return rep_->number(column); }
  // Valid until the next step or reset.
  std::string_view text(int column) const { return rep_->text(column); }

 private:
  std::unique_ptr<storage_statement> rep_;
};

class connection {
 public:
  // A SQLite file. `label` names the store in messages. Flags are those of sqlite3_open_v2.
  connection(const std::string& file, int flags, std::string label);
  // Another storage's.
  explicit connection(storage::opened other);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  const std::string& label() const { return label_; }
  // SQLite's own, for what only it offers; nullptr: another storage.
  sqlite3* handle() const { return sqlite_; }
  storage_connection& rep() { return *rep_; }
  // The number that the last row added got, of SQLite alone: others tell it by RETURNING, for which
  // SQLite would make a table each time.
  std::int64_t last_row_id() const;
  std::int64_t changes() { return rep_->changes(); }  // rows changed by the last statement

  void execute(const std::string& sql);        // one or more statements without rows
  std::int64_t integer(std::string_view sql);  // first column of the first row
  std::string text(std::string_view sql);      // the same, as text
  [[noreturn]] void fail(int sqlite_code, std::string_view doing) const;

 private:
  [[noreturn]] void fail_without_row(std::string_view sql) const;

  std::string label_;
  sqlite3* sqlite_ = nullptr;  // of rep_
  std::unique_ptr<storage_connection> rep_;
};

// Rolled back unless committed. write: begun as the one writer's at once (in SQLite a read
// transaction that wants to write later is refused, whatever the timeout). A read-only one is a
// snapshot for several statements.
class transaction {
 public:
  using purpose = storage_connection::purpose;
  explicit transaction(connection& owner, purpose what = purpose::write);
  ~transaction();
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  void commit();

 private:
  connection* owner_;
  bool open_ = true;
};

}  // namespace clv::store

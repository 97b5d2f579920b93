// SQLite's C interface behind three small owners: connection, statement, transaction. Every failure
// is a clv::error that names the store and keeps SQLite's (or the system's) words. [one]
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "clv/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace clv::store {

class connection;

// A prepared statement. Bound text is not copied: it must live until the next reset() or step to
// the end. Parameters count from 1, columns from 0, as in SQLite.
class statement {
 public:
  statement() = default;
  statement(connection& owner, std::string_view sql);
  statement(statement&& other) noexcept
      : owner_(other.owner_), handle_(std::exchange(other.handle_, nullptr)) {}
  statement& operator=(statement&& other) noexcept;
  ~statement();

  statement& bind(int index, std::int64_t value);
  statement& bind(int index, double value);
  statement& bind(int index, std::string_view value);
  statement& bind_null(int index);

  bool step();  // true: a row is there; false: done
  void run();   // for statements without rows: to the end, ready for the next values
  void reset();

  bool is_null(int column) const;
  // The value of that storage class; any other class is error{corrupt}: STRICT tables hold none.
  std::int64_t integer(int column) const;
  double number(int column) const;
  std::string_view text(int column) const;  // valid until the next step or reset

 private:
  void expect(int column, int storage_class) const;

  connection* owner_ = nullptr;
  sqlite3_stmt* handle_ = nullptr;
};

class connection {
 public:
  // `label` names the store in messages. Flags are those of sqlite3_open_v2.
  connection(const std::string& file, int flags, std::string label);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  const std::string& label() const { return label_; }
  sqlite3* handle() const { return handle_; }
  bool in_transaction() const;
  std::int64_t changes() const;      // rows changed by the last statement
  std::int64_t last_row_id() const;  // of the last row added

  void execute(const std::string& sql);        // one or more statements without rows
  std::int64_t integer(std::string_view sql);  // first column of the first row
  std::string text(std::string_view sql);      // the same, as text
  [[noreturn]] void fail(int code, std::string_view doing) const;

 private:
  sqlite3* handle_ = nullptr;
  std::string label_;
};

// BEGIN IMMEDIATE (a read transaction that wants to write later is refused at once, whatever the
// timeout), rolled back unless committed. A read-only one is a snapshot for several statements.
class transaction {
 public:
  enum class purpose { write, read };
  explicit transaction(connection& owner, purpose what = purpose::write);
  ~transaction();
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  void commit();

 private:
  connection* owner_;
  bool open_ = true;
};

// SQLite's result code as a libclv status: busy, io, corrupt, no_memory, limit, else internal.
status status_of(int sqlite_code);

}  // namespace clv::store

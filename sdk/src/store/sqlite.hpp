// SQLite behind the interface of storage.hpp, and what only SQLite offers. [one]
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace clv::store {

class sqlite_connection;

class sqlite_statement final : public storage_statement {
 public:
  sqlite_statement(sqlite_connection& owner, std::string_view sql);
  ~sqlite_statement() override;
  sqlite_statement(const sqlite_statement&) = delete;
  sqlite_statement& operator=(const sqlite_statement&) = delete;

  void bind(int index, std::int64_t value) override;
  void bind(int index, double value) override;
  void bind(int index, std::string_view value) override;
  void bind_null(int index) override;
  bool step() override;
  void run() override;
  void reset() override;
  void queue() override;
  outcome next_outcome() override;
  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  double number(int column) const override;
  std::string_view text(int column) const override;

 private:
  void expect(int column, int storage_class) const;
  [[noreturn]] void fail(int code, std::string_view doing) const;

  sqlite_connection* owner_;
  sqlite3_stmt* handle_ = nullptr;
  std::vector<outcome> outcomes_;
  std::size_t next_outcome_ = 0;
};

class sqlite_connection final : public storage_connection {
 public:
  // `label` names the store in messages. Flags are those of sqlite3_open_v2.
  sqlite_connection(const std::string& file, int flags, std::string label);
  ~sqlite_connection() override;
  sqlite_connection(const sqlite_connection&) = delete;
  sqlite_connection& operator=(const sqlite_connection&) = delete;

  sqlite3* handle() const { return handle_; }
  const std::string& label() const { return label_; }

  std::unique_ptr<storage_statement> prepare(std::string_view sql) override;
  void execute(const std::string& sql) override;
  std::int64_t changes() override;
  std::int64_t count_tables(const std::string& name) override;
  void begin(purpose what) override;
  void commit() override;
  void rollback() noexcept override;

  // A statement of that text which nobody uses now, or nullptr; and back when it is done with.
  // Preparing one anew costs as much as running it several times, which is most of what a small
  // batch would cost.
  sqlite3_stmt* take_idle(std::string_view sql) noexcept;
  void keep_idle(sqlite3_stmt* done) noexcept;
  // Rolls back what could not be rolled back when it should have been, lest anybody reads it.
  // Throws error{no_memory} where it still cannot.
  void settle();

 private:
  void finalize_idle() noexcept;

  sqlite3* handle_ = nullptr;
  // Prepared while there is memory for it, and yet SQLite prepares them anew where the schema has
  // changed: rolling back may fail when memory is out, and is then done before anything else is.
  sqlite3_stmt* commit_ = nullptr;
  sqlite3_stmt* rollback_ = nullptr;
  bool rollback_is_due_ = false;
  std::string label_;
  std::vector<sqlite3_stmt*> idle_;  // few: they are looked through one by one
};

// SQLite's result code as a libclv status: busy, io, full, corrupt, no_memory, limit, cancelled (it
// was interrupted), else internal.
status status_of(int sqlite_code);
status status_of_system(int system);     // the same of an errno: full, exists, no_memory, else io
std::string_view hint_for(status code);  // what a user can do about it
// Throws the error of that code with SQLite's (or the system's) words. `of` may be nullptr.
[[noreturn]] void fail_sqlite(sqlite3* of,
                              int code,
                              const std::string& label,
                              std::string_view doing);

}  // namespace clv::store

// Where an engine keeps its tables: what a database must offer. SQLite is built in
// (store/sqlite.hpp); the table clv_storage of the C ABI is another way to supply one, and says
// which SQL is sent.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace clv {

// Every failure is a clv::error whose message names the store; io: the connection may be lost and
// nothing is half done. After a failed statement its transaction can only be rolled back, as a
// whole or to a savepoint: a database may refuse everything else. [one]

// A prepared statement. Parameters count from 1, columns from 0. A bound text is the caller's and
// lives until the next reset() or step() to the end.
class storage_statement {
 public:
  virtual ~storage_statement() = default;
  virtual void bind(int index, std::int64_t value) = 0;
  virtual void bind(int index, double value) = 0;
  virtual void bind(int index, std::string_view value) = 0;
  virtual void bind_null(int index) = 0;

  virtual bool step() = 0;  // true: a row is there; false: done
  // To the end, without looking at rows. A database may do it later, in order with everything
  // else, and then tells a failure by the statement that waits for it or by the commit.
  virtual void run() = 0;
  virtual void reset() = 0;

  struct outcome {
    std::int64_t rows = 0;   // changed or found
    std::int64_t value = 0;  // first column of the first row, when there is one: an integer
  };
  // As run(), but what became of it is asked later: next_outcome() once for each queue(), in that
  // order, before the statement is used otherwise.
  virtual void queue() = 0;
  virtual outcome next_outcome() = 0;

  virtual bool is_null(int column) const = 0;
  // error{corrupt} where the column holds another kind of value.
  virtual std::int64_t integer(int column) const = 0;
  virtual double number(int column) const = 0;
  virtual std::string_view text(int column) const = 0;  // valid until the next step or reset
};

// One connection. Its statements must be gone before it.
class storage_connection {
 public:
  virtual ~storage_connection() = default;
  virtual std::unique_ptr<storage_statement> prepare(std::string_view sql) = 0;
  virtual void execute(const std::string& sql) = 0;  // one or more statements without rows
  // Rows changed by the last run() or step() to the end.
  virtual std::int64_t changes() = 0;
  // How many tables the store has, of that name or (name empty) in all.
  virtual std::int64_t count_tables(const std::string& name) = 0;

  enum class purpose { write, read };
  // write: the one writer's transaction. read: a snapshot for several statements.
  virtual void begin(purpose what) = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;  // nothing happens outside a transaction
};

// A database that is not a SQLite file. [any]
class storage {
 public:
  struct opened {
    std::unique_ptr<storage_connection> connection;
    std::string label;  // what messages call the store: "store 'crm'"
  };
  virtual ~storage() = default;
  // Throws error{io}: cannot be reached; error{busy}: to write, and another engine does already.
  virtual opened open(const std::string& name, bool read_only) = 0;
};

}  // namespace clv

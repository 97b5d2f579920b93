// One statement: values to bind, rows to read.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "session.hpp"

namespace clv::postgres {

class statement {
 public:
  // Throws failure{internal} when the text is not exactly one statement.
  statement(session& owner, std::string_view sql);
  ~statement();
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;

  session& owner() const { return *owner_; }

  void bind(int index, std::int64_t value);
  void bind(int index, double value);
  void bind(int index, std::string_view value);  // throws failure{data}: it has a NUL byte
  void bind_null(int index);

  bool step();
  void reset() noexcept;
  void run();
  void queue();
  struct outcome {
    std::int64_t rows = 0, value = 0;
  };
  outcome next_outcome();

  // Of the row that step() is at; a type of clv_storage.
  std::int32_t type(int column) const;
  std::int64_t integer(int column) const;
  double number(int column) const;
  std::string_view text(int column) const;

  // ---- for the session
  void keep_rest();  // of the rows that the connection is in the middle of
  void answered(PGresult* answer, std::int64_t rows);

 private:
  struct cell {
    std::int32_t type = 0;
    const char* data = nullptr;
    std::size_t size = 0;
  };
  // A row that waits, as the cells' bytes one after the other; size -1: NULL.
  struct kept_row {
    std::string bytes;
    std::vector<int> sizes;
  };

  void set(int index, Oid type, const char* value, std::size_t size);
  void prepare();
  void keep(PGresult* row);
  void take_types(PGresult* row);
  cell cell_at(int column) const;

  session* owner_;
  std::string sql_, name_;
  std::int64_t generation_ = -1;
  bool types_changed_ = true;
  session::parameters given_;
  std::deque<std::array<char, 8>> numbers_;  // binary values; a deque's items do not move
  enum class state { ready, streaming, kept, ended } state_ = state::ready;
  std::unique_ptr<PGresult, decltype(&PQclear)> row_{nullptr, &PQclear};
  std::vector<Oid> column_types_;
  std::deque<kept_row> kept_;  // in state kept: the present row first
  std::deque<outcome> outcomes_;
  std::int64_t asked_ = 0;  // outcomes that have not come yet
};

}  // namespace clv::postgres

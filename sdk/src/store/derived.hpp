// Results of verbs as real tables of the store: one STRICT SQL table each, with the dictionary's
// column names, so that a person can query them; absent values, units and doubles keep every bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "data/row_range.hpp"
#include "math/hash.hpp"
#include "store/sqlite.hpp"

namespace clv::store {

// A checksum over a table's values in row order, fed block by block: SQLite checks the structure of
// its pages, not whether a number on them is still the one that was written.
class content_checksum {
 public:
  void add(const std::deque<column>& columns, std::size_t first, std::size_t last);
  std::string hex() const { return builder_.hex(); }

 private:
  math::fingerprint_builder builder_;
  std::string scratch_;
};

// A double of a stored table, by row_id (from 1) and position among the columns (from 0).
struct place {
  std::int64_t row_id, position;
};

// Replaces one table inside the caller's write transaction, in blocks of rows.
class table_writer {
 public:
  // The table must outlive the writer. Its name is one of the dictionary's or "parameters".
  table_writer(connection& db, std::string name, const table& rows, std::int64_t run);
  // Writes up to `rows` more rows; how much is done, in [0, 1]; 1: everything is there.
  // Throws error{numeric} for a value that is not finite, naming row and column.
  double write(std::size_t rows);

 private:
  bool has_same_columns();
  void create(bool again);
  void write_row(std::size_t row);
  void write_number(std::size_t row, std::size_t position, double value);
  void note_negative_zeros();

  connection* db_;
  std::string name_;
  const table* rows_;
  statement insert_;
  content_checksum checksum_;
  std::vector<place> negative_zeros_;  // SQLite stores -0.0 as 0
  std::size_t next_ = 0;
};

class table_reader {
 public:
  // Throws error{state} when no such table is stored. The checksum is that of all rows: of some it
  // is not compared.
  table_reader(connection& db, std::string name, row_range which = {});
  double read(std::size_t rows);  // as table_writer::write; error{corrupt} when damaged
  std::shared_ptr<const table> take() { return rows_; }

 private:
  void find_columns();
  void read_row();
  void finish();
  void find_negative_zeros();
  void restore_negative_zeros(std::size_t rows);
  [[noreturn]] void fail_damaged(const std::string& why) const;

  connection* db_;
  std::string name_;
  row_range which_;
  std::string fingerprint_, expected_checksum_;
  std::int64_t expected_rows_ = 0;
  std::shared_ptr<table> rows_ = std::make_shared<table>();
  statement select_;
  content_checksum checksum_;
  std::vector<place> negative_zeros_;
  std::size_t next_zero_ = 0;
};

// A column's type in words, as the store keeps it, and back; error{corrupt} for another word.
std::string_view stored_type(type kind);
type type_named(std::string_view stored);

bool is_stored(connection& db, std::string_view name);
std::int64_t rows_stored(connection& db, std::string_view name);  // 0: no such table

}  // namespace clv::store

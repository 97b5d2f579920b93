// One row of facts between the file and the columns of a table: the same walk over the schema's
// fields for reading, writing, hashing and comparing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "store/fact_tables.hpp"
#include "store/sqlite.hpp"

namespace clv::store {

// The columns of a table in the order of the schema's fields; those it does not have are looked for
// in `beside`, a table with as many rows, or absent. The tables must outlive the object. [one]
class fact_rows {
 public:
  fact_rows(const fact_table& what, const table& rows, const table* beside = nullptr);

  const fact_table& what() const { return *what_; }
  std::span<const field> fields() const { return fields_; }
  bool has_column(std::size_t f) const { return columns_[f] != nullptr; }
  // An empty text of an optional field counts as absent, in the file too.
  bool present(std::size_t f, std::size_t row) const;
  std::string_view text(std::size_t f, std::size_t row) const { return columns_[f]->text(row); }

  // Binds field f of the row as parameter `index`; not for fields that name a customer.
  void bind(statement& s, int index, std::size_t f, std::size_t row) const;
  // The hash of the row's content, which internal numbers and the order of recording are no part
  // of.
  std::uint64_t hash(std::size_t row, std::string_view source, std::string& scratch) const;
  std::string value_text(std::size_t f, std::size_t row) const;  // for a message

 private:
  const fact_table* what_;
  std::span<const field> fields_;
  std::vector<const column*> columns_;
};

// Appends a value, present or not, to a column of the same type.
void push_value(const column& from, std::size_t row, column& to);

// An empty table with every column of the schema.
table empty_facts(const fact_table& what, const std::string& currency);
// Appends the row that select_facts() is at to a table with every column of the schema.
void push_fact(const statement& s, const fact_table& what, table& to);

}  // namespace clv::store

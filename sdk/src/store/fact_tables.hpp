// Which schemas are recorded facts, and how each is kept. The columns are those of clv::schema; the
// SQL is steps 2 and 3 of the schema.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "clv/schema.hpp"
#include "store/sqlite.hpp"

namespace clv::store {

// happened: rows are only added, recognised by (source, event_id). current: one row per key, of
// which the last one counts. chained: in the order of decisions, written by decide alone.
enum class fact_kind { happened, current, chained };

struct fact_table {
  std::string_view name;  // of the schema and of the SQL table
  fact_kind kind;
  std::string_view key;  // of a current one: its columns
};
std::span<const fact_table> fact_tables();
const fact_table* find_fact_table(std::string_view name);  // nullptr: no such facts

// Columns that hold a customer: numbers in the file, ids outside.
constexpr bool names_a_customer(const field& f) {
  return f.name == "customer" || f.name == "referee" || f.name == "identity";
}

// How much is recorded. The checksum is a sum over the rows, as log_state's; currency is the one of
// all amounts of the table, "" while nothing has named one.
struct fact_state {
  std::int64_t rows = 0, last_seq = 0;
  std::uint64_t checksum = 0;
  std::string currency;
};
fact_state read_fact_state(connection& db, std::string_view name);  // all zero: nothing recorded
void write_fact_state(connection& db, std::string_view name, const fact_state& state);

bool has_customer(const fact_table& what);  // agents have none
std::string quoted(std::string_view name);  // as an SQL identifier
// "SELECT <the schema's columns> FROM ...", without an order; customers as their ids. After them
// content, and of what happened the source's name. all: every row, customer by customer in the
// order of their ids; some: what a condition over the alias t picks, by its indexes.
enum class fact_walk { all, some };
std::string select_facts(const fact_table& what, fact_walk walk);

}  // namespace clv::store

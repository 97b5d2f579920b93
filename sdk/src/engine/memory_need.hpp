// What a verb needs of memory, from the rows it will hold. It is asked before the verb begins: the
// same rows and limit always give the same answer, which what an allocator has free would not.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/core.hpp"

namespace clv::detail {

// Rows that a verb holds at once.
struct row_counts {
  std::int64_t transactions = 0;
  std::int64_t customers = 0;
  std::int64_t proposals = 0;
  std::int64_t rows = 0;  // of facts, of a report's tables, or given by the caller
};

// Bytes for that many rows, or 0 for a verb that holds few at a time.
std::int64_t memory_need(std::string_view verb, const row_counts& n);

// Throws error{limit} naming need, limit and remedy.
void require_memory(const core& c, std::string_view verb, const row_counts& n);

// Of rows that the caller gave.
inline void require_memory_for_rows(const core& c, std::string_view verb, std::int64_t rows) {
  require_memory(c, verb, {.rows = rows});
}

// Rows of the log and its customers; of a stored table or facts, 0 where there is none.
std::int64_t rows_of_log(core& c);
std::int64_t rows_of_customers(core& c);
std::int64_t rows_of_table(core& c, std::string_view name);

}  // namespace clv::detail

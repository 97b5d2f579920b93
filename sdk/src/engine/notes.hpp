// What several verbs tell in the same words.
#pragma once

#include <cstdint>
#include <string>

#include "clv/error.hpp"

namespace clv::detail {

// Rows of customers who were forgotten and came again.
inline void note_erased(std::int64_t rows, issues& notes) {
  if (rows == 0) return;
  notes.push_back({.code = status::data,
                   .level = log_level::warn,
                   .message = std::to_string(rows) +
                              " rows are of customers who were forgotten: they were not taken, "
                              "and count as duplicates",
                   .hint = "stop sending them"});
}

}  // namespace clv::detail

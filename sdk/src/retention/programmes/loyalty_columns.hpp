// Columns of loyalty reports beyond what report_rows reads: optional texts, whole points, money in
// minor units. Complaints name report, table, row, column and value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clv/table.hpp"
#include "data/report_tables.hpp"

namespace clv::retention {

// One input of a report, with the table itself beside the checked reader.
struct loyalty_input {
  loyalty_input(const table& of, std::string_view report, std::string_view name)
      : rows(of, report, name), raw(&of) {}
  report_rows rows;
  const table* raw;
};

// "" where the column or the value is missing.
std::vector<std::string> optional_texts(const loyalty_input& in, std::string_view name);

// Money of a column in minor units of `currency`; 0 where an `optional` column or value is missing.
// Refuses more decimals than the currency has, amounts beyond 1e12, and a column of another
// currency ("XXX" and "" are any).
std::vector<std::int64_t> minor_amounts(const loyalty_input& in,
                                        std::string_view name,
                                        std::string_view currency,
                                        bool optional);

// Whole numbers from 1 to 1e12.
std::vector<std::int64_t> whole_points(const loyalty_input& in, std::string_view name);

}  // namespace clv::retention

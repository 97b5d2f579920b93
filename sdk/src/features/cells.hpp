// Cells of columns whose type the caller chose: a CSV read without a schema has numbers and text
// only, a host has times and money too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "clv/table.hpp"
#include "clv/time.hpp"

namespace clv::features {

// A number from text, blanks around it ignored; nullopt when it is none or not finite.
std::optional<double> parse_number(std::string_view text);
std::string_view trimmed(std::string_view text);

// The cell as a number: money in major units of the column's currency (hundredths when it has
// none), text when it reads as one. nullopt: absent, blank, not finite or not a number.
std::optional<double> number_at(const column& c, std::size_t row);

// The cell as text, "" when absent or blank. Whole numbers are written without a point, so an id
// that was read as a number is found again ("17850"); leading zeros are lost by then.
std::string text_at(const column& c, std::size_t row);

// The cell as an instant, nullopt when absent or blank: time, text that parse_time takes (civil in
// `local`), or a number of the form yyyymmdd. Throws error{data} naming row, column and value
// otherwise.
std::optional<std::int64_t> time_at(const column& c, std::size_t row, const zone& local);

// The column of that name in `of` (an input of report `owner`), else error{invalid} naming both.
const column& need(const table& of,
                   std::string_view name,
                   std::string_view input,
                   std::string_view owner);

// error{data}: "row 3, column 'kind': <problem>".
[[noreturn]] void refuse_cell(const column& c,
                              std::size_t row,
                              const std::string& problem,
                              const std::string& hint);

}  // namespace clv::features

// Numbers and tables as text: exact for programs, readable for people. No locale anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// The shortest text that reads back to the same double (at most 17 significant digits); "" for NaN.
std::string exact(double value);
// `decimals` digits after the point and thousands apart: 12,345.60; "-" for NaN.
std::string rounded(double value, int decimals);
// Six decimals, or six significant digits where those would hide the number: 8.57000e-07.
std::string estimate(double value);
std::string grouped(std::int64_t value);  // 12,345
std::string percent(double share);        // .934 -> "93 %"; "-" for NaN

// Columns a terminal uses for UTF-8 text: 2 for East Asian wide characters, 0 for combining marks.
std::size_t display_width(std::string_view utf8);
// At most `width` columns, the end replaced by "…"; control characters become "?", because a
// customer's name must not move the cursor.
std::string fitted(std::string_view utf8, std::size_t width);

struct text_column {
  std::string header;
  std::size_t widest = 40;  // longer cells are cut
  bool right = false;       // numbers
};

// Aligned columns two spaces apart, header and a rule first. Every row has a cell per column. With
// a page width the last column gets what the others leave of it, on up to four lines.
std::string text_table(std::vector<text_column> columns,
                       const std::vector<std::vector<std::string>>& rows,
                       std::size_t page = 0);

// The text in lines of at most `width` columns, broken at blanks; the last of at most `most` lines
// ends with "…" when there is more.
std::vector<std::string> wrapped(std::string_view utf8, std::size_t width, std::size_t most);

}  // namespace cli

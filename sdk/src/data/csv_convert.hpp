// The text of one row's fields to typed values, and the reason when that cannot be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clv/csv.hpp"
#include "clv/time.hpp"
#include "data/csv_header.hpp"

namespace clv::data {

struct cell {
  bool present = false;
  double number = 0;
  std::int64_t integer = 0;
  std::string_view text;
  bool is_number = false;  // of an open plan: `number` is what the text says
};

struct rejection {
  std::string column;  // the file's own name for it; "" when the row as a whole is at fault
  std::string value;
  std::string reason;
};

// Converts rows of one file. Not thread-safe: it remembers the currency of the last row.
class row_converter {
 public:
  // Throws error{invalid} for an unknown currency or zone.
  explicit row_converter(const csv_options& options);
  void use(const column_plan& plan);

  // Fills cells() in the order of the plan's bindings; false: why() says what is wrong. In an open
  // plan nothing is: a cell is text, and a number where it can be one.
  bool convert(std::span<const std::string_view> fields);
  std::span<const cell> cells() const { return cells_; }
  const rejection& why() const { return why_; }
  void keep_currency();  // the row just converted was accepted
  // Currencies of the accepted rows, in order of appearance.
  const std::vector<std::string>& currencies_seen() const { return seen_; }

 private:
  void convert_open(std::span<const std::string_view> fields);
  bool choose_currency(std::span<const std::string_view> fields);
  bool convert_text(const binding& b, std::string_view text, cell& out);
  bool convert_number(const binding& b, std::string_view text, cell& out);
  bool convert_integer(const binding& b, std::string_view text, cell& out);
  bool convert_time(const binding& b, std::string_view text, cell& out);
  bool convert_money(const binding& b, std::string_view text, cell& out);
  bool signs_agree(std::span<const std::string_view> fields);  // of kind and amount
  bool reject(const binding& b, std::string_view value, std::string reason);

  zone zone_;
  std::string default_currency_;
  std::int64_t now_us_;
  const column_plan* plan_ = nullptr;
  const binding* currency_column_ = nullptr;
  std::string currency_;
  int exponent_ = 2;
  bool currency_kept_ = false;
  std::vector<cell> cells_;
  std::vector<std::string> seen_;
  rejection why_;
};

// At most 80 bytes of valid UTF-8 without control characters; other bytes are written as \xNN.
std::string printable(std::string_view value);

}  // namespace clv::data

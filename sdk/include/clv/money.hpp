// Money at rest: int64 minor units and an ISO 4217 code. Currencies are never summed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clv {

// Digits after the decimal point of an ISO 4217 code (EUR 2, JPY 0, KWD 3, "XXX" 2);
// nullopt when the code is unknown.
std::optional<int> currency_exponent(std::string_view code);
// 10^exponent as a double: minor units per major unit. Throws error{invalid} for unknown codes.
double minor_per_major(std::string_view code);

enum class money_error { none, not_a_number, too_many_decimals, out_of_range };
struct parsed_money {
  std::int64_t minor = 0;
  money_error error = money_error::none;
};
// Exact decimal text ("-12.5", "1200", "+0.00"; '.' only, no grouping) to minor units. Digits
// beyond the exponent are accepted only when they are zero: money is never rounded in silence.
parsed_money parse_money(std::string_view text, int exponent);
std::string format_money(std::int64_t minor, int exponent);

}  // namespace clv

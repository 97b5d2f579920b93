#include "clv/money.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "clv/error.hpp"

namespace clv {
namespace {

struct currency_row {
  std::string_view code;
  int exponent;
};

// ISO 4217 lists sorted by code, one group per number of digits after the point. Besides the active
// codes: those withdrawn since 2010, which older logs still hold (ANG BGN BYR CUC EEK HRK LTL LVL
// MRO SLL STD VEF ZMK ZWL). Metals, SDR and other units without minor units are left out, but for
// XXX, "no currency", which counts in hundredths here.
constexpr std::string_view no_digits =
    "BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
constexpr std::string_view three_digits = "BHD IQD JOD KWD LYD OMR TND ";
constexpr std::string_view four_digits = "CLF UYW ";
constexpr std::string_view two_digits =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EEK EGP ERN ETB EUR FJD "
    "FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD "
    "KZT LAK LBP LKR LRD LSL LTL LVL MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR MVR MWK MXN MXV MYR "
    "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD "
    "SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU "
    "UZS VED VEF VES WST XAD XCD XCG XXX YER ZAR ZMK ZMW ZWG ZWL ";

constexpr std::size_t width = 4;  // three letters and a space
constexpr std::size_t count =
    (no_digits.size() + two_digits.size() + three_digits.size() + four_digits.size()) / width;

constexpr std::array<currency_row, count> sorted_currencies() {
  std::array<currency_row, count> rows{};
  std::size_t filled = 0;
  const auto add = [&](std::string_view codes, int exponent) {
    for (std::size_t i = 0; i < codes.size(); i += width) {
      rows[filled++] = {codes.substr(i, 3), exponent};
    }
  };
  add(no_digits, 0);
  add(two_digits, 2);
  add(three_digits, 3);
  add(four_digits, 4);
  std::sort(rows.begin(), rows.end(), [](const currency_row& a, const currency_row& b) {
    return a.code < b.code;
  });
  return rows;
}

constexpr auto currencies = sorted_currencies();
static_assert(std::adjacent_find(currencies.begin(),
                                 currencies.end(),
                                 [](const currency_row& a, const currency_row& b) {
                                   return a.code >= b.code;
                                 }) == currencies.end(),
              "a code is listed twice");

// value * 10 + digit, or false when it no longer fits.
bool append_digit(std::int64_t& value, int digit) {
  return !__builtin_mul_overflow(value, std::int64_t{10}, &value) &&
         !__builtin_add_overflow(value, std::int64_t{digit}, &value);
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::optional<int> currency_exponent(std::string_view code) {
  const auto found = std::lower_bound(
      currencies.begin(), currencies.end(), code, [](const currency_row& row, std::string_view c) {
        return row.code < c;
      });
  if (found == currencies.end() || found->code != code) return std::nullopt;
  return found->exponent;
}

double minor_per_major(std::string_view code) {
  const std::optional<int> exponent = currency_exponent(code);
  if (!exponent) {
    throw error(status::invalid,
                "currency '" + std::string(code) + "' is not an ISO 4217 code",
                "use three capital letters such as EUR, or XXX for no currency");
  }
  constexpr std::array powers{1.0, 10.0, 100.0, 1000.0, 10000.0};
  return powers[static_cast<std::size_t>(*exponent)];
}

parsed_money parse_money(std::string_view text, int exponent) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;
  std::int64_t value = 0;
  int digits = 0;
  bool fits = true, exact = true;
  for (; at != end && is_digit(*at); ++at, ++digits) fits = fits && append_digit(value, *at - '0');
  int decimals = 0;
  if (at != end && *at == '.') {
    for (++at; at != end && is_digit(*at); ++at, ++digits) {
      if (decimals < exponent) {
        fits = fits && append_digit(value, *at - '0');
        ++decimals;
      } else if (*at != '0') {
        exact = false;
      }
    }
  }
  if (at != end || digits == 0) return {.error = money_error::not_a_number};
  if (!exact) return {.error = money_error::too_many_decimals};
  for (; decimals < exponent; ++decimals) fits = fits && append_digit(value, 0);
  if (!fits) return {.error = money_error::out_of_range};
  return {.minor = negative ? -value : value};
}

std::string format_money(std::int64_t minor, int exponent) {
  std::array<char, 24> buffer{};
  const std::uint64_t magnitude =
      minor < 0 ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude);
  std::string digits(buffer.data(), written.ptr);
  const auto places = static_cast<std::size_t>(exponent);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return minor < 0 ? "-" + digits : digits;
}

}  // namespace clv

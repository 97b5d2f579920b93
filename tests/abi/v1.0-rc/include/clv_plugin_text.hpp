// clv_plugin_text.hpp - part of clv_plugin.hpp: sentences, amounts and JSON in fixed buffers,
// without a locale and without memory from the heap.
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace clv::plugin {

// Minor units in one major unit of an ISO 4217 currency: 100, but 1 for yen and 1000 for dinar.
// An unknown code and none count in hundredths.
constexpr double minor_per_major(std::string_view currency) {
  const auto in = [&](std::string_view codes) {  // of three letters and a space each
    for (; codes.size() > 3; codes.remove_prefix(4)) {
      if (codes.substr(0, 3) == currency) return true;
    }
    return false;
  };
  constexpr std::string_view whole =
      "BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
  constexpr std::string_view thousandths = "BHD IQD JOD KWD LYD OMR TND ";
  constexpr std::string_view finest = "CLF UYW ";
  return in(whole) ? 1 : in(thousandths) ? 1000 : in(finest) ? 10000 : 100;
}

// The most minor units that a double holds exactly, and that a proposal may state.
inline constexpr double most_minor = 9007199254740992;

// Whole minor units in [0, 2^53]; what is below, and NaN, is 0.
inline std::int64_t minor_units(double minor) {
  if (!(minor > 0)) return 0;
  return minor < most_minor ? std::llround(minor) : static_cast<std::int64_t>(most_minor);
}

// Letters and truth values are no numbers.
template <typename T>
using if_number = std::enable_if_t<std::is_arithmetic_v<T> && !std::is_same_v<T, char> &&
                                   !std::is_same_v<T, bool>>;

struct money {
  double minor = 0;
  std::string_view currency;  // "" where it is not known
};
struct percent {
  double share = 0;
};

// Text in a fixed buffer. What does not fit is cut at the boundary of a character.
template <std::size_t Size>
class line {
 public:
  line& operator<<(std::string_view text) {
    std::size_t take = text.size() < Size - 1 - length_ ? text.size() : Size - 1 - length_;
    const auto inside = [&] { return (static_cast<unsigned char>(text[take]) & 0xC0U) == 0x80; };
    while (take > 0 && take < text.size() && inside()) --take;
    if (take > 0) std::memcpy(text_ + length_, text.data(), take);
    length_ += take;
    text_[length_] = '\0';
    return *this;
  }
  line& operator<<(const char* text) { return *this << std::string_view(text); }
  // A whole number, at most a quadrillion either way; "?" where it is not known.
  template <typename Number, typename = if_number<Number>>
  line& operator<<(Number number) {
    const auto value = static_cast<double>(number);
    if (std::isnan(value)) return *this << "?";
    char digits[24];
    const auto whole = static_cast<std::int64_t>(std::round(bounded(value)));
    const auto end = std::to_chars(digits, digits + sizeof digits, whole).ptr;
    return *this << std::string_view(digits, static_cast<std::size_t>(end - digits));
  }
  line& operator<<(percent p) { return *this << 100 * p.share << " %"; }
  // "EUR 1240", and below a hundred with its minor units: "EUR 12.50".
  line& operator<<(const money& m) {
    if (std::isnan(m.minor)) return *this << "an unknown amount";
    const double per_major = minor_per_major(m.currency);
    const double major = bounded(m.minor / per_major);
    if (!m.currency.empty()) *this << m.currency << " ";
    const auto minor = std::fabs(std::round(major * per_major));
    if (!(minor < 100 * per_major) || std::fmod(minor, per_major) == 0) return *this << major;
    *this << (major < 0 ? "-" : "") << std::floor(minor / per_major) << ".";
    double rest = std::fmod(minor, per_major);
    for (double digit = per_major / 10; digit >= 1; digit /= 10) {
      *this << std::floor(rest / digit);
      rest = std::fmod(rest, digit);
    }
    return *this;
  }

  const char* c_str() const { return text_; }
  std::string_view view() const { return {text_, length_}; }
  bool empty() const { return length_ == 0; }
  std::size_t room() const { return Size - 1 - length_; }

 private:
  static double bounded(double v) { return std::fmin(std::fmax(v, -1e15), 1e15); }
  char text_[Size] = {};
  std::size_t length_ = 0;
};

// One flat JSON object in a fixed buffer: the variables of a message. A member that does not fit,
// and a number that is not finite, is left out.
template <std::size_t Size>
class json_object {
 public:
  json_object& add(std::string_view key, std::string_view text) {
    line<Size> member;
    put(member, key);
    member << ": ";
    put(member, text);
    return take(member);
  }
  json_object& add(std::string_view key, const char* text) {
    return add(key, std::string_view(text));
  }
  template <typename Number, typename = if_number<Number>>
  json_object& add(std::string_view key, Number number) {
    const auto value = static_cast<double>(number);
    if (!std::isfinite(value)) return *this;
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    line<Size> member;
    put(member, key);
    member << ": " << std::string_view(digits, static_cast<std::size_t>(end - digits));
    return take(member);
  }
  const char* c_str() const { return body_.empty() ? nullptr : body_.c_str(); }

 private:
  static void put(line<Size>& to, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    to << "\"";
    for (const char& c : text) {
      const auto code = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        to << "\\" << std::string_view(&c, 1);
      } else if (code < 0x20) {
        to << "\\u00" << hex.substr(code / 16, 1) << hex.substr(code % 16, 1);
      } else {
        to << std::string_view(&c, 1);
      }
    }
    to << "\"";
  }
  // A full buffer may have lost its end, so only members with room to spare are taken.
  json_object& take(const line<Size>& member) {
    if (member.room() < 1 || member.view().size() + 3 > body_.room()) return *this;
    line<Size> longer;
    const std::string_view before = body_.view();
    if (before.empty()) {
      longer << "{";
    } else {
      longer << before.substr(0, before.size() - 1) << ", ";
    }
    longer << member.view() << "}";
    body_ = longer;
    return *this;
  }
  line<Size> body_;
};

}  // namespace clv::plugin

// Rules of a JSON Schema applied to a configuration. A word that does not concern the value's type
// holds, as draft 7 has it: "minimum" says nothing about a text.
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include "config_schema.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

namespace json = boost::json;
using complaint = std::optional<schema_complaint>;

// A whole number of JSON's as sign and size: the parser keeps those from 2^63 on apart.
struct whole_number {
  bool below_zero;
  std::uint64_t size;
};

std::optional<whole_number> whole(const json::value& v) {
  if (v.is_uint64()) return whole_number{false, v.get_uint64()};
  if (!v.is_int64()) return std::nullopt;
  const auto bits = static_cast<std::uint64_t>(v.get_int64());
  return v.get_int64() < 0 ? whole_number{true, ~bits + 1} : whole_number{false, bits};
}

template <typename Number>
int sign(Number a, Number b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

int order(const whole_number& a, const whole_number& b) {
  if (a.below_zero != b.below_zero) return a.below_zero ? -1 : 1;
  return a.below_zero ? sign(b.size, a.size) : sign(a.size, b.size);
}

// Not as two doubles: those cannot tell 2^53 from 2^53 + 1.
int order(const whole_number& a, double b) {
  constexpr double beyond = 0x1p64;
  if (std::isnan(b) || b >= beyond) return -1;
  if (b <= -beyond) return 1;
  const double down = std::floor(b);
  const whole_number floor{down < 0, static_cast<std::uint64_t>(std::abs(down))};
  const int side = order(a, floor);
  return side == 0 && b > down ? -1 : side;
}

// Below zero, zero or above as a is less than, equal to or more than b; whole numbers exactly.
int order(const json::value& a, const json::value& b) {
  const auto left = whole(a), right = whole(b);
  if (left && right) return order(*left, *right);
  if (left) return order(*left, b.to_number<double>());
  if (right) return -order(*right, a.to_number<double>());
  return sign(a.get_double(), b.get_double());
}

// 1 and 1.0 are one number.
bool equal(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) return order(a, b) == 0;
  if (a.is_array() && b.is_array()) {
    return std::ranges::equal(a.get_array(), b.get_array(), equal);
  }
  if (!a.is_object() || !b.is_object()) return a == b;
  return a.get_object().size() == b.get_object().size() &&
         std::ranges::all_of(a.get_object(), [&](const auto& pair) {
           const json::value* other = b.get_object().if_contains(pair.key());
           return other != nullptr && equal(pair.value(), *other);
         });
}

bool is_whole(const json::value& v) {
  if (!v.is_double()) return v.is_number();
  return std::isfinite(v.get_double()) && v.get_double() == std::floor(v.get_double());
}

bool has_type(const json::value& v, std::string_view name) {
  if (name == "string") return v.is_string();
  if (name == "boolean") return v.is_bool();
  if (name == "array") return v.is_array();
  if (name == "object") return v.is_object();
  if (name == "number") return v.is_number();
  if (name == "integer") return is_whole(v);
  return v.is_null();
}

// In characters, not bytes.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Of a whole number exactly. Else within the roundings of a division: .0075 is a multiple of .0001,
// though no double is.
bool is_multiple(const json::value& given, const json::value& bound) {
  const auto n = whole(given), step = whole(bound);
  if (n && step) return n->size % step->size == 0;
  const auto v = given.to_number<double>(), of = bound.to_number<double>();
  if (of == std::floor(of)) return std::fmod(v, of) == 0;
  const double times = v / of;
  if (!std::isfinite(times)) return false;
  return std::abs(times - std::nearbyint(times)) <= 1e-15 * std::abs(times);
}

std::string shown(const json::value& v) {
  return v.is_double() ? number_text(v.get_double())
                       : printable(std::string(json::serialize(v)), 200);
}

// One value that is looked at, and where it stands in the configuration.
struct place {
  const json::value& given;
  const std::string& path;
  std::string name() const { return path.empty() ? "it" : "'" + path + "'"; }
  std::string member(std::string_view key) const {
    return (path.empty() ? "" : path + ".") + printable(std::string(key), 64);
  }
  complaint breaks(std::string what) const { return schema_complaint{name(), std::move(what)}; }
};

complaint check(const json::value& schema, const json::value& given, const std::string& path);

bool fits(const json::value& schema, const json::value& given) {
  return !check(schema, given, "");
}

complaint check_type(const json::value& names, const place& at) {
  const auto is = [&](const json::value& n) { return has_type(at.given, n.get_string()); };
  if (names.is_string()) {
    return is(names) ? std::nullopt
                     : at.breaks("is not of type " + std::string(names.get_string()));
  }
  if (std::ranges::any_of(names.get_array(), is)) return std::nullopt;
  return at.breaks("is of none of the types " + json::serialize(names));
}

complaint check_number(std::string_view word, const json::value& bound, const place& at) {
  if (!at.given.is_number()) return std::nullopt;
  const int side = order(at.given, bound);
  const bool broken = word == "minimum"            ? side < 0
                      : word == "maximum"          ? side > 0
                      : word == "exclusiveMinimum" ? side <= 0
                      : word == "exclusiveMaximum" ? side >= 0
                                                   : !is_multiple(at.given, bound);
  if (!broken) return std::nullopt;
  return at.breaks("is " + shown(at.given) + ", its " + std::string(word) + " is " + shown(bound));
}

// minLength, maxItems, minProperties, ...: how many there are of what.
complaint check_count(std::string_view word, const json::value& bound, const place& at) {
  const json::value& v = at.given;
  const std::string_view of = word.substr(3);
  std::size_t count = 0;
  if (of == "Length" && v.is_string()) {
    count = length_of(v.get_string());
  } else if (of == "Items" && v.is_array()) {
    count = v.get_array().size();
  } else if (of == "Properties" && v.is_object()) {
    count = v.get_object().size();
  } else {
    return std::nullopt;
  }
  const auto n = static_cast<double>(count), limit = bound.to_number<double>();
  if (word.starts_with("min") ? n >= limit : n <= limit) return std::nullopt;
  const std::string_view unit = of == "Length"  ? " characters"
                                : of == "Items" ? " items"
                                                : " settings";
  return at.breaks("has " + number_text(n) + std::string(unit) + ", its " + std::string(word) +
                   " is " + number_text(limit));
}

complaint check_values(std::string_view word, const json::value& operand, const place& at) {
  const auto same = [&](const json::value& v) { return equal(v, at.given); };
  if (word == "const") {
    return same(operand) ? std::nullopt : at.breaks("is not " + shown(operand));
  }
  return std::ranges::any_of(operand.get_array(), same) ? std::nullopt
                                                        : at.breaks("is none of " + shown(operand));
}

complaint check_items(std::string_view word, const json::value& operand, const place& at) {
  if (!at.given.is_array()) return std::nullopt;
  const json::array& items = at.given.get_array();
  if (word == "contains") {
    const bool any =
        std::ranges::any_of(items, [&](const json::value& i) { return fits(operand, i); });
    return any ? std::nullopt : at.breaks("has no item of the kind that it must contain");
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string path = at.path + "[" + std::to_string(i) + "]";
    if (word == "items") {
      if (complaint found = check(operand, items[i], path)) return found;
    } else if (operand.get_bool()) {  // uniqueItems
      const auto before =
          std::ranges::subrange(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i));
      const bool twice =
          std::ranges::any_of(before, [&](const json::value& b) { return equal(b, items[i]); });
      if (twice) return place{items[i], path}.breaks("is there twice");
    }
  }
  return std::nullopt;
}

complaint check_required(const json::value& names, const place& at) {
  for (const json::value& name : names.get_array()) {
    if (at.given.get_object().contains(name.get_string())) continue;
    return schema_complaint{"'" + at.member(name.get_string()) + "'", "is required"};
  }
  return std::nullopt;
}

complaint check_more(const json::object& schema, const json::value& rule, const place& at) {
  const json::value* listed = schema.if_contains("properties");
  for (const auto& [key, value] : at.given.get_object()) {
    if (listed != nullptr && listed->get_object().contains(key)) continue;
    const std::string path = at.member(key);
    if (rule.is_bool() && !rule.get_bool()) {
      return schema_complaint{"'" + path + "'", "is not one of its settings"};
    }
    if (complaint found = check(rule, value, path)) return found;
  }
  return std::nullopt;
}

complaint check_members(std::string_view word,
                        const json::object& schema,
                        const json::value& operand,
                        const place& at) {
  if (!at.given.is_object()) return std::nullopt;
  const json::object& members = at.given.get_object();
  if (word == "required") return check_required(operand, at);
  if (word == "additionalProperties") return check_more(schema, operand, at);
  for (const auto& [key, value] : members) {
    const std::string path = at.member(key);
    complaint found;
    if (word == "propertyNames") {
      if (!fits(operand, json::value(key))) {
        found = schema_complaint{"'" + path + "'", "is no name that a setting may have"};
      }
    } else if (const json::value* rule = operand.get_object().if_contains(key)) {
      found = check(*rule, value, path);
    }
    if (found) return found;
  }
  return std::nullopt;
}

complaint check_alternatives(std::string_view word, const json::value& operand, const place& at) {
  if (word == "not") {
    return fits(operand, at.given) ? at.breaks("is what \"not\" excludes") : std::nullopt;
  }
  if (word == "allOf") {
    for (const json::value& s : operand.get_array()) {
      if (complaint found = check(s, at.given, at.path)) return found;
    }
    return std::nullopt;
  }
  const auto fitting = std::ranges::count_if(
      operand.get_array(), [&](const json::value& s) { return fits(s, at.given); });
  if (fitting == 1 || (word == "anyOf" && fitting > 1)) return std::nullopt;
  return at.breaks("fits " + std::to_string(fitting) + " of the schemas of \"" + std::string(word) +
                   "\"");
}

complaint check_if(const json::object& schema, const json::value& condition, const place& at) {
  const json::value* rule = schema.if_contains(fits(condition, at.given) ? "then" : "else");
  return rule == nullptr ? std::nullopt : check(*rule, at.given, at.path);
}

template <std::size_t Count>
bool is_one(std::string_view word, const std::array<std::string_view, Count>& of) {
  return std::ranges::find(of, word) != of.end();
}

complaint check_word(std::string_view word,
                     const json::object& schema,
                     const json::value& operand,
                     const place& at) {
  constexpr std::array<std::string_view, 5> numbers{
      "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"};
  constexpr std::array<std::string_view, 6> counts{
      "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"};
  constexpr std::array<std::string_view, 2> values{"enum", "const"};
  constexpr std::array<std::string_view, 3> items{"items", "contains", "uniqueItems"};
  constexpr std::array<std::string_view, 4> members{
      "properties", "required", "additionalProperties", "propertyNames"};
  constexpr std::array<std::string_view, 4> alternatives{"allOf", "anyOf", "oneOf", "not"};
  if (word == "type") return check_type(operand, at);
  if (is_one(word, numbers)) return check_number(word, operand, at);
  if (is_one(word, counts)) return check_count(word, operand, at);
  if (is_one(word, values)) return check_values(word, operand, at);
  if (is_one(word, items)) return check_items(word, operand, at);
  if (is_one(word, members)) return check_members(word, schema, operand, at);
  if (is_one(word, alternatives)) return check_alternatives(word, operand, at);
  if (word == "if") return check_if(schema, operand, at);
  return std::nullopt;  // an annotation; then and else belong to if
}

complaint check(const json::value& schema, const json::value& given, const std::string& path) {
  const place at{given, path};
  if (schema.is_bool()) {
    return schema.get_bool() ? std::nullopt : at.breaks("must not be given");
  }
  for (const auto& [word, operand] : schema.get_object()) {
    if (complaint found = check_word(word, schema.get_object(), operand, at)) return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<schema_complaint> breach_of_schema(const boost::json::value& schema,
                                                 const boost::json::value& given) {
  return check(schema, given, "");
}

}  // namespace clv::abi

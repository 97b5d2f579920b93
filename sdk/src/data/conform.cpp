#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "clv/error.hpp"
#include "clv/schema.hpp"

namespace clv {
namespace {

// Whole numbers up to 2^53 are exact as f64.
constexpr std::int64_t exact_limit = std::int64_t{1} << 53U;

[[noreturn]] void fail(const column& c, std::size_t row, const std::string& value, const char* as) {
  throw error({.code = status::invalid,
               .row = static_cast<std::int64_t>(row),
               .column = c.name(),
               .message = "row " + std::to_string(row + 1) + ", column '" + c.name() +
                          "': " + value + " is not exact as " + as,
               .hint = "give the column in its own type"});
}

void keep_gaps(const column& from, column& to) {
  if (from.all_present()) return;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!from.present(i)) to.mark_absent(i);
  }
}

void integers_to_numbers(const column& from, column& to) {
  std::vector<double> values;
  values.reserve(from.size());
  for (const std::int64_t v : from.integers()) {
    if (v > exact_limit || v < -exact_limit) {
      fail(from, values.size(), std::to_string(v), "f64");
    }
    values.push_back(static_cast<double>(v));
  }
  to.adopt(std::move(values));
  keep_gaps(from, to);
}

void numbers_to_integers(const column& from, column& to) {
  std::vector<std::int64_t> values;
  values.reserve(from.size());
  for (const double v : from.numbers()) {
    if (!(std::abs(v) <= static_cast<double>(exact_limit)) || v != std::floor(v)) {
      fail(from, values.size(), std::to_string(v), "i64");
    }
    values.push_back(static_cast<std::int64_t>(v));
  }
  to.adopt(std::move(values));
  keep_gaps(from, to);
}

// A schema's fixed unit ("us") is stamped on; a currency or time unit is the caller's.
std::string unit_for(const field& what, const column& from) {
  const bool open = what.unit == "currency" || what.unit == "unit";
  return open ? from.unit() : std::string(what.unit);
}

// Gives a column's values the type and unit of the one that was made for them; takes them along
// where `in` may be taken apart.
template <typename Table, typename Column>
void convert(Table& in, Column& from, column& made) {
  if (from.kind() == made.kind()) {
    std::string unit = made.unit();
    made = std::move(from);  // a copy where `from` is const
    made.set_unit(std::move(unit));
  } else if (from.kind() == type::i64 && made.kind() == type::f64) {
    integers_to_numbers(from, made);
  } else if (from.kind() == type::f64 && made.kind() == type::i64) {
    numbers_to_integers(from, made);
  } else {
    in.get(made.name(), made.kind());  // throws, naming both types
  }
}

template <typename Table>
table conformed(Table& in, const schema& to, std::span<const std::string> extra) {
  table out;
  const auto missing = [&](const std::string& name) {
    throw error({.code = status::invalid,
                 .column = name,
                 .message = "column '" + name + "' of '" + std::string(to.name) + "' is missing",
                 .hint = "add the column"});
  };
  for (const field& what : to.fields) {
    auto* const from = in.find(what.name);
    if (from != nullptr) {
      convert(in, *from, out.add(std::string(what.name), what.kind, unit_for(what, *from)));
    } else if (what.required) {
      missing(std::string(what.name));
    }
  }
  for (const std::string& name : extra) {
    if (out.find(name) != nullptr) continue;
    auto* const from = in.find(name);
    if (from == nullptr) missing(name);
    convert(in, *from, out.add(name, type::f64, from->unit()));
  }
  return out;
}

}  // namespace

table conform(const table& in, const schema& to, std::span<const std::string> extra) {
  return conformed(in, to, extra);
}

table conform(table&& in, const schema& to, std::span<const std::string> extra) {
  return conformed(in, to, extra);
}

}  // namespace clv

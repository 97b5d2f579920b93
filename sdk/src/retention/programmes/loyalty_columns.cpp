#include "retention/programmes/loyalty_columns.hpp"

#include <algorithm>
#include <cmath>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "math/json.hpp"

namespace clv::retention {
namespace {

constexpr double most = 1e12;

std::string text_at(const column& c, std::size_t row) {
  if (!c.present(row)) return {};
  switch (c.kind()) {
    case type::utf8:
      return std::string(c.text(row));
    case type::f64:
      return math::to_text(c.numbers()[row]);
    default:
      return std::to_string(c.integers()[row]);
  }
}

}  // namespace

std::vector<std::string> optional_texts(const loyalty_input& in, std::string_view name) {
  std::vector<std::string> out(in.rows.size());
  const column* c = in.raw->find(name);
  for (std::size_t row = 0; c != nullptr && row < out.size(); ++row) out[row] = text_at(*c, row);
  return out;
}

std::vector<std::int64_t> minor_amounts(const loyalty_input& in,
                                        std::string_view name,
                                        std::string_view currency,
                                        bool optional) {
  const std::string unit = in.rows.unit(name);
  if (!unit.empty() && unit != "XXX" && unit != currency) {
    throw error(status::invalid,
                "column '" + std::string(name) + "' is in " + unit + ", the programme in " +
                    std::string(currency),
                "currencies are never summed: give amounts in the programme's");
  }
  const std::vector<double> major = optional ? in.rows.numbers_or(name, 0) : in.rows.numbers(name);
  // A money column of no named currency was read with two decimals, whatever the programme's has.
  const double per_major = minor_per_major(currency);
  std::vector<std::int64_t> out(major.size());
  for (std::size_t row = 0; row < major.size(); ++row) {
    if (std::fabs(major[row]) > most) in.rows.refuse(name, row, "is beyond 1e12");
    const double minor = major[row] * per_major, whole = std::nearbyint(minor);
    if (std::fabs(minor - whole) > std::max(1e-6, 1e-15 * std::fabs(minor))) {
      in.rows.refuse(
          name,
          row,
          math::to_text(major[row]) + " has more decimals than " + std::string(currency) + " has");
    }
    out[row] = static_cast<std::int64_t>(whole);
  }
  return out;
}

std::vector<std::int64_t> whole_points(const loyalty_input& in, std::string_view name) {
  const std::vector<double> values = in.rows.numbers(name);
  std::vector<std::int64_t> out(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (!(values[row] >= 1 && values[row] <= most && values[row] == std::floor(values[row]))) {
      in.rows.refuse(
          name, row, math::to_text(values[row]) + " is not a whole number from 1 to 1e12");
    }
    out[row] = static_cast<std::int64_t>(values[row]);
  }
  return out;
}

}  // namespace clv::retention

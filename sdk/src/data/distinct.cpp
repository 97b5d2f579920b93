#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>

#include "clv/error.hpp"
#include "clv/summary.hpp"

namespace clv {
namespace {

std::string shortest(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

[[noreturn]] void fail(std::size_t row, const char* column, double value, const std::string& why) {
  throw error({.code = status::numeric,
               .row = static_cast<std::int64_t>(row),
               .column = column,
               .message = "row " + std::to_string(row + 1) + ", column '" + column +
                          "': " + shortest(value) + " " + why,
               .hint = "correct the row, or summarise the log again"});
}

// The columns of a summary that a key needs, checked row by row.
class rows {
 public:
  rows(const table& summary, tuple_key key) : x_(summary.get("x", type::f64)) {
    if (key == tuple_key::purchases) {
      t_x_ = &summary.get("t_x", type::f64);
      T_ = &summary.get("T", type::f64);
    } else {
      mean_spend_ = &summary.get("mean_spend", type::f64);
    }
    if (summary.find("weight") != nullptr) weight_ = &summary.get("weight", type::f64);
  }

  std::size_t size() const { return x_.size(); }
  // The checked number. -0 becomes 0, so that equal keys have equal bits.
  double x(std::size_t row) const {
    const double v = number(x_, row);
    if (v < 0) fail(row, "x", v, "is negative");
    if (v != std::floor(v)) fail(row, "x", v, "is not a whole number of repeat purchases");
    return v;
  }
  double T(std::size_t row) const {
    const double v = number(*T_, row);
    if (v < 0) fail(row, "T", v, "is negative");
    return v;
  }
  double t_x(std::size_t row, double x, double T) const {
    const double v = number(*t_x_, row);
    if (v < 0) fail(row, "t_x", v, "is negative");
    if (v > T) fail(row, "t_x", v, "is after the end of observation, T = " + shortest(T));
    if (x > 0 && v == 0) fail(row, "t_x", v, "does not go with x = " + shortest(x));
    if (x == 0 && v > 0) fail(row, "t_x", v, "does not go with x = 0 (it must be 0)");
    return v;
  }
  double mean_spend(std::size_t row) const {
    if (!mean_spend_->present(row)) return 0.0;
    const double v = number(*mean_spend_, row);
    if (v < 0) fail(row, "mean_spend", v, "is negative");
    return v;
  }
  double weight(std::size_t row) const {
    if (weight_ == nullptr) return 1.0;
    const double v = number(*weight_, row);
    if (v <= 0) fail(row, "weight", v, "is not positive");
    if (v != std::floor(v)) fail(row, "weight", v, "is not a whole number of customers");
    return v;
  }

 private:
  static double number(const column& c, std::size_t row) {
    const double v = c.numbers()[row];
    if (!std::isfinite(v)) fail(row, c.name().c_str(), v, "is not a finite number");
    if (!c.present(row)) fail(row, c.name().c_str(), v, "stands for an empty value");
    return v + 0.0;
  }

  const column& x_;
  const column* t_x_ = nullptr;
  const column* T_ = nullptr;
  const column* mean_spend_ = nullptr;
  const column* weight_ = nullptr;
};

struct entry {
  std::array<double, 3> key;
  double weight;
};

std::vector<entry> read_entries(const rows& from, tuple_key key) {
  std::vector<entry> entries;
  entries.reserve(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double x = from.x(i);
    const double weight = from.weight(i);
    if (key == tuple_key::purchases) {
      const double T = from.T(i);
      entries.push_back({{x, from.t_x(i, x, T), T}, weight});
    } else if (const double spend = from.mean_spend(i); x >= 1 && spend > 0) {
      entries.push_back({{x, spend, 0.0}, weight});
    }
  }
  return entries;
}

}  // namespace

tuples distinct(const table& summary, tuple_key key) {
  std::vector<entry> entries = read_entries(rows(summary, key), key);
  std::ranges::sort(entries, {}, &entry::key);
  tuples out;
  for (std::size_t i = 0; i < entries.size();) {
    const auto& values = entries[i].key;
    double weight = 0;
    for (; i < entries.size() && entries[i].key == values; ++i) weight += entries[i].weight;
    out.x.push_back(values[0]);
    if (key == tuple_key::purchases) {
      out.t_x.push_back(values[1]);
      out.T.push_back(values[2]);
    } else {
      out.mean_spend.push_back(values[1]);
    }
    out.weight.push_back(weight);
    out.customers += weight;
  }
  return out;
}

}  // namespace clv

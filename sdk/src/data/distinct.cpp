#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "clv/summary.hpp"
#include "data/covariate_cells.hpp"
#include "data/summary_rows.hpp"
#include "data/tuple_sort.hpp"

namespace clv {
namespace {

using data::weighted_key;

// A sum of products with whole weights that no order of the rows can change: whole parts and
// fractions, the latter in steps of 2^-52, are added up as 128-bit integers. Exact for |value| and
// weight up to 1e15 and 10^7 rows of them; rounding to a step costs 1e-16 a row.
class exact_total {
 public:
  void add(double value, double weight) {
    const double whole = std::floor(value);
    const auto times = static_cast<std::int64_t>(weight);
    whole_ += static_cast<wide>(static_cast<std::int64_t>(whole)) * times;
    steps_ += static_cast<wide>(static_cast<std::int64_t>((value - whole) * steps)) * times;
  }
  double value() const { return static_cast<double>(whole_) + static_cast<double>(steps_) / steps; }

 private:
  __extension__ using wide = __int128;
  static constexpr double steps = 4503599627370496.0;  // 2^52
  wide whole_ = 0, steps_ = 0;
};

// What the rows have to say, in their order; a row that is no tuple of this key is left out.
struct reading {
  std::vector<weighted_key> keys;
  std::vector<std::size_t> rows;  // of the keys; with covariates only
  exact_total litt;
};

reading read_keys(const data::summary_rows& from, tuple_key key) {
  reading out;
  out.keys.reserve(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double x = from.x(i);
    const double weight = from.weight(i);
    if (key == tuple_key::spend) {
      const double spend = from.mean_spend(i);
      if (!(x >= 1 && spend > 0)) continue;
      out.keys.push_back({{x, spend, 0.0}, weight});
    } else {
      const double T = from.T(i);
      if (key == tuple_key::renewals) {
        out.keys.push_back({{x, x, std::min(T, x + 1)}, weight});
      } else {
        out.keys.push_back({{x, from.t_x(i, x, T), T}, weight});
      }
      if (from.has_litt()) out.litt.add(from.litt(i, x), weight);
    }
    if (from.covariates() > 0) out.rows.push_back(i);
  }
  return out;
}

// Appends the sorted keys, equal ones as one.
void append(std::span<const weighted_key> sorted, tuple_key key, tuples& out) {
  for (std::size_t i = 0; i < sorted.size();) {
    const auto& values = sorted[i].key;
    double weight = 0;
    for (; i < sorted.size() && sorted[i].key == values; ++i) weight += sorted[i].weight;
    out.x.push_back(values[0]);
    if (key == tuple_key::spend) {
      out.mean_spend.push_back(values[1]);
    } else {
      out.t_x.push_back(values[1]);
      out.T.push_back(values[2]);
    }
    out.weight.push_back(weight);
    out.customers += weight;
  }
}

}  // namespace

tuples distinct(const table& summary, tuple_key key, std::span<const std::string> covariates) {
  const data::summary_rows from(summary, key, covariates);
  reading read = read_keys(from, key);
  tuples out;
  out.has_litt = from.has_litt();
  out.litt = read.litt.value();
  if (covariates.empty()) {
    data::sort_keys(read.keys);
    append(read.keys, key, out);
    return out;
  }
  data::cells cells = data::find_cells(from, read.rows);
  cells.bring_together(read.keys);
  const std::span<weighted_key> keys(read.keys);
  for (std::size_t c = 0; c + 1 < cells.first.size(); ++c) {
    const auto cell = keys.subspan(cells.first[c], cells.first[c + 1] - cells.first[c]);
    data::sort_keys(cell);
    out.cell_first.push_back(out.size());
    append(cell, key, out);
  }
  out.cell_first.push_back(out.size());
  out.covariates = std::move(cells.values);
  return out;
}

}  // namespace clv

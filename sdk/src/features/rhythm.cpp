#include "features/rhythm.hpp"

#include <date/date.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "clv/error.hpp"

namespace clv::features {
namespace {

constexpr std::size_t shape_needs = 4, season_needs = 4;
constexpr double most_regular = 100, year_days = 365;

void add(std::int64_t& to, std::int64_t minor) {
  if (!__builtin_add_overflow(to, minor, &to)) return;
  throw error(status::data,
              "the amounts of one customer add up to more than 64 bits of minor units",
              "check the currency of the amounts");
}

bool within(std::int32_t day, std::int32_t today, double window) {
  return static_cast<double>(today - day) < window;
}

}  // namespace

rhythm rhythm_of(std::span<const order> orders) {
  rhythm r;
  for (const order& o : orders) {
    if (o.refund) {
      add(r.returned, o.minor);
      ++r.returns;
      continue;
    }
    add(r.bought, o.minor);
    if (r.days.empty() || r.days.back().day != o.day) r.days.push_back({.day = o.day});
    r.days.back().minor += o.minor;  // never above r.bought, which fits
  }
  for (std::size_t i = 1; i < r.days.size(); ++i) {
    r.intervals.push_back(static_cast<double>(r.days[i].day - r.days[i - 1].day));
  }
  return r;
}

double purchases_within(const rhythm& r, std::int32_t today, double window) {
  return static_cast<double>(std::count_if(
      r.days.begin(), r.days.end(), [&](const auto& d) { return within(d.day, today, window); }));
}

double spent_within(const rhythm& r, std::int32_t today, double window) {
  std::int64_t minor = 0;
  for (const purchase_day& d : r.days) minor += within(d.day, today, window) ? d.minor : 0;
  return static_cast<double>(minor);
}

std::optional<double> interval_mean(const rhythm& r) {
  if (r.intervals.empty()) return std::nullopt;
  return std::accumulate(r.intervals.begin(), r.intervals.end(), 0.0) /
         static_cast<double>(r.intervals.size());
}

std::optional<double> interval_cv(const rhythm& r) {
  if (r.intervals.size() < 2) return std::nullopt;
  const double mean = *interval_mean(r);
  double squares = 0;
  for (const double x : r.intervals) squares += (x - mean) * (x - mean);
  return std::sqrt(squares / static_cast<double>(r.intervals.size() - 1)) / mean;
}

std::optional<double> regularity(const rhythm& r) {
  if (r.intervals.size() < shape_needs) return std::nullopt;
  const auto m = static_cast<double>(r.intervals.size());
  // In units of the mean: k does not depend on the unit, and the sums stay near one another.
  const double mean = *interval_mean(r);
  double logs = 0, weighted = 0;
  for (const double interval : r.intervals) {
    const double x = interval / mean;
    logs += std::log(x);
    weighted += x * std::log(x);
  }
  const double spread = (weighted - logs) / m;  // (m sum x ln x - sum ln x sum x) / (m sum x)
  if (!(spread > 1 / (2 * most_regular))) return most_regular;
  const double k = 1 / spread;
  const double bias = 3 * k - 2.0 / 3 * k / (1 + k) - 0.8 * k / ((1 + k) * (1 + k));
  return std::min(most_regular, k - bias / m);
}

std::optional<double> trend(const rhythm& r, std::int32_t today, double window) {
  if (r.days.empty()) return std::nullopt;
  const auto T = static_cast<double>(today - r.days.front().day);
  if (T < 2 * window) return std::nullopt;
  const double recent = purchases_within(r, today, window);
  const double before = static_cast<double>(r.days.size()) - 1 - recent;
  return std::log((recent + 0.5) / window) - std::log((before + 0.5) / (T - window));
}

std::optional<std::array<double, 12>> months(const rhythm& r, std::int32_t today) {
  if (r.days.size() < season_needs) return std::nullopt;
  if (static_cast<double>(today - r.days.front().day) < year_days) return std::nullopt;
  std::array<double, 12> counts{};
  for (const purchase_day& d : r.days) {
    const date::year_month_day civil{date::sys_days{date::days{d.day}}};
    ++counts[static_cast<unsigned>(civil.month()) - 1];
  }
  return counts;
}

double share_of_largest(std::span<const double> counts) {
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  return *std::max_element(counts.begin(), counts.end()) / all;
}

double entropy(std::span<const double> counts) {
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  double sum = 0;
  for (const double c : counts) {
    if (c > 0) sum -= c / all * std::log(c / all);
  }
  return sum;
}

}  // namespace clv::features

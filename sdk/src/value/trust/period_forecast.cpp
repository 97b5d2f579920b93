#include "value/trust/period_forecast.hpp"

#include <algorithm>
#include <cmath>

namespace clv {
namespace {

constexpr std::size_t cells_a_unit = 1024;
constexpr std::size_t cells_sampled = 2048;  // every so many, for a ratio that needs two digits
// Ages are below 2^18 days (time.hpp: 583 years), so three of them fit into one key.
constexpr unsigned age_bits = 18;
constexpr std::uint64_t age_mask = (std::uint64_t{1} << age_bits) - 1;

}  // namespace

period_forecast::period_forecast(const histories& of, const estimates& by, double days_per_unit)
    : of_(&of), by_(&by), days_per_unit_(days_per_unit), bought_(of.size(), 0) {}

void period_forecast::begin(std::int64_t from, std::int64_t to) {
  from_ = from;
  to_ = to;
  at_ = 0;
  mean_ = variance_ = actual_ = 0;
  cells_.clear();
  std::vector<std::uint64_t> keys;
  std::vector<double> born(static_cast<std::size_t>(to - from), 0.0);
  collect(keys, born);
  std::ranges::sort(keys);
  const auto units = [this](std::uint64_t days) {
    return static_cast<double>(days & age_mask) / days_per_unit_;
  };
  for (std::size_t i = 0; i < keys.size();) {
    const std::uint64_t key = keys[i];
    std::size_t same = 0;
    for (; i < keys.size() && keys[i] == key; ++i) ++same;
    const observation state{.x = static_cast<double>(key >> (2 * age_bits)),
                            .t_x = units(key >> age_bits),
                            .T = units(key)};
    cells_.push_back(
        {state, static_cast<double>(to - from) / days_per_unit_, static_cast<double>(same)});
  }
  for (std::size_t day = 0; day < born.size(); ++day) {
    const auto left = static_cast<double>(born.size() - 1 - day);
    if (born[day] > 0) cells_.push_back({{}, left / days_per_unit_, born[day]});
  }
}

// The states at the end of the day before `from_`, and how many are born on each day.
void period_forecast::collect(std::vector<std::uint64_t>& keys, std::vector<double>& born) {
  for (std::size_t c = 0; c < of_->size(); ++c) {
    const auto days = of_->of(c);
    std::size_t& n = bought_[c];
    while (n < days.size() && days[n] < from_) ++n;
    std::size_t after = n;
    while (after < days.size() && days[after] < to_) ++after;
    actual_ += static_cast<double>(after - n) - (n == 0 && after > 0 ? 1.0 : 0.0);
    if (n == 0) {
      if (after > 0) born[static_cast<std::size_t>(days[0] - from_)] += 1.0;
      continue;
    }
    const auto t_x = static_cast<std::uint64_t>(days[n - 1] - days[0]);
    const auto T = static_cast<std::uint64_t>(from_ - 1 - days[0]);
    keys.push_back(std::uint64_t{n - 1} << (2 * age_bits) | t_x << age_bits | T);
  }
}

bool period_forecast::advance() {
  const std::size_t stop = std::min(cells_.size(), at_ + cells_a_unit);
  for (; at_ < stop; ++at_) add(cells_[at_]);
  return at_ == cells_.size();
}

// E[N] = sum P(N > i), E[N^2] = sum (2i + 1) P(N > i).
void period_forecast::add(const cell& c) {
  if (c.ahead <= 0.0) return;
  const double p_alive = by_->which->p_alive(by_->parameters, c.state);
  by_->which->purchase_tail(by_->parameters, c.state, c.ahead, tail_);
  double first = 0, second = 0;
  for (std::size_t i = 0; i < tail_.size(); ++i) {
    first += tail_[i];
    second += (2.0 * static_cast<double>(i) + 1.0) * tail_[i];
  }
  const double mean = p_alive * first;
  mean_ += c.customers * mean;
  variance_ += c.customers * std::max(0.0, p_alive * second - mean * mean);
}

double period_forecast::relative_error(double units) const {
  const std::size_t n = by_->parameters.size();
  const auto side =
      static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(by_->covariance.size()))));
  if (side < n || cells_.empty()) return 0.0;
  std::vector<double> p = by_->parameters;
  const std::size_t stride = cells_.size() / cells_sampled + 1;
  const auto total = [&] {
    double sum = 0;
    for (std::size_t i = 0; i < cells_.size(); i += stride) {
      const cell& c = cells_[i];
      sum += c.customers * by_->which->expected_purchases(p, c.state, units);
    }
    return sum;
  };
  std::vector<double> slope(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    if (by_->covariance[i * side + i] <= 0.0) continue;  // held: k, or a fixed one
    const double at = p[i], step = 1e-4 * at;
    p[i] = at + step;
    const double above = total();
    p[i] = at - step;
    slope[i] = (above - total()) / (2.0 * step);
    p[i] = at;
  }
  double variance = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      variance += slope[i] * by_->covariance[i * side + j] * slope[j];
    }
  }
  const double mean = total();
  return mean > 0 && variance > 0 ? std::sqrt(variance) / mean : 0.0;
}

}  // namespace clv

#include "value/trust/kaplan_meier.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace clv {
namespace {

constexpr double z95 = 1.959963984540054;

}  // namespace

std::vector<survival_step> kaplan_meier(std::span<const std::int64_t> events,
                                        std::span<const std::int64_t> watched) {
  std::vector<survival_step> steps;
  const auto all = static_cast<double>(events.size() + watched.size());
  double survival = 1, greenwood = 0;
  std::size_t left = 0;  // of `watched`, before this time
  for (std::size_t i = 0; i < events.size();) {
    survival_step s{.time = events[i], .at_risk = all - static_cast<double>(i)};
    const std::size_t left_before = left;
    while (left < watched.size() && watched[left] < s.time) ++left;
    s.censored = static_cast<double>(left - left_before);
    s.at_risk -= static_cast<double>(left);
    for (; i < events.size() && events[i] == s.time; ++i) s.events += 1;
    survival *= 1 - s.events / s.at_risk;
    s.survival = survival;
    if (s.events < s.at_risk) {
      greenwood += s.events / (s.at_risk * (s.at_risk - s.events));
      const double factor = std::exp(z95 * std::sqrt(greenwood) / -std::log(survival));
      s.lower = std::pow(survival, factor);
      s.upper = std::pow(survival, 1 / factor);
    } else {
      s.lower = 0;
      s.upper = steps.empty() ? 1 : steps.back().upper;
    }
    steps.push_back(s);
  }
  return steps;
}

double survival_at(std::span<const survival_step> steps, std::int64_t time) {
  const auto after = std::ranges::upper_bound(steps, time, {}, &survival_step::time);
  return after == steps.begin() ? 1.0 : (after - 1)->survival;
}

}  // namespace clv

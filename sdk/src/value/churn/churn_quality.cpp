#include "value/churn/churn_quality.hpp"

#include <algorithm>
#include <cmath>

#include "value/churn/churn_model.hpp"

namespace clv {
namespace {

// -ln of the probability of y under the logit; no rounding to ln 0.
double surprise(double logit, double y) {
  const double v = y > 0 ? -logit : logit;
  return v > 0 ? v + std::log1p(std::exp(-v)) : std::log1p(std::exp(v));
}

double entropy_of(double rate) {
  if (rate <= 0 || rate >= 1) return 0;
  return -rate * std::log(rate) - (1 - rate) * std::log1p(-rate);
}

// Mann-Whitney by mid-ranks.
std::optional<double> auc_of(std::span<const churn_outcome> of, double events) {
  const double others = static_cast<double>(of.size()) - events;
  if (events == 0 || others == 0) return std::nullopt;
  std::vector<std::pair<double, double>> sorted;
  for (const churn_outcome& o : of) sorted.emplace_back(o.logit, o.y);
  std::sort(sorted.begin(), sorted.end());
  double ranks = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i;
    double here = 0;
    for (; end < sorted.size() && sorted[end].first == sorted[i].first; ++end) {
      here += sorted[end].second;
    }
    ranks += here * (static_cast<double>(i + end) + 1) / 2;
    i = end;
  }
  return (ranks - events * (events + 1) / 2) / (events * others);
}

}  // namespace

churn_quality judge_churn(std::span<const churn_outcome> of, double intercept, double slope) {
  churn_quality q{.n = static_cast<double>(of.size())};
  for (const churn_outcome& o : of) {
    const double logit = intercept + slope * o.logit, miss = logistic(logit) - o.y;
    q.events += o.y;
    q.log_loss += surprise(logit, o.y);
    q.brier += miss * miss;
  }
  q.log_loss /= q.n;
  q.brier /= q.n;
  q.auc = auc_of(of, q.events);
  const double rate = q.events / q.n;
  q.base_log_loss = entropy_of(rate);
  q.base_brier = rate * (1 - rate);
  return q;
}

churn_calibration fit_platt(std::span<const churn_outcome> of) {
  churn_calibration c;
  for (int step = 0; step < 50; ++step) {
    double g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;
    for (const churn_outcome& o : of) {
      const double p = logistic(c.intercept + c.slope * o.logit), w = p * (1 - p);
      g0 += o.y - p;
      g1 += (o.y - p) * o.logit;
      h00 += w;
      h01 += w * o.logit;
      h11 += w * o.logit * o.logit;
    }
    const double determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 1e-12 * h00 * h11)) return {};
    const double d0 = (h11 * g0 - h01 * g1) / determinant;
    const double d1 = (h00 * g1 - h01 * g0) / determinant;
    // Newton from (0, 1) on a concave function of two: a step is cut to a unit, never searched.
    const double cut = std::min(1.0, 1 / std::max(std::abs(d0), std::abs(d1)));
    c.intercept += cut * d0;
    c.slope += cut * d1;
    if (std::abs(d0) + std::abs(d1) < 1e-10) return c.slope > 0 ? c : churn_calibration{};
  }
  return {};
}

}  // namespace clv

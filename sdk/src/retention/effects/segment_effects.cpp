#include "retention/effects/segment_effects.hpp"

#include <algorithm>
#include <cmath>

namespace clv::retention {

estimate arm_mean(const experiment& of,
                  const std::vector<double>& values,
                  std::size_t arm,
                  std::optional<std::size_t> segment) {
  estimate e;
  double weights = 0, squares = 0;
  const auto counts = [&](std::size_t i) {
    return of.arm[i] == arm && (!segment || of.segment[i] == *segment);
  };
  for (std::size_t i = 0; i < of.units(); ++i) {
    if (!counts(i)) continue;
    ++e.n;
    weights += 1 / of.propensity[i];
    e.mean += values[i] / of.propensity[i];
  }
  if (e.n < 2) return e;
  e.mean /= weights;
  for (std::size_t i = 0; i < of.units(); ++i) {
    if (!counts(i)) continue;
    const double part = (values[i] - e.mean) / of.propensity[i];
    squares += part * part;
  }
  e.se = std::sqrt(squares * e.n / (e.n - 1)) / weights;
  return e;
}

double variance_between(const std::vector<estimate>& groups) {
  if (groups.size() < 2) return 0;
  double sum = 0, squares = 0, mean = 0, q = 0;
  for (const estimate& g : groups) {
    const double w = 1 / (g.se * g.se);
    sum += w;
    squares += w * w;
    mean += w * g.mean;
  }
  mean /= sum;
  for (const estimate& g : groups) q += (g.mean - mean) * (g.mean - mean) / (g.se * g.se);
  const double spare = static_cast<double>(groups.size()) - 1;
  return std::max(0.0, (q - spare) / (sum - squares / sum));
}

segment_study study_segments(const experiment& of,
                             const Eigen::MatrixXd& score,
                             std::size_t arm,
                             double least) {
  segment_study s;
  std::vector<double> all;
  std::vector<std::vector<double>> gaps(of.segments.size());
  for (Eigen::Index i = 0; i < score.rows(); ++i) {
    all.push_back(score(i, static_cast<Eigen::Index>(arm)) - score(i, 0));
    if (!gaps.empty()) gaps[of.segment[static_cast<std::size_t>(i)]].push_back(all.back());
  }
  s.overall = mean_of(all);
  std::vector<estimate> groups;
  for (std::size_t g = 0; g < gaps.size(); ++g) {
    const estimate in_arm = arm_mean(of, of.outcome, arm, g), out = arm_mean(of, of.outcome, 0, g);
    segment_effect e{.segment = g, .treated = in_arm.n, .control = out.n};
    e.effect = mean_of(gaps[g]);
    e.plain = difference(in_arm, out);
    e.used = std::min(in_arm.n, out.n) >= least && e.effect.se > 0;
    if (e.used) groups.push_back(e.effect);
    s.segments.push_back(e);
  }
  s.between = variance_between(groups);
  for (segment_effect& e : s.segments) {
    if (!e.used) continue;
    const double own = e.effect.se * e.effect.se;
    e.weight = s.between / (s.between + own);
    e.shrunk = {.mean = e.weight * e.effect.mean + (1 - e.weight) * s.overall.mean,
                .se = std::sqrt(e.weight * own +
                                (1 - e.weight) * (1 - e.weight) * s.overall.se * s.overall.se),
                .n = e.effect.n};
  }
  return s;
}

}  // namespace clv::retention

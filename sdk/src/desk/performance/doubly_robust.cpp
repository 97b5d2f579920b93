#include "desk/performance/doubly_robust.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "retention/effects/cross_fit.hpp"

namespace clv::desk {
namespace {

using retention::base_kind;
using retention::estimate;

constexpr double fewest_units = 30, most_clipped = 0.1, largest_gap = 0.25;

std::vector<Eigen::Index> rows_but(const observed_units& u, int fold) {
  std::vector<Eigen::Index> rows;
  for (std::size_t i = 0; i < u.size(); ++i) {
    if (u.fold[i] != fold) rows.push_back(static_cast<Eigen::Index>(i));
  }
  return rows;
}

// Predictions for each fold from the other folds.
std::vector<double> out_of_fold(const observed_units& u,
                                const std::vector<double>& y,
                                const retention::base_options& how,
                                const effect_rules& rules,
                                bool& converged) {
  const retention::base_learner learner(u.z, how);
  std::vector<double> out(u.size());
  for (int k = 0; k < rules.folds; ++k) {
    const auto rows = rows_but(u, k);
    std::vector<double> own;
    own.reserve(rows.size());
    for (const Eigen::Index i : rows) own.push_back(y[static_cast<std::size_t>(i)]);
    const auto model = learner.fit(rows, own, true);
    converged = converged && model.converged;
    for (std::size_t i = 0; i < u.size(); ++i) {
      if (u.fold[i] == k) out[i] = model.at(u.z, static_cast<Eigen::Index>(i));
    }
  }
  return out;
}

retention::experiment as_experiment(const observed_units& u,
                                    const std::vector<double>& chance,
                                    double clip) {
  retention::experiment of;
  of.arms = {"kept", "breached"};
  of.count = {0, 0};
  for (std::size_t i = 0; i < u.size(); ++i) {
    const double e = std::clamp(chance[i], clip, 1 - clip);
    const std::size_t arm = u.hit[i] != 0 ? 1 : 0;
    of.row.push_back(i);
    of.arm.push_back(arm);
    of.count[arm] += 1;
    of.propensity.push_back(arm == 1 ? e : 1 - e);
  }
  of.fold = u.fold;
  of.outcome = u.y;
  of.chances = true;
  return of;
}

void weigh(const observed_units& u, const retention::experiment& of, adjusted_effect& e) {
  std::array<double, 2> sum{}, squares{};
  for (std::size_t i = 0; i < u.size(); ++i) {
    const double w = 1 / of.propensity[i];
    sum[of.arm[i]] += w;
    squares[of.arm[i]] += w * w;
  }
  e.effective_spared = sum[0] * sum[0] / squares[0];
  e.effective_hit = sum[1] * sum[1] / squares[1];
  for (Eigen::Index j = 0; j < u.z.cols(); ++j) {
    std::array<double, 2> plain{}, weighted{};
    for (std::size_t i = 0; i < u.size(); ++i) {
      const double z = u.z(static_cast<Eigen::Index>(i), j);
      plain[of.arm[i]] += z / of.count[of.arm[i]];
      weighted[of.arm[i]] += z / of.propensity[i] / sum[of.arm[i]];
    }
    e.gap_before.push_back(plain[1] - plain[0]);
    e.gap_after.push_back(weighted[1] - weighted[0]);
  }
}

void set_effect(const retention::cross_fitted& found, adjusted_effect& e) {
  std::vector<double> gap, hit, spared;
  for (Eigen::Index i = 0; i < found.score.rows(); ++i) {
    spared.push_back(found.score(i, 0));
    hit.push_back(found.score(i, 1));
    gap.push_back(found.score(i, 1) - found.score(i, 0));
  }
  e.effect = retention::mean_of(gap);
  e.hit = retention::mean_of(hit);
  e.spared = retention::mean_of(spared);
  e.converged = e.converged && found.converged;
}

void set_per_hour(const observed_units& u,
                  const retention::cross_fitted& found,
                  adjusted_effect& e) {
  const auto n = static_cast<double>(u.size());
  double hits = 0, hours = 0;
  for (std::size_t i = 0; i < u.size(); ++i) hits += u.hit[i], hours += u.hours[i];
  e.mean_hours = hours / hits;
  if (!(e.mean_hours > 0)) return;
  const double r = e.effect.mean / e.mean_hours;
  std::vector<double> influence;
  for (std::size_t i = 0; i < u.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    const double of_effect = found.score(row, 1) - found.score(row, 0) - e.effect.mean;
    const double of_hours = u.hit[i] != 0 ? (u.hours[i] - e.mean_hours) * n / hits : 0;
    influence.push_back((of_effect - r * of_hours) / e.mean_hours);
  }
  e.per_hour = retention::mean_of(influence);
  e.per_hour.mean = r;
}

void set_slope(const observed_units& u, const effect_rules& rules, adjusted_effect& e) {
  const retention::base_options ridge{.kind = base_kind::ridge, .l2 = rules.l2};
  const auto y = out_of_fold(u, u.y, ridge, rules, e.converged);
  const auto hours = out_of_fold(u, u.hours, ridge, rules, e.converged);
  double cross = 0, square = 0, noise = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    const double d = u.hours[i] - hours[i];
    cross += d * (u.y[i] - y[i]);
    square += d * d;
  }
  if (!(square > 0)) return;
  const double slope = cross / square;
  for (std::size_t i = 0; i < u.size(); ++i) {
    const double d = u.hours[i] - hours[i], off = u.y[i] - y[i] - slope * d;
    noise += d * d * off * off;
  }
  e.slope = {.mean = slope, .se = std::sqrt(noise) / square, .n = static_cast<double>(u.size())};
}

std::string rounded(double share) {
  return std::to_string(static_cast<int>(std::lround(100 * share))) + " %";
}

}  // namespace

std::vector<int> stratified_folds(const std::vector<char>& hit, int folds) {
  std::array<int, 2> next{0, 0};
  std::vector<int> out;
  out.reserve(hit.size());
  for (const char h : hit) {
    int& own = next[h != 0 ? 1 : 0];
    out.push_back(own);
    own = (own + 1) % folds;
  }
  return out;
}

adjusted_effect estimate_effect(const observed_units& u, const effect_rules& rules) {
  adjusted_effect e;
  const std::vector<double> hit(u.hit.begin(), u.hit.end());
  e.chance = out_of_fold(u, hit, {.kind = base_kind::logistic, .l2 = rules.l2}, rules, e.converged);
  for (const double c : e.chance) {
    e.clipped += c < rules.clip || c > 1 - rules.clip ? 1 / static_cast<double>(u.size()) : 0;
  }
  const retention::experiment of = as_experiment(u, e.chance, rules.clip);
  weigh(u, of, e);
  // Learner T: one regression of the outcome per arm; its effects are not asked for.
  const retention::learning how{.kind = retention::learner_kind::t,
                                .base = {.kind = rules.outcome, .l2 = rules.l2}};
  retention::cross_fit fit(how, of, u.z, u.y, true, rules.folds);
  while (fit.advance_outcomes() < 1) {
  }
  set_effect(fit.found(), e);
  set_per_hour(u, fit.found(), e);
  set_slope(u, rules, e);
  return e;
}

std::string refusal_of(const adjusted_effect& e) {
  const double least = std::min(e.effective_hit, e.effective_spared);
  double gap = 0;
  for (const double g : e.gap_after) gap = std::max(gap, std::abs(g));
  const double noise = 3 * std::sqrt(1 / e.effective_hit + 1 / e.effective_spared);
  if (e.clipped > most_clipped) {
    return "NO_OVERLAP: " + rounded(e.clipped) +
           " of the tickets were all but sure to breach, or not to: there is nobody to compare "
           "them with";
  }
  if (gap > largest_gap && gap > noise) {
    return "NO_OVERLAP: breached tickets and the others still differ after weighting, table "
           "'balance' says in what";
  }
  if (least < fewest_units) {
    return "FEW: fewer than 30 tickets of one kind after weighting, nothing can be said";
  }
  return {};
}

}  // namespace clv::desk

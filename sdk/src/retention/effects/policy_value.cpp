#include "retention/effects/policy_value.hpp"

#include <algorithm>
#include <cmath>

#include "math/normal.hpp"
#include "value/fitting/short_text.hpp"

namespace clv::retention {
namespace {

using choices = std::vector<std::size_t>;

Eigen::Index at(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

choices largest(const Eigen::MatrixXd& net) {
  choices out;
  for (Eigen::Index i = 0; i < net.rows(); ++i) {
    std::size_t best = 0;  // equal ones: none first
    for (Eigen::Index a = 1; a < net.cols(); ++a) {
      if (net(i, a) > net(i, at(best))) best = static_cast<std::size_t>(a);
    }
    out.push_back(best);
  }
  return out;
}

// The arm with the largest mean money over the folds that `counts` says.
template <class Counts>
std::size_t best_arm(const experiment& of, Counts counts) {
  std::vector<double> sum(of.arms.size(), 0), weight(of.arms.size(), 0);
  for (std::size_t i = 0; i < of.units(); ++i) {
    if (!counts(of.fold[i])) continue;
    sum[of.arm[i]] += of.money(i) / of.propensity[i];
    weight[of.arm[i]] += 1 / of.propensity[i];
  }
  std::size_t best = 0;
  for (std::size_t a = 1; a < of.arms.size(); ++a) {
    if (sum[a] / weight[a] > sum[best] / weight[best]) best = a;
  }
  return best;
}

int folds_of(const experiment& of) {
  return *std::max_element(of.fold.begin(), of.fold.end()) + 1;
}

choices best_blanket(const experiment& of) {
  choices best;
  for (int k = 0; k < folds_of(of); ++k) {
    best.push_back(best_arm(of, [k](int fold) { return fold != k; }));
  }
  choices out;
  for (const int fold : of.fold) out.push_back(best[static_cast<std::size_t>(fold)]);
  return out;
}

// Mean of the scores of `one` less those of `other`.
estimate paired(const money_view& money, const choices& one, const choices& other) {
  std::vector<double> gaps;
  for (std::size_t i = 0; i < one.size(); ++i) {
    gaps.push_back(money.score(at(i), at(one[i])) - money.score(at(i), at(other[i])));
  }
  return mean_of(gaps);
}

// The lead of aiming over the best blanket, both chosen by the folds before.
estimate forward_lead(const experiment& of, const money_view& money) {
  const choices aimed = largest(money.past_net);
  std::vector<forward_fold> folds;
  for (int k = 1; k < folds_of(of); ++k) {
    const std::size_t best = best_arm(of, [k](int fold) { return fold < k; });
    std::vector<double> gaps;
    double noise = 0;
    for (std::size_t i = 0; i < of.units(); ++i) {
      if (of.fold[i] != k) continue;
      gaps.push_back(money.score(at(i), at(aimed[i])) - money.score(at(i), at(best)));
      noise += aimed[i] == best ? 0 : money.noise[aimed[i]] + money.noise[best];
    }
    folds.push_back({mean_of(gaps), std::sqrt(noise) / static_cast<double>(gaps.size())});
  }
  return combine_forward(folds);
}

policy_row row_of(std::string name, std::string action, const money_view& money, const choices& c) {
  policy_row r{.policy = std::move(name), .action = std::move(action)};
  std::vector<double> scores;
  for (std::size_t i = 0; i < c.size(); ++i) {
    scores.push_back(money.score(at(i), at(c[i])));
    r.treated += c[i] > 0 ? 1 : 0;
  }
  r.treated /= static_cast<double>(c.size());
  r.value = mean_of(scores);
  r.gain = paired(money, c, choices(c.size(), 0));
  return r;
}

std::string number_and_error(const estimate& e) {
  return short_text(e.mean) + " (standard error " + short_text(e.se) + ") a customer";
}

// The arm with the largest gain whose lower bound is above 0; 0 for none.
std::size_t paying_arm(const policy_answer& a, std::size_t arms, double z) {
  std::size_t best = 0;
  for (std::size_t arm = 1; arm < arms; ++arm) {
    if (!(a.rows[arm].gain.lower(z) > 0)) continue;
    if (best == 0 || a.rows[arm].gain.mean > a.rows[best].gain.mean) best = arm;
  }
  return best;
}

void give_verdict(policy_answer& a, std::size_t paying, const policy_row& aimed, double z) {
  const std::string leads = number_and_error(*aimed.over_best) +
                            ", decided by earlier folds alone " + number_and_error(*aimed.forward);
  if (aimed.forward->lower(z) > 0) {
    a.verdict = "targeted";
    a.why = "targeting earns more than the best blanket policy: " + leads;
    return;
  }
  a.verdict = paying > 0 ? "blanket" : "none";
  a.why = "no evidence that targeting earns more than the best blanket policy: " + leads;
  if (paying > 0) {
    a.why += "; '" + a.rows[paying].action + "' for everyone earns " +
             number_and_error(a.rows[paying].gain) + " more than treating nobody";
  } else {
    a.why += "; and none that an action for everyone earns more than treating nobody";
  }
}

}  // namespace

money_view money_of(const experiment& of, const cross_fitted& outcome, const cross_fitted* money) {
  if (money != nullptr) return {money->score, money->tau, noise_of(*money), money->past_tau};
  money_view v{outcome.score, outcome.tau, noise_of(outcome), outcome.past_tau};
  for (std::size_t a = 0; a < of.arms.size(); ++a) {
    const double worth = of.value_of(a), cost = of.terms[a].cost;
    v.noise[a] *= worth * worth;
    for (Eigen::Index i = 0; i < v.score.rows(); ++i) {
      const double control = outcome.mu(i, 0), past = outcome.past_control[i];
      v.score(i, at(a)) = worth * outcome.score(i, at(a)) - cost;
      v.net(i, at(a)) = worth * (control + outcome.tau(i, at(a))) - cost - of.value * control;
      v.past_net(i, at(a)) = worth * (past + outcome.past_tau(i, at(a))) - cost - of.value * past;
    }
  }
  v.net.col(0).setZero();
  v.past_net.col(0).setZero();
  return v;
}

estimate combine_forward(const std::vector<forward_fold>& folds) {
  double ratios = 0, weights = 0, variance = 0;
  estimate e;
  for (const forward_fold& fold : folds) {
    e.n += fold.found.n;
    if (!(fold.expected > 0)) {
      variance += 1;
      continue;
    }
    const double own = fold.found.se / fold.expected;
    ratios += fold.found.mean / fold.expected;
    weights += 1 / fold.expected;
    variance += own * own;
  }
  if (!(weights > 0)) return e;
  e.mean = ratios / weights;
  e.se = std::sqrt(variance) / weights;
  return e;
}

policy_answer judge_policies(const experiment& of, const money_view& money, double z) {
  policy_answer a;
  const std::size_t n = of.units(), arms = of.arms.size();
  a.rows.push_back(row_of("nobody", of.arms[0], money, choices(n, 0)));
  for (std::size_t arm = 1; arm < arms; ++arm) {
    a.rows.push_back(row_of("blanket", of.arms[arm], money, choices(n, arm)));
  }
  const choices best = best_blanket(of), aimed = largest(money.net);
  policy_row aimed_row = row_of("targeted", "", money, aimed);
  aimed_row.over_best = paired(money, aimed, best);
  aimed_row.forward = forward_lead(of, money);
  const double level = math::normal_cdf(-z) / static_cast<double>(arms - 1);
  const double stricter = -math::normal_quantile(level);
  give_verdict(a, paying_arm(a, arms, stricter), aimed_row, z);
  a.arm_policy.push_back("none");
  for (std::size_t arm = 1; arm < arms; ++arm) {
    const bool pays = a.rows[arm].gain.lower(stricter) > 0;
    a.arm_policy.push_back(a.verdict == "blanket" && !pays ? "none" : a.verdict);
  }
  a.rows.push_back(row_of("best_blanket", "", money, best));
  a.rows.push_back(aimed_row);
  return a;
}

}  // namespace clv::retention

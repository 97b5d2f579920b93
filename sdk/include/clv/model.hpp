// A model is one row of data and only its maths. Fitting, transforms, standard errors, weights,
// storage and printing are written once, for all rows.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "clv/summary.hpp"

namespace clv {

// How a parameter's number changes when one unit of time (or money) becomes c smaller ones: not,
// times c (a scale in time or money), or divided by c (a rate in time).
enum class scales { not_at_all, with_time, with_money, per_time };

struct parameter {
  std::string_view name;  // the paper's letter
  double start;           // documented start value, in units where max T (or mean spend) is about 1
  scales how;
  int most = 0;  // not 0: a whole number from 1 to this, chosen by profile likelihood
};

using values = std::span<const double>;  // parameters in the order of model::parameters

// What one customer looks like; see the dictionary. Discrete models count opportunities (BG/BB) or
// renewals faced (sBG, BdW) in T (column `n`), and then x, t_x, T are whole numbers. A contract
// with x = T is running; with x < T it was not renewed at the (x+1)-th renewal; its t_x is x.
struct observation {
  double x = 0, t_x = 0, T = 0, mean_spend = 0;
  double litt = 0;  // sum of ln(interval between purchases); needed where a parameter k exceeds 1
};

// How a covariate moves a process: eta = sum of coefficient * covariate, positive = more purchases
// (transaction) or more churn (life). See MODELS.md, "Covariates".
enum class link {
  none,
  scale,      // parameter[first] * exp(-eta): alpha of a rate ~ Gamma(r, alpha), Pareto's beta
  logit_mean  // Beta(first, second): logit of the mean moves by eta, the sum of both is kept
};
struct covariate_link {
  link how = link::none;
  std::size_t first = 0, second = 0;  // positions in model::parameters
};

// Weighted sum of log-likelihoods and their derivatives by the parameters themselves.
struct likelihood_sum {
  double value = 0;
  std::vector<double> gradient;
};

// Random numbers of a simulated customer; uniform() is in (0, 1).
class random_source;
// Where simulate_purchases ends whatever the parameters: nobody buys so often, and a rate drawn far
// out would take all memory.
inline constexpr std::size_t most_simulated = 1'000'000;

struct model {
  std::string_view name;    // "bg_nbd": the table's key everywhere
  std::string_view source;  // the paper
  tuple_key key;            // what one tuple is
  std::span<const parameter> parameters;

  // All below: [any] thread, pure; parameters positive and finite, observations valid
  // (distinct() has checked them); never NaN. Null where the model has no such quantity.
  // The derivative by a parameter with `most` is left alone (0).
  double (*log_likelihood)(values p, const observation& o);
  // What the sum over tuples lacks because it needs only t.litt (the weighted total): added once.
  double (*constant)(values p, const tuples& t);
  // Adds weight * (value, gradient) of tuples [first, last) in index order; for speed a model may
  // share work between tuples of equal x (they are sorted), and must give what the loop over
  // log_likelihood gives to 1e-12 relative.
  void (*accumulate)(
      values p, const tuples& t, std::size_t first, std::size_t last, likelihood_sum& sum);
  double (*p_alive)(values p, const observation& o);
  double (*expected_purchases)(values p, const observation& o, double t);  // in (T, T+t]
  double (*expected_new)(values p, double t);                              // in (0, t]
  double (*no_purchase)(values p, const observation& o, double t);         // P(none in (T, T+t])
  // P(X(t) = j) of a new customer's count in (0, t], for j = 0 ... pmf.size() - 1.
  void (*pmf)(values p, double t, std::span<double> pmf);
  double (*survival)(values p, double t);  // P(a new customer is alive at age t)
  double (*survival_ahead)(values p, const observation& o, double t);  // P(alive at T+t | history)
  // DERT or DERL: expected purchases (renewals) after T, each discounted from when it happens to T.
  // `delta` is continuous per unit of time, in discrete models a rate per period: factor
  // (1+delta)^-k for the k-th opportunity ahead, and (1+delta)^-(k-1) for the k-th renewal, because
  // the next one is due now (the published DERL). Infinity where the sum does not converge.
  double (*residual)(values p, const observation& o, double delta);
  // tail[i] = P(more than i purchases in (T, T+t] | alive at T), i = 0, 1, ...; ends where below
  // 1e-12 or at 20,000 entries. Its sum times p_alive is expected_purchases (where not cut).
  void (*purchase_tail)(values p, const observation& o, double t, std::vector<double>& tail);
  double (*expected_spend)(values p, const observation& o);  // per purchase; inf: no mean
  // ln of the total spend S of n more purchases: mean and variance given x and mean_spend. Both are
  // a part in n plus a part in the customer (score() keeps the first; tests/every checks it).
  void (*log_total_spend)(values p, const observation& o, double n, double& mean, double& variance);
  // Draws one new customer: ages at its repeat purchases in (0, T], rising, the first
  // `most_simulated` of them (purchase models), or n amounts from the customer's own spend
  // distribution (spend models).
  void (*simulate_purchases)(values p, double T, random_source& random, std::vector<double>& ages);
  void (*simulate_spend)(values p,
                         std::size_t n,
                         random_source& random,
                         std::vector<double>& amounts);
  // Why these estimates cannot be used although the fit converged (q <= 1: no finite mean), or "".
  std::string_view (*caveat)(values p);
  // Given alive at T, the future depends on x and T only, whatever t_x was: score() then shares
  // work between customers (tests/every checks it).
  bool future_forgets_t_x = false;
  covariate_link transaction = {};
  covariate_link life = {};
};

// Time goes in whole steps, opportunities or renewals: t of every quantity must be whole.
inline bool is_discrete(const model& m) {
  return m.key == tuple_key::opportunities || m.key == tuple_key::renewals;
}

// The table. Everything in it is enrolled in tests/every/.
std::span<const model* const> models();
const model& find_model(std::string_view name);  // throws error{not_found} listing the names

}  // namespace clv

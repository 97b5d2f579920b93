// A model is one row of data and only its maths. Fitting, transforms, standard errors, weights,
// storage and printing are written once, for all rows.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "clv/summary.hpp"

namespace clv {

// How a parameter changes when the model's unit of time or money is multiplied by c.
enum class scales { not_at_all, with_time, with_money };

struct parameter {
  std::string_view name;  // the paper's letter
  double start;           // documented start value, in units where max T (or mean spend) is about 1
  scales how;
};

using values = std::span<const double>;  // parameters in the order of model::parameters

struct observation {  // what one customer looks like; see the dictionary
  double x = 0, t_x = 0, T = 0, mean_spend = 0;
};

// Weighted sum of log-likelihoods and their derivatives by the parameters themselves.
struct likelihood_sum {
  double value = 0;
  std::vector<double> gradient;
};

// Random numbers of a simulated customer; uniform() is in (0, 1).
class random_source;

struct model {
  std::string_view name;    // "bg_nbd": the table's key everywhere
  std::string_view source;  // the paper
  tuple_key key;            // what one tuple is
  std::span<const parameter> parameters;

  // All below: [any] thread, pure; parameters positive and finite, observations valid
  // (distinct() has checked them); never NaN. Null where the model has no such quantity.
  double (*log_likelihood)(values p, const observation& o);
  // Adds weight * (value, gradient) of tuples [first, last) in index order; for speed a model may
  // share work between tuples of equal x (they are sorted), and must give what the loop over
  // log_likelihood gives to 1e-12 relative.
  void (*accumulate)(
      values p, const tuples& t, std::size_t first, std::size_t last, likelihood_sum& sum);
  double (*p_alive)(values p, const observation& o);
  double (*expected_purchases)(values p, const observation& o, double t);  // in (T, T+t]
  double (*expected_new)(values p, double t);                              // in (0, t]
  double (*no_purchase)(values p, const observation& o, double t);         // P(none in (T, T+t])
  // tail[i] = P(more than i purchases in (T, T+t] | alive at T), i = 0, 1, ...; ends where below
  // 1e-12 or at 20,000 entries. Its sum times p_alive is expected_purchases (where not cut).
  void (*purchase_tail)(values p, const observation& o, double t, std::vector<double>& tail);
  double (*expected_spend)(values p, const observation& o);  // per purchase; inf: no mean
  // ln of the total spend S of n more purchases: mean and variance given x and mean_spend. Both are
  // a part in n plus a part in the customer (score() keeps the first; tests/every checks it).
  void (*log_total_spend)(values p, const observation& o, double n, double& mean, double& variance);
  // Draws one new customer: ages at its repeat purchases in (0, T], rising (purchase models), or
  // the customer's own spend distribution via `spend` (spend models).
  void (*simulate_purchases)(values p, double T, random_source& random, std::vector<double>& ages);
  void (*simulate_spend)(values p,
                         std::size_t n,
                         random_source& random,
                         std::vector<double>& amounts);
  // Why these estimates cannot be used although the fit converged (q <= 1: no finite mean), or "".
  std::string_view (*caveat)(values p);
};

// The table. Everything in it is enrolled in tests/every/.
std::span<const model* const> models();
const model& find_model(std::string_view name);  // throws error{not_found} listing the names

}  // namespace clv

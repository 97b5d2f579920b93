// One customer's score at once, without a job: what a host asks for while a customer is on screen.
#pragma once

#include <memory>

#include "clv/score.hpp"

namespace clv {

enum class value_status { ok, prior_only, insufficient, not_converged };
std::string_view name_of(value_status s);  // "OK", "PRIOR_ONLY", "INSUFFICIENT", "NOT_CONVERGED"

// One row of schema "scores", under the same names; NaN where the column would be absent.
struct customer_score {
  double log_likelihood, p_alive, expected_purchases, no_purchase;
  double expected_spend, clv, clv_p10, clv_p50, clv_p90, clv_mu, clv_sigma, clv_skew;
  value_status status;
};

class valuation;

// A model made ready: gives bit for bit what score() gives for the same customer, model and
// options (options.quantities and threads do not matter here). The first customer with a new x
// may take longer: what depends on x and T alone is tabulated then and kept. Immutable for its
// user; of() may be called by any number of threads. [any]
class scorer {
 public:
  // Throws as score() does; error{unsupported} for a model with covariates, which an observation
  // does not have.
  scorer(std::shared_ptr<const fitted_model> m, const score_options& o);
  ~scorer();
  scorer(scorer&&) noexcept;
  scorer& operator=(scorer&&) noexcept;

  // o.litt may be NaN, unknown: log_likelihood is then NaN too where it is needed. Throws
  // error{numeric} naming the number for an impossible history.
  customer_score of(const observation& o) const;
  const fitted_model& model() const;
  // Whether log_likelihood is right only where observation::litt is (models with k above 1).
  bool needs_litt() const;

 private:
  std::unique_ptr<const valuation> prepared_;
};

}  // namespace clv

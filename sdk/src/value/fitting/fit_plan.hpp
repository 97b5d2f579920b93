// What fit_options ask of one model: which covariates move what, what is held, what is believed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clv/fit.hpp"
#include "value/fitting/effects.hpp"

namespace clv {

// What is believed of a parameter (lognormal, gamma) or a coefficient (normal) before the data, as
// a density of ln theta or of the coefficient: there the fit is normal, a wide prior is flat, and
// the modes are e^mu, shape/rate and the mean. [any]
struct prior {
  enum class shape { none, lognormal, gamma, normal };
  shape how = shape::none;
  double first = 0, second = 1;  // mu, sigma; shape, rate; mean, sd
  // ln density where the parameter is `value`, without the terms that do not depend on it, and its
  // derivative by `value`.
  double log_density(double value) const;
  double slope(double value) const;
};

// A slot is one number of a model: a parameter, or after those a coefficient.
struct fit_plan {
  const model* which = nullptr;
  std::vector<std::string> covariates;      // the columns of tuples::covariates
  std::vector<effect_term> terms;           // of the coefficients, transaction ones first
  std::vector<bool> shared;                 // this coefficient is the other process's, too
  std::vector<std::optional<double>> held;  // of each slot, in the caller's units
  std::vector<prior> priors;                // of each slot, in the caller's units
  double l2_transaction = 0, l2_life = 0;

  std::size_t parameters() const { return which->parameters.size(); }
  std::size_t slots() const { return held.size(); }
  std::string name_of_slot(std::size_t slot) const;  // "alpha", "life.Gender"
  // The slot of the whole-number parameter, when there is one: it is never searched by gradient.
  std::optional<std::size_t> whole_number() const;
};

struct fit_plans {
  std::optional<fit_plan> purchase, spend;
};

// Throws error{invalid} naming the option, the word and what is known: a model or process without
// a place for covariates, a covariate named twice, an equal covariate that is not in both lists, a
// slot nobody has, a shape that does not fit it, numbers out of range, or nothing left to estimate.
// `priors` and `fixed` name a slot as name_of_slot(), or with the model before it ("bg_bb.gamma");
// a bare name that both models have is the purchase model's.
fit_plans plan_of(const model* purchase, const model* spend, const fit_options& options);

}  // namespace clv

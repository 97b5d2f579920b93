// The chain rule of links.hpp: derivatives by the common parameters and by the effects of
// covariates.
#pragma once

#include <span>

#include "clv/fit.hpp"
#include "clv/model.hpp"

namespace clv {

// Sums of coefficient * covariate of one customer; both 0 leave every parameter as it is.
struct effect {
  double transaction = 0;  // positive = more purchases
  double life = 0;         // positive = more churn
};

// Which covariate of a cell belongs to a coefficient, and which process it moves.
struct effect_term {
  std::size_t covariate = 0;
  bool life = false;
};

// Sum of the terms for one row of covariates. [any]
effect effect_of(std::span<const effect_term> terms, values coefficients, values covariates);

// Derivatives of a function of the moved parameters, whose gradient by them is `gradient`, by the
// logarithms of the base (added to `by_log`) and by the effects (added to `by_effect`). [any]
void pull_back(const model& m,
               values base,
               const effect& eta,
               values gradient,
               std::span<double> by_log,
               effect& by_effect);

}  // namespace clv

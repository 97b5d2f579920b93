// The log-likelihood of weighted tuples and its derivatives, in the caller's units or the fit's
// own.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "clv/model.hpp"
#include "value/fitting/effects.hpp"

namespace clv {

// Factors that turn the caller's units into the fit's own, where max T and mean spend are 1.
// Discrete models count whole steps: their time is never scaled.
struct unit_scales {
  double time = 1;   // max T, 1 when it is 0
  double money = 1;  // weighted mean of mean_spend, 1 when it is 0
};
unit_scales scales_of(const model& m, const tuples& t);
// The tuples in the fit's own units, covariates as they are; `litt` moves by -x ln(time).
tuples scaled(tuples t, const unit_scales& by);
// What one unit of parameter i in the fit's own units is in the caller's.
double unit_of(const parameter& p, const unit_scales& by);
// The log-likelihood in the caller's units minus that in the fit's own: densities of x times (or of
// one mean spend) shrink as their unit does.
double unit_shift(const model& m, const tuples& t, const unit_scales& by);

// About `customers` of t, every (customers / n)-th along the cumulative weight, with weights that
// count how often a tuple was met: few large tuples are represented as well as many small ones.
tuples sample_of(const tuples& t, std::size_t customers);

// Value, and derivatives by ln p[i] and then by the coefficients (in the order of `terms`). Summed
// in math::block_count fixed blocks: same bits for any thread count. Without model::constant. [any]
struct effects_of_tuples {
  std::span<const effect_term> terms;
  values coefficients;
};
likelihood_sum total_likelihood(
    const model& m, values p, const effects_of_tuples& e, const tuples& t, unsigned threads);

}  // namespace clv

// What a finished search says about the data: estimates, their uncertainty, and a status.
#pragma once

#include "clv/fit.hpp"
#include "value/fitting/profile.hpp"

namespace clv {

// Turns the end of a search into estimates in the caller's units. Standard errors and covariance by
// the delta method, cov = J (-H)^-1 J', from the Hessian in the search's coordinates (of the
// posterior where there are priors or penalties) and the jacobian of what is reported by them; left
// empty unless the status is converged. Status, in this order:
//   not_converged   the log-likelihood or a derivative is not finite (it is then stated as the
//                   lowest double), or a parameter is not from 1e-100 to 1e100 (and moved there);
//   not_identified  no repeat purchase at all, fewer distinct tuples than free numbers (and not a
//                   constant spend), fewer renewals seen than free numbers, a covariate that never
//                   changes or is a combination of others, a direction in which it is flat;
//   at_boundary     a parameter above 1e4 or below 1e-4 when max T (or mean spend) is 1, or a
//                   coefficient that multiplies by more than 1e4 between the ends of its covariate;
//   not_converged   the largest free derivative per customer is not within the tolerance;
//   converged       else, with the model's caveat as reason.
estimates judge(const profile& p, const search_options& o);

}  // namespace clv

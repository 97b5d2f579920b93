// What a finished search says about the data: estimates, their uncertainty, and a status.
#pragma once

#include "clv/fit.hpp"
#include "value/search.hpp"

namespace clv {

// Turns the end of a search into estimates in the caller's units. Standard errors and covariance
// by the delta method from the Hessian in log-parameters, cov(theta) = diag(theta) (-H)^-1
// diag(theta); left empty unless the status is converged. `t` are the tuples in the caller's
// units. Status, in this order:
//   not_converged   the log-likelihood or a derivative is not finite (it is then stated as the
//                   lowest double), or a parameter is not from 1e-100 to 1e100 (and moved there);
//   not_identified  no repeat purchase at all, fewer distinct tuples than parameters (and not a
//                   constant spend), or a direction in which the likelihood is flat;
//   at_boundary     a parameter above 1e4 or below 1e-4 when max T (or mean spend) is 1;
//   not_converged   the largest free |d LL / d ln theta| per customer is not within the tolerance;
//   converged       else, with the model's caveat as reason.
estimates judge(const model& m, const tuples& t, const search& s, const search_options& o);

}  // namespace clv

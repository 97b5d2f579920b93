#include "value/fitting/verdict.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "data/limits.hpp"
#include "value/fitting/short_text.hpp"
#include "value/fitting/uncertainty.hpp"

namespace clv {
namespace {

// Of the eigenvalues of the Hessian: below it a direction is called flat. Central differences of a
// gradient of relative accuracy 1e-15 with step 1e-4 leave about 1e-11.
constexpr double flat = 1e-9;
constexpr double condition_cap = 1e18;  // stands for "singular": JSON has no infinity

struct curvature {
  Eigen::VectorXd eigenvalues;  // of minus the Hessian per customer, rising
  Eigen::VectorXd flattest;     // the direction of the first
  explicit curvature(const Eigen::MatrixXd& hessian) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(-hessian);
    eigenvalues = solver.eigenvalues();
    flattest = solver.eigenvectors().col(0);
  }
  double condition() const {
    const double low = eigenvalues[0];
    const double high = eigenvalues[eigenvalues.size() - 1];
    return low > 0.0 && high > 0.0 ? std::min(high / low, condition_cap) : condition_cap;
  }
  bool is_flat() const {
    return eigenvalues[0] <= flat * std::max(eigenvalues[eigenvalues.size() - 1], 1e-6);
  }
};

// Whether the likelihood knows only theta_i / theta_j: then its curvature is that of a function of
// ln theta_i - ln theta_j, whose off-diagonal is the geometric mean of the diagonal.
bool only_ratio_known(const Eigen::MatrixXd& hessian, Eigen::Index i, Eigen::Index j) {
  const double scale = std::sqrt(std::max(0.0, hessian(i, i) * hessian(j, j)));
  return scale > 0.0 && hessian(i, j) > 0.99 * scale;
}

// "r = 1e+05 (with r/alpha = 0.08)": the parameters beyond the limits, and where another one runs
// the same way the ratio that the data do tell. "" when none is beyond.
std::string parameters_beyond(const fit_problem& p, const math::maximizer& best, values user) {
  const Eigen::VectorXd& at = best.at();
  const std::size_t n = p.plan().parameters();
  std::string text;
  for (std::size_t i = 0; i < n; ++i) {
    const Eigen::Index ci = p.coordinate_of(i);
    if (ci == fit_problem::none || std::abs(at[ci]) <= boundary_log) continue;
    text += (text.empty() ? "" : ", ") + p.plan().name_of_slot(i) + " = " + short_text(user[i]);
    for (std::size_t j = 0; j < n; ++j) {
      const Eigen::Index cj = p.coordinate_of(j);
      if (cj == fit_problem::none || cj == ci) continue;
      const bool same_way = at[ci] * at[cj] > 0.0 && std::abs(at[cj]) > std::log(10.0);
      if (j < i && std::abs(at[cj]) > boundary_log) continue;  // said already
      if (!same_way || !only_ratio_known(best.hessian(), ci, cj)) continue;
      text += " (with " + p.plan().name_of_slot(i) + "/" + p.plan().name_of_slot(j) + " = " +
              short_text(user[i] / user[j]) + ")";
    }
  }
  return text;
}

// A coefficient that runs away: its covariate marks customers who all, or none of whom, do
// something. The second limit spares small coefficients of covariates with a few far values.
std::string coefficients_beyond(const fit_problem& p, const Eigen::VectorXd& at, values user) {
  std::string text;
  for (std::size_t slot = p.plan().parameters(); slot < p.plan().slots(); ++slot) {
    const Eigen::Index c = p.coordinate_of(slot);
    if (c == fit_problem::none) continue;
    const std::size_t covariate = p.plan().terms[slot - p.plan().parameters()].covariate;
    const double standardised = std::abs(at[c]);
    if (standardised * p.range(covariate) <= boundary_log || standardised <= 0.5) continue;
    text += (text.empty() ? "covariate '" : "; covariate '") + p.plan().covariates[covariate] +
            "' separates the customers, " + p.plan().name_of_slot(slot) + " runs away (" +
            short_text(user[slot]) + ")";
  }
  return text;
}

// "b and beta": the free numbers that take part in the flattest direction.
std::string flat_numbers(const fit_problem& p, const Eigen::VectorXd& direction) {
  std::vector<std::string> names;
  for (std::size_t slot = 0; slot < p.plan().slots(); ++slot) {
    const Eigen::Index c = p.coordinate_of(slot);
    if (c == fit_problem::none || std::abs(direction[c]) < 0.1) continue;
    names.push_back(p.plan().name_of_slot(slot));
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  }
  return text;
}

bool constant_spend(const model& m, const tuples& t) {
  return m.key == tuple_key::spend && std::all_of(t.mean_spend.begin(),
                                                  t.mean_spend.end(),
                                                  [&](double z) { return z == t.mean_spend[0]; });
}

// Why the data cannot tell the parameters apart whatever the search found, or "".
std::string too_little(const fit_problem& p) {
  const model& m = p.which();
  const tuples& t = p.own();
  const auto free = static_cast<std::size_t>(p.coordinates());
  const auto none_again = [](double x) { return x == 0.0; };
  if (m.key != tuple_key::renewals && std::all_of(t.x.begin(), t.x.end(), none_again)) {
    return "no customer bought again, so the data hold nothing about the rhythm of purchases";
  }
  const double longest = t.T.empty() ? 0.0 : *std::max_element(t.T.begin(), t.T.end());
  if (m.key == tuple_key::renewals && longest < static_cast<double>(free)) {
    return "only " + short_text(longest) + " renewal" + (longest == 1.0 ? " was" : "s were") +
           " seen, too few for " + std::to_string(free) + " parameters";
  }
  if (t.size() < free && !constant_spend(m, t)) {
    return "the customers have only " + std::to_string(t.size()) + " different " +
           (t.size() == 1 ? "history" : "histories") + ", too few for " + std::to_string(free) +
           " parameters";
  }
  return p.trouble();
}

// The first reason that holds, or "" where none does.
std::string boundary_of(const fit_problem& p, const math::maximizer& best) {
  const std::vector<double> user = p.user_values(best.at());
  const std::string separated = coefficients_beyond(p, best.at(), user);
  if (!separated.empty()) return separated;
  const std::string beyond = parameters_beyond(p, best, user);
  if (beyond.empty()) return beyond;
  return (constant_spend(p.which(), p.own()) ? "all mean spends are equal: " : "") +
         ("the likelihood is highest at the edge of the allowed range, " + beyond);
}

void set_status(estimates& e, const profile& found, double tolerance) {
  const fit_problem& p = found.problem();
  const math::maximizer& best = found.best().best();
  const curvature c(best.hessian());
  e.condition = c.condition();
  const double gradient = best.free_gradient_norm();
  if (std::string why = too_little(p); !why.empty()) {
    e.status = fit_status::not_identified;
    e.reason = std::move(why);
  } else if (std::string edge = boundary_of(p, best); !edge.empty()) {
    e.status = fit_status::at_boundary;
    e.reason = std::move(edge);
  } else if (c.is_flat()) {
    e.status = fit_status::not_identified;
    e.reason = "the likelihood is flat along a combination of " + flat_numbers(p, c.flattest) +
               " (condition " + short_text(e.condition) + ")";
  } else if (!(gradient <= tolerance)) {
    e.status = fit_status::not_converged;
    e.reason = "the gradient per customer is " + short_text(gradient) + " after " +
               std::to_string(e.iterations) + " iterations, wanted " + short_text(tolerance);
  } else {
    e.status = fit_status::converged;
    e.reason = e.which->caveat == nullptr ? std::string_view() : e.which->caveat(e.parameters);
  }
}

bool all_finite(const estimates& e, const math::maximizer& best) {
  return std::isfinite(e.log_likelihood) && std::isfinite(best.value()) &&
         best.hessian().allFinite() && std::isfinite(e.gradient_norm);
}

// A result that can be stored and read, and that nobody can take for an estimate.
void set_undefined(estimates& e) {
  e.status = fit_status::not_converged;
  e.reason =
      "the log-likelihood or its gradient is not a finite number at the best point found; look for "
      "ages or spends that are many powers of ten apart";
  e.log_likelihood = std::numeric_limits<double>::lowest();
  e.gradient_norm = std::numeric_limits<double>::max();
  e.condition = condition_cap;
}

// Model files take parameters within these limits only; what lies beyond is moved to them.
void keep_in_range(estimates& e) {
  for (std::size_t i = 0; i < e.parameters.size(); ++i) {
    double& p = e.parameters[i];
    if (data::is_scale(p)) continue;
    e.status = fit_status::not_converged;
    e.reason = "the best " + std::string(e.which->parameters[i].name) + " is " + short_text(p) +
               ", which is not from 1e-100 to 1e100";
    p = p < 1.0 ? data::smallest_scale : data::largest_scale;
  }
  if (e.status == fit_status::not_converged) {
    e.standard_errors.clear();
    e.covariance.clear();
    for (coefficient& c : e.coefficients) c.standard_error = 0;
  }
}

}  // namespace

estimates judge(const profile& found, const search_options& o) {
  const fit_problem& p = found.problem();
  const math::maximizer& best = found.best().best();
  const std::vector<double> user = p.user_values(best.at());
  const auto n = static_cast<std::ptrdiff_t>(p.plan().parameters());
  estimates e{.which = &p.which(), .parameters = {user.begin(), user.begin() + n}};
  for (std::size_t i = 0; i < p.plan().terms.size(); ++i) {
    const effect_term& term = p.plan().terms[i];
    e.coefficients.push_back({.covariate = p.plan().covariates[term.covariate],
                              .life = term.life,
                              .value = user[p.plan().parameters() + i]});
  }
  e.iterations = found.iterations();
  e.customers = p.own().customers;
  e.tuples = static_cast<std::int64_t>(p.own().size());
  e.free_parameters = static_cast<int>(p.coordinates()) + (found.chose() ? 1 : 0);
  e.log_likelihood = found.log_likelihood();
  e.gradient_norm = best.gradient().lpNorm<Eigen::Infinity>() * e.customers;
  if (!all_finite(e, best)) {
    set_undefined(e);
    keep_in_range(e);
    return e;
  }
  set_status(e, found, o.tolerance);
  if (e.status == fit_status::converged) set_uncertainty(e, p, best.at(), best.hessian());
  keep_in_range(e);
  return e;
}

}  // namespace clv

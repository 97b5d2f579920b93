#include "value/verdict.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "data/limits.hpp"

namespace clv {
namespace {

// Of the eigenvalues of the Hessian: below it a direction is called flat. Central differences of a
// gradient of relative accuracy 1e-15 with step 1e-4 leave about 1e-11.
constexpr double flat = 1e-9;
constexpr double condition_cap = 1e18;  // stands for "singular": JSON has no infinity

std::string short_text(double value) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 4)
          .ptr;
  return {text.data(), end};
}

struct curvature {
  Eigen::VectorXd eigenvalues;  // of minus the Hessian per customer, rising
  explicit curvature(const Eigen::MatrixXd& hessian)
      : eigenvalues(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(-hessian).eigenvalues()) {}
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

// "r = 1e+05 with r/alpha = 0.08": the parameters beyond the limits, and where another one runs the
// same way the ratio that the data do tell. "" when none is beyond.
std::string boundary_text(const model& m,
                          const math::maximizer& best,
                          const std::vector<double>& user) {
  const Eigen::VectorXd& at = best.at();
  const auto index = [](Eigen::Index i) { return static_cast<std::size_t>(i); };
  std::string text;
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    if (std::abs(at[i]) <= boundary_log) continue;
    text += (text.empty() ? "" : ", ") + std::string(m.parameters[index(i)].name) + " = " +
            short_text(user[index(i)]);
    for (Eigen::Index j = 0; j < at.size(); ++j) {
      const bool same_way = j != i && at[i] * at[j] > 0.0 && std::abs(at[j]) > std::log(10.0);
      if (!same_way || !only_ratio_known(best.hessian(), i, j)) continue;
      text += " (with " + std::string(m.parameters[index(i)].name) + "/" +
              std::string(m.parameters[index(j)].name) + " = " +
              short_text(user[index(i)] / user[index(j)]) + ")";
    }
  }
  return text;
}

bool constant_spend(const model& m, const tuples& t) {
  return m.key == tuple_key::spend && std::all_of(t.mean_spend.begin(),
                                                  t.mean_spend.end(),
                                                  [&](double z) { return z == t.mean_spend[0]; });
}

// Why the data cannot tell the parameters apart whatever the search found, or "".
std::string too_little(const model& m, const tuples& t) {
  if (m.key == tuple_key::purchases && t.x.back() == 0.0) {  // sorted by x
    return "no customer bought again, so the data hold nothing about the rhythm of purchases";
  }
  if (t.size() < m.parameters.size() && !constant_spend(m, t)) {
    return "the customers have only " + std::to_string(t.size()) +
           " different histories, too few for " + std::to_string(m.parameters.size()) +
           " parameters";
  }
  return {};
}

void set_status(estimates& e, const tuples& t, const math::maximizer& best, double tolerance) {
  const model& m = *e.which;
  const curvature c(best.hessian());
  e.condition = c.condition();
  const std::string boundary = boundary_text(m, best, e.parameters);
  const double gradient = best.free_gradient_norm();
  if (std::string why = too_little(m, t); !why.empty()) {
    e.status = fit_status::not_identified;
    e.reason = std::move(why);
  } else if (!boundary.empty()) {
    e.status = fit_status::at_boundary;
    e.reason = (constant_spend(m, t) ? "all mean spends are equal: " : "") +
               ("the likelihood is highest at the edge of the allowed range, " + boundary);
  } else if (c.is_flat()) {
    e.status = fit_status::not_identified;
    e.reason = "the likelihood is flat along a combination of parameters (condition " +
               short_text(e.condition) + ")";
  } else if (!(gradient <= tolerance)) {
    e.status = fit_status::not_converged;
    e.reason = "the gradient per customer is " + short_text(gradient) + " after " +
               std::to_string(e.iterations) + " iterations, wanted " + short_text(tolerance);
  } else {
    e.status = fit_status::converged;
    e.reason = m.caveat == nullptr ? std::string_view() : m.caveat(e.parameters);
  }
}

void set_uncertainty(estimates& e, const Eigen::MatrixXd& hessian) {
  const Eigen::Index n = hessian.rows();
  const Eigen::MatrixXd inverse =
      (-hessian * e.customers).ldlt().solve(Eigen::MatrixXd::Identity(n, n));
  e.covariance.resize(static_cast<std::size_t>(n * n));
  for (Eigen::Index i = 0; i < n; ++i) {
    const double scale_i = e.parameters[static_cast<std::size_t>(i)];
    for (Eigen::Index j = 0; j < n; ++j) {
      const double scale_j = e.parameters[static_cast<std::size_t>(j)];
      const double both = 0.5 * (inverse(i, j) + inverse(j, i));
      e.covariance[static_cast<std::size_t>(i * n + j)] = scale_i * both * scale_j;
    }
    e.standard_errors.push_back(scale_i * std::sqrt(inverse(i, i)));
  }
}

bool all_finite(const likelihood_sum& sum, const estimates& e, const math::maximizer& best) {
  bool finite =
      std::isfinite(sum.value) && std::isfinite(best.value()) && best.hessian().allFinite();
  for (std::size_t i = 0; i < sum.gradient.size(); ++i) {
    finite = finite && std::isfinite(sum.gradient[i] * e.parameters[i]);
  }
  return finite;
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
  }
}

}  // namespace

estimates judge(const model& m, const tuples& t, const search& s, const search_options& o) {
  const math::maximizer& best = s.best();
  std::vector<double> own;
  for (const double log_value : best.at()) own.push_back(std::exp(log_value));
  estimates e{.which = &m, .parameters = to_user(m, own, s.units()), .iterations = s.iterations()};
  e.customers = t.customers;
  e.tuples = static_cast<std::int64_t>(t.size());
  const likelihood_sum sum = total_likelihood(m, e.parameters, t, o.threads);
  if (!all_finite(sum, e, best)) {
    set_undefined(e);
    keep_in_range(e);
    return e;
  }
  e.log_likelihood = sum.value;
  for (std::size_t i = 0; i < e.parameters.size(); ++i) {
    e.gradient_norm = std::max(e.gradient_norm, std::abs(sum.gradient[i] * e.parameters[i]));
  }
  set_status(e, t, best, o.tolerance);
  if (e.status == fit_status::converged) set_uncertainty(e, best.hessian());
  keep_in_range(e);
  return e;
}

}  // namespace clv

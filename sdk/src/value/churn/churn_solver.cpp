#include "value/churn/churn_solver.hpp"

#include <Eigen/Cholesky>
#include <cmath>

#include "value/churn/churn_model.hpp"

namespace clv {
namespace {

constexpr double baseline_penalty = 1e-6;
constexpr int most_iterations = 60, most_halvings = 30;

// ln(1 + e^v).
double log1p_exp(double v) {
  return v > 0 ? v + std::log1p(std::exp(-v)) : std::log1p(std::exp(v));
}

// The objective and what Newton needs of it, at one point. The features of a row do not change over
// its periods, so the sums over periods are taken first and the matrices cost one pass over rows.
class pass {
 public:
  pass(const churn_problem& of, const Eigen::MatrixXd& x, const std::vector<char>& use)
      : of_(of), x_(x), use_(use), p_(x.cols()), q_(of.basis.cols()) {}

  double value(const Eigen::VectorXd& at, double penalty) const {
    const Eigen::VectorXd part = of_features(at), base = of_.basis * at.tail(q_);
    double sum = 0;
    for (std::size_t i = 0; i < of_.periods.size(); ++i) {
      if (use_[i] == 0 || of_.periods[i] == 0) continue;
      const double own = part[static_cast<Eigen::Index>(i)];
      for (int t = 0; t < of_.periods[i]; ++t) sum -= log1p_exp(own + base[t]);
      sum += of_.y[i] * (own + base[of_.periods[i] - 1]);
    }
    return sum - penalty / 2 * at.head(p_).squaredNorm() -
           baseline_penalty / 2 * at.tail(q_).squaredNorm();
  }

  void derivatives(const Eigen::VectorXd& at,
                   double penalty,
                   Eigen::VectorXd& gradient,
                   Eigen::MatrixXd& negative_hessian) const {
    const Eigen::Index n = x_.rows(), periods = of_.basis.rows();
    const Eigen::VectorXd part = of_features(at), base = of_.basis * at.tail(q_);
    Eigen::VectorXd residual = Eigen::VectorXd::Zero(n), weight = Eigen::VectorXd::Zero(n);
    Eigen::VectorXd residual_at = Eigen::VectorXd::Zero(periods), weight_at = residual_at;
    Eigen::MatrixXd cross = Eigen::MatrixXd::Zero(n, q_);
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto row = static_cast<std::size_t>(i);
      if (use_[row] == 0) continue;
      for (int t = 0; t < of_.periods[row]; ++t) {
        const double p = logistic(part[i] + base[t]), w = p * (1 - p);
        const double r = (t + 1 == of_.periods[row] ? of_.y[row] : 0) - p;
        residual[i] += r;
        weight[i] += w;
        residual_at[t] += r;
        weight_at[t] += w;
        cross.row(i) += w * of_.basis.row(t);
      }
    }
    if (p_ > 0) gradient.head(p_) = x_.transpose() * residual - penalty * at.head(p_);
    gradient.tail(q_) = of_.basis.transpose() * residual_at - baseline_penalty * at.tail(q_);
    fill(weight, weight_at, cross, penalty, negative_hessian);
  }

 private:
  // A product with no columns would read through Eigen's null pointer.
  Eigen::VectorXd of_features(const Eigen::VectorXd& at) const {
    if (p_ == 0) return Eigen::VectorXd::Zero(x_.rows());
    return x_ * at.head(p_);
  }
  void fill(const Eigen::VectorXd& weight,
            const Eigen::VectorXd& weight_at,
            const Eigen::MatrixXd& cross,
            double penalty,
            Eigen::MatrixXd& h) const {
    h.setZero();
    if (p_ > 0) {
      const Eigen::MatrixXd scaled = weight.cwiseSqrt().asDiagonal() * x_;
      h.topLeftCorner(p_, p_).selfadjointView<Eigen::Lower>().rankUpdate(scaled.transpose());
      h.bottomLeftCorner(q_, p_) = cross.transpose() * x_;
    }
    h.bottomRightCorner(q_, q_) = of_.basis.transpose() * weight_at.asDiagonal() * of_.basis;
    h.diagonal().head(p_).array() += penalty;
    h.diagonal().tail(q_).array() += baseline_penalty;
    h = Eigen::MatrixXd(h.selfadjointView<Eigen::Lower>());
  }

  const churn_problem& of_;
  const Eigen::MatrixXd& x_;
  const std::vector<char>& use_;
  Eigen::Index p_, q_;
};

Eigen::VectorXd start_point(const churn_solution* start,
                            const std::vector<Eigen::Index>& columns,
                            Eigen::Index q) {
  const auto p = static_cast<Eigen::Index>(columns.size());
  Eigen::VectorXd at = Eigen::VectorXd::Zero(p + q);
  if (start == nullptr) return at;
  for (Eigen::Index j = 0; j < p; ++j) at[j] = start->beta[columns[static_cast<std::size_t>(j)]];
  if (start->gamma.size() == q) at.tail(q) = start->gamma;
  return at;
}

// A few steps of Newton. True: the decrement says that nothing is left to gain.
bool climb(const pass& f, double penalty, Eigen::VectorXd& at, Eigen::MatrixXd& h, int& steps) {
  Eigen::VectorXd gradient(at.size());
  double value = f.value(at, penalty);
  for (steps = 0; steps < most_iterations; ++steps) {
    f.derivatives(at, penalty, gradient, h);
    const Eigen::VectorXd step = h.ldlt().solve(gradient);
    const double decrement = gradient.dot(step);
    if (!std::isfinite(decrement)) return false;
    if (decrement <= 1e-11 * (1 + std::abs(value))) {
      at += step;  // quadratic convergence: what is left after it is rounding
      return true;
    }
    double length = 1, trial = 0;
    for (int halving = 0;; ++halving, length /= 2) {
      trial = f.value(at + length * step, penalty);
      if (trial >= value) break;
      if (halving == most_halvings) return false;
    }
    at += length * step;
    value = trial;
  }
  return false;
}

Eigen::MatrixXd chosen(const Eigen::MatrixXd& x, const std::vector<Eigen::Index>& columns) {
  Eigen::MatrixXd out(x.rows(), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j) {
    out.col(static_cast<Eigen::Index>(j)) = x.col(columns[j]);
  }
  return out;
}

}  // namespace

churn_solution solve_churn(const churn_problem& of,
                           const std::vector<char>& use,
                           const std::vector<Eigen::Index>& columns,
                           double penalty,
                           const churn_solution* start) {
  const bool all = static_cast<Eigen::Index>(columns.size()) == of.x.cols();
  const Eigen::MatrixXd part = all ? Eigen::MatrixXd() : chosen(of.x, columns);
  const Eigen::MatrixXd& x = all ? of.x : part;
  const Eigen::Index p = x.cols(), q = of.basis.cols();
  Eigen::VectorXd at = start_point(start, columns, q);
  Eigen::MatrixXd h(p + q, p + q);
  churn_solution found;
  found.converged = climb(pass(of, x, use), penalty, at, h, found.iterations);
  found.beta = Eigen::VectorXd::Zero(of.x.cols());
  for (Eigen::Index j = 0; j < p; ++j) found.beta[columns[static_cast<std::size_t>(j)]] = at[j];
  found.gamma = at.tail(q);
  found.covariance = h.ldlt().solve(Eigen::MatrixXd::Identity(p + q, p + q));
  return found;
}

}  // namespace clv

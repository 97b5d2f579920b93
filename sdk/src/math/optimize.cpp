#include "math/optimize.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace clv::math {
namespace {

constexpr double largest_radius = 4.0;
constexpr double one_sided_condition = 1e3;

// argmax g's - s'Bs/2 within |s| <= radius. With B = Q diag(l) Q' and shift m >= max(0, -min l) the
// step is (B + m)^-1 g, whose length falls in m: bisection in ln m needs no safeguards.
Eigen::VectorXd trust_region_step(const Eigen::MatrixXd& b,
                                  const Eigen::VectorXd& g,
                                  double radius) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(b);
  const Eigen::VectorXd& l = solver.eigenvalues();
  const Eigen::VectorXd q = solver.eigenvectors().transpose() * g;
  const auto step = [&](double shift) -> Eigen::VectorXd {
    return q.array() / (l.array() + shift);
  };
  const double scale = std::max(l.cwiseAbs().maxCoeff(), std::numeric_limits<double>::min());
  if (l[0] > 1e-14 * scale) {
    const Eigen::VectorXd newton = step(0.0);
    if (newton.norm() <= radius) return solver.eigenvectors() * newton;
  }
  const double base = std::max(0.0, -l[0]);
  double low = std::log(1e-14 * scale);
  double high = std::log(scale + g.norm() / radius);
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (step(base + std::exp(middle)).norm() > radius ? low : high) = middle;
  }
  return solver.eigenvectors() * step(base + std::exp(high));
}

bool all_finite(double value, const Eigen::VectorXd& gradient) {
  return std::isfinite(value) && gradient.allFinite();
}

}  // namespace

maximizer::maximizer(smooth_function f,
                     Eigen::VectorXd start,
                     maximize_options options,
                     Eigen::MatrixXd hessian)
    : f_(std::move(f)),
      options_(options),
      at_(start.cwiseMax(-options.limit).cwiseMin(options.limit)),
      gradient_(Eigen::VectorXd::Zero(start.size())),
      value_(-std::numeric_limits<double>::infinity()),
      hessian_(std::move(hessian)),
      central_(!options.one_sided) {}

bool maximizer::evaluate(const Eigen::VectorXd& at, double& value, Eigen::VectorXd& gradient) {
  ++evaluations_;
  return f_(at, value, gradient) && all_finite(value, gradient);
}

bool maximizer::advance() {
  if (state_ != state::running) return true;
  if (column_ == -2) {
    evaluate_start();
  } else if (column_ >= 0) {
    difference_column();
  } else {
    trial_step();
  }
  return state_ != state::running;
}

void maximizer::evaluate_start() {
  const Eigen::Index n = at_.size();
  double value = 0.0;
  Eigen::VectorXd gradient(n);
  if (!evaluate(at_, value, gradient)) {
    hessian_ = Eigen::MatrixXd::Zero(n, n);
    return finish(state::stalled);
  }
  value_ = value;
  gradient_ = gradient;
  const bool given = hessian_.rows() == n;
  column_ = given ? -1 : 0;
  if (!given) hessian_ = Eigen::MatrixXd::Zero(n, n);
  columns_ = Eigen::MatrixXd::Zero(n, n);
}

void maximizer::difference_column() {
  const Eigen::Index n = at_.size();
  const double h = options_.difference;
  Eigen::VectorXd point = at_;
  Eigen::VectorXd above(n);
  Eigen::VectorXd below = gradient_;
  double value = 0.0;
  point[column_] = at_[column_] + h;
  bool defined = evaluate(point, value, above);
  if (central_) {
    point[column_] = at_[column_] - h;
    defined = defined && evaluate(point, value, below);
  }
  if (!defined) return finish(state::stalled);
  columns_.col(column_) = (above - below) / (central_ ? 2.0 * h : h);
  if (++column_ < n) return;
  hessian_ = 0.5 * (columns_ + columns_.transpose());
  column_ = -1;
  fresh_ = true;
}

bool maximizer::ill_conditioned() const {
  const Eigen::VectorXd l = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(-hessian_).eigenvalues();
  return !(l[0] * one_sided_condition > l[l.size() - 1]);
}

void maximizer::stop(state how) {
  if (!options_.hessian_at_end) return finish(how);
  if (!fresh_) return refresh();
  if (central_ || !ill_conditioned()) return finish(how);
  central_ = true;
  refresh();
}

bool maximizer::held(const Eigen::VectorXd& at,
                     const Eigen::VectorXd& gradient,
                     Eigen::Index i) const {
  return (at[i] >= options_.limit && gradient[i] > 0.0) ||
         (at[i] <= -options_.limit && gradient[i] < 0.0);
}

double maximizer::free_norm(const Eigen::VectorXd& at, const Eigen::VectorXd& gradient) const {
  double norm = 0.0;
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    if (!held(at, gradient, i)) norm = std::max(norm, std::abs(gradient[i]));
  }
  return norm;
}

// The trust-region step over the components that are free to move, cut where it leaves the box. A
// component at the edge that the step would push out is held as well, or the cut would be to
// nothing: the curvature may want outward what the gradient wants inward.
Eigen::VectorXd maximizer::propose() const {
  std::vector<Eigen::Index> free;
  for (Eigen::Index i = 0; i < at_.size(); ++i) {
    if (!held(at_, gradient_, i)) free.push_back(i);
  }
  Eigen::VectorXd step = Eigen::VectorXd::Zero(at_.size());
  const auto pushed_out = [&](Eigen::Index i) {
    return std::abs(at_[i]) >= options_.limit && at_[i] * step[i] > 0.0;
  };
  for (std::size_t before = 0; before != free.size();) {
    before = free.size();
    step.setZero();
    if (!free.empty()) {
      step(free) = trust_region_step(-hessian_(free, free), gradient_(free), radius_);
    }
    std::erase_if(free, pushed_out);
  }
  double fraction = 1.0;
  for (const Eigen::Index i : free) {
    const double edge = step[i] > 0.0 ? options_.limit : -options_.limit;
    const double room = edge - at_[i];
    if (std::abs(step[i]) > std::abs(room)) fraction = std::min(fraction, room / step[i]);
  }
  return std::max(0.0, fraction) * step;
}

void maximizer::trial_step() {
  if (free_norm(at_, gradient_) <= options_.tolerance) {
    return stop(state::converged);
  }
  if (iterations_ >= options_.max_iterations) {
    return stop(state::out_of_iterations);
  }
  if (options_.least_gain > 0 && idle_ >= options_.patience) return stop(state::stalled);
  ++iterations_;
  const Eigen::VectorXd step = propose();
  const Eigen::VectorXd point = (at_ + step).cwiseMax(-options_.limit).cwiseMin(options_.limit);
  const double expected = gradient_.dot(step) + 0.5 * step.dot(hessian_ * step);
  double value = 0.0;
  Eigen::VectorXd gradient(at_.size());
  const bool defined = evaluate(point, value, gradient);
  // Below the rounding of the value only the gradient can tell progress from noise.
  const bool in_noise = expected < 1e-13 * (1.0 + std::abs(value_));
  const double ratio = defined && expected > 0.0 ? (value - value_) / expected : -1.0;
  const bool better =
      in_noise ? free_norm(point, gradient) < free_norm(at_, gradient_) : ratio > 1e-4;
  const bool gained = defined && better && value - value_ >= options_.least_gain;
  idle_ = gained ? 0 : idle_ + 1;
  if (!defined || !better) {
    if (defined && in_noise && fresh_) return finish(state::stalled);
    return reject(step.norm());
  }
  if (!in_noise && ratio < 0.25) radius_ = 0.5 * step.norm();
  if (!in_noise && ratio > 0.75 && step.norm() > 0.8 * radius_) {
    radius_ = std::min(2.0 * radius_, largest_radius);
  }
  accept(point - at_, value, gradient);
}

void maximizer::accept(const Eigen::VectorXd& step, double value, const Eigen::VectorXd& gradient) {
  const double before = free_norm(at_, gradient_);
  const Eigen::VectorXd missed = gradient - gradient_ - hessian_ * step;
  const double along = missed.dot(step);
  at_ += step;
  value_ = value;
  gradient_ = gradient;
  fresh_ = false;
  if (free_norm(at_, gradient_) > options_.refresh_above * before) return refresh();
  // Symmetric rank one (Nocedal & Wright 6.24), skipped where its denominator is rounding only.
  if (std::abs(along) > 1e-8 * missed.norm() * step.norm()) {
    hessian_ += missed * missed.transpose() / along;
  }
}

void maximizer::reject(double length) {
  radius_ = 0.25 * std::min(radius_, length);
  if (!fresh_) return refresh();
  if (radius_ < 1e-12) finish(state::stalled);
}

}  // namespace clv::math

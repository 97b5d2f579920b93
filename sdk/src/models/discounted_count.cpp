#include "models/discounted_count.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "math/quadrature.hpp"

namespace clv {
namespace {

constexpr double negligible = 1e-18;
constexpr double flat_from = 37;   // ln of how far from its knee a function is flat
constexpr int most_nodes = 5'000;  // a side

// K(v) = E_p[1/(p+v)], v >= least > 0, for many v.
class drop_out_transform {
 public:
  drop_out_transform(double a, double b, double least) {
    const math::logit_beta density(a, b);
    const double step = std::min(0.25, 0.43 * std::sqrt(1 / a + 1 / b));
    const double left = std::log(std::min(least, 1.0)) - flat_from - density.centre();
    const double right = flat_from + std::log(std::max(a, 1.0)) - density.centre();
    take(density.at(0), 1);
    // 1/(p+v) is flat from the limits on: there what is left of the sums is geometric.
    const int below = add_side(density, -step, left);
    if (below > 0) take(density.at(-step * below), -1 / std::expm1(-a * step));
    const int above = add_side(density, step, right);
    if (above > 0) take(density.at(step * above), -1 / std::expm1(-b * step));
    pair_up();
  }

  double operator()(double v) const {
    if (v > 1e150) return 1 / v;
    double even = 0, odd = 0;  // lets the compiler divide two at once
    for (std::size_t i = 0; i < pairs_.size(); i += 2) {
      even += pairs_[i].at(v);
      odd += pairs_[i + 1].at(v);
    }
    return (even + odd) / total_;
  }

 private:
  // w/(p+v) + W/(P+v) as one fraction, all of whose terms are positive: half the divisions.
  struct pair {
    double slope = 0, constant = 0, sum = 0, product = 1;
    double at(double v) const { return (slope * v + constant) / ((v + sum) * v + product); }
  };

  void take(const math::logit_beta::node& n, double times) {
    p_.push_back(n.p);
    weight_.push_back(std::exp(n.log_weight) * times);
    total_ += weight_.back();
    inverse_ += weight_.back() / std::max(n.p, 1e-300);
  }

  // Nodes until they weigh nothing (then 0), or to the limit (then the number of the next node).
  int add_side(const math::logit_beta& density, double step, double limit) {
    for (int n = 1;; ++n) {
      if (n >= most_nodes || n >= limit / step) return n;
      take(density.at(n * step), 1);
      const double w = weight_.back(), p = std::max(p_.back(), 1e-300);
      if (w <= negligible * total_ && w / p <= negligible * inverse_) return 0;
    }
  }

  void pair_up() {
    while (p_.size() % 4 != 0) take({1, -HUGE_VAL}, 1);  // weighs nothing
    for (std::size_t i = 0; i < p_.size(); i += 2) {
      const double p = p_[i], P = p_[i + 1], w = weight_[i], W = weight_[i + 1];
      pairs_.push_back({w + W, w * P + W * p, p + P, p * P});
    }
  }

  std::vector<double> p_, weight_;
  std::vector<pair> pairs_;
  double total_ = 0, inverse_ = 0;
};

// e_{k-1}(y) = sum_{j<k} y^j/j!
double truncated_exp(int k, double y) {
  double sum = 1, term = 1;
  for (int j = 1; j < k; ++j) {
    term *= y / j;
    sum += term;
  }
  return sum;
}

// Numerator and denominator over ln lambda = ln(shape/rate) + d.
class rate_sums {
 public:
  rate_sums(const drop_out_mixture& m, int k, double silence, double delta)
      : shape_(m.shape),
        centre_(m.shape / m.rate),
        k_(k),
        silence_(silence),
        delta_(delta),
        step_(std::min(0.18, 0.44 / std::sqrt(m.shape + k))),
        // Of all that weighs anything: lambda rate is below shape + 60 + 12 sqrt(shape + k).
        transform_(
            m.a, m.b, stages(m.shape + k + 60 + 12 * std::sqrt(m.shape + k), delta * m.rate)) {}

  double ratio() {
    for (int n = 0; n < most_nodes && !add(n * step_, 1); ++n) continue;
    last_ = HUGE_VAL;
    // To the left the weight is e^{shape d} and everything else flat from the limit on.
    const double flat = std::min({1.0, 1 / shape_, delta_ / centre_, 1 / (silence_ * centre_)});
    const double limit = std::log(flat) - flat_from;
    int n = 1;
    for (; n < most_nodes && -n * step_ > limit; ++n) {
      if (add(-n * step_, 1)) return top_ / bottom_;
    }
    add(-n * step_, -1 / std::expm1(-shape_ * step_));
    return top_ / bottom_;
  }

 private:
  // phi^-k - 1 at lambda, delta in one unit.
  double stages(double lambda, double delta) const {
    return std::expm1(k_ * std::log1p(delta / lambda));
  }

  bool add(double d, double times) {
    const double lambda = centre_ * std::exp(d);
    const double weight = std::exp(shape_ * (d - std::expm1(d))) * times;
    if (!(weight > 0) || !(lambda > 0)) return true;
    const double bottom = weight * truncated_exp(k_, silence_ * lambda);
    double top = weight * truncated_exp(k_, silence_ * (lambda + delta_));
    // K falls with lambda: to the left its last value is a bound.
    if (d > 0 || top * last_ > negligible * top_) {
      last_ = transform_(stages(lambda, delta_));
      top *= last_;
    } else {
      top = 0;
    }
    bottom_ += bottom;
    top_ += top;
    return bottom <= negligible * bottom_ && top <= negligible * top_;
  }

  double shape_, centre_;
  int k_;
  double silence_, delta_, step_;
  drop_out_transform transform_;
  double top_ = 0, bottom_ = 0, last_ = HUGE_VAL;
};

}  // namespace

double discounted_count(const drop_out_mixture& m, double delta) {
  return discounted_count(m, 1, 0, delta);
}

double discounted_count(const drop_out_mixture& m, int k, double silence, double delta) {
  if (!(delta > 0)) {
    return m.a > 1 ? 1 + m.b / (m.a - 1) : std::numeric_limits<double>::infinity();
  }
  if (!std::isfinite(delta)) return 0;
  return rate_sums(m, k, silence, delta).ratio();
}

}  // namespace clv

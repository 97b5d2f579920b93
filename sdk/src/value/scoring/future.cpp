#include "value/scoring/future.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "value/scoring/log_shape.hpp"

namespace clv {
namespace {

constexpr std::size_t kept_counts = 2048;

struct node {
  double at, weight;  // on [0, 1]
};
// Gauss-Legendre, 8 nodes (Abramowitz & Stegun 25.4), moved from [-1, 1].
constexpr std::array<node, 4> half_nodes{{{0.1834346424956498, 0.3626837833783620},
                                          {0.5255324099163290, 0.3137066458778873},
                                          {0.7966664774136267, 0.2223810344533745},
                                          {0.9602898564975363, 0.1012285362903763}}};

constexpr double furthest = 40.0;         // delta H, see the header
constexpr double most_discount = 1.0;     // delta H of one panel
constexpr double most_bend = 3.0;         // of one panel: 1 is a straight line
constexpr int most_halvings = 40;         // the part below is then 1e-12 of the whole at most
constexpr std::size_t single = 32;        // counts up to it stand for themselves
constexpr double least_variance = 1e-10;  // of one count: no step function to solve
constexpr double rarely = 1e-9;           // P(N >= 1) below it: 1 - no_purchase has lost its digits

}  // namespace

count_terms::count_terms(const model& spend, values p) : spend_(&spend), parameters_(p) {
  spend_->log_total_spend(parameters_, observation{}, 1.0, one_mean_, one_variance_);
  std::vector<entry> first(2);
  first.reserve(kept_counts);
  for (std::size_t n = 2; n < kept_counts; ++n) first.push_back(compute(n));
  kept_ = std::move(first);
  const double usual = std::exp(one_mean_);
  if (usual > 0.0 && std::isfinite(usual)) usual_spend_ = usual;
}

double count_terms::own_variance(double x) const {
  if (!(x > 0.0)) return one_variance_;
  double mean = 0.0;
  double variance = 0.0;
  const observation seen{.x = x, .mean_spend = usual_spend_};
  spend_->log_total_spend(parameters_, seen, 1.0, mean, variance);
  return variance;
}

count_terms::entry count_terms::compute(std::size_t n) const {
  entry e;
  spend_->log_total_spend(parameters_, observation{}, static_cast<double>(n), e.mean, e.variance);
  e.mean -= one_mean_;
  e.variance -= one_variance_;
  return e;
}

future_maker::future_maker(const model& m,
                           std::vector<double> p,
                           std::vector<std::vector<double>> around,
                           const count_terms* counts,
                           horizon ahead)
    : model_(&m),
      parameters_(std::move(p)),
      around_(std::move(around)),
      counts_(counts),
      ahead_(ahead) {}

double future_maker::expected(const observation& o, double t) const {
  return model_->expected_purchases(parameters_, o, t);
}

future future_maker::of(const observation& o, std::vector<double>& scratch) const {
  future out;
  if (ahead_.discounted && ahead_.delta > 0.0) {
    const double whole = expected(o, ahead_.length);
    const double share = whole > 0.0 ? discounted(o, whole) / whole : 1.0;
    out.discount = std::isfinite(share) ? share : 1.0;
  }
  if (ahead_.distribution && counts_ != nullptr) {
    shape_total(o, scratch, out);
    out.spread = spread_of(o);
  }
  return out;
}

// int_0^H e^(-delta s) E[Y(s)] ds / H in one go, and whether that can be trusted.
bool future_maker::single_panel(const observation& o,
                                double H,
                                double expected_at_H,
                                double& mean) const {
  if (ahead_.delta * H > most_discount) return false;
  double sum = 0.0;
  double first = 0.0;  // E[Y] at the node nearest to 0
  double last = 0.0;
  const auto add = [&](double u, double weight) {
    const double s = H * u * u;
    last = expected(o, s);
    sum += weight * u * std::exp(-ahead_.delta * s) * last;
  };
  double nearest = 0.0;
  for (const node& n : half_nodes) {
    nearest = 0.5 * (1.0 - n.at);
    add(nearest, n.weight);
    first = last;
    add(0.5 * (1.0 + n.at), n.weight);
  }
  mean = sum;
  // A straight line from 0 through `first` would end at first / nearest^2.
  return first <= most_bend * nearest * nearest * expected_at_H;
}

double future_maker::integral_of(const observation& o, double from, double to) const {
  const double half = 0.5 * (to - from);
  const double middle = 0.5 * (to + from);
  double sum = 0.0;
  for (const node& n : half_nodes) {
    for (const double at : {middle - half * n.at, middle + half * n.at}) {
      sum += n.weight * std::exp(-ahead_.delta * at) * expected(o, at);
    }
  }
  return half * sum;
}

double future_maker::by_periods(const observation& o) const {
  const double last = std::min(ahead_.length, std::ceil(furthest / ahead_.delta));
  double sum = 0.0;
  double before = 0.0;
  for (double k = 1.0; k <= last; k += 1.0) {
    const double now = expected(o, k);
    sum += std::exp(-ahead_.delta * k) * (now - before);
    before = now;
  }
  return sum;
}

double future_maker::discounted(const observation& o, double expected_at_H) const {
  if (is_discrete(*model_)) return by_periods(o);
  const double delta = ahead_.delta;
  const double H = std::min(ahead_.length, furthest / delta);
  if (H < ahead_.length) expected_at_H = expected(o, H);
  const double at_end = std::exp(-delta * H) * expected_at_H;
  double rest = 0.0;
  if (single_panel(o, H, expected_at_H, rest)) return at_end + delta * H * rest;
  double integral = 0.0;
  double to = H;
  for (int halvings = 0; halvings < most_halvings; ++halvings) {
    integral += integral_of(o, 0.5 * to, to);
    to *= 0.5;
    if (single_panel(o, to, expected(o, to), rest)) break;
  }
  return at_end + delta * (integral + to * rest);
}

// Counts above `single` are taken together by sixteenths, where ln S_n moves by a sixteenth too.
void future_maker::shape_total(const observation& o, std::vector<double>& tail, future& out) const {
  model_->purchase_tail(parameters_, o, ahead_.length, tail);
  const double own = counts_->own_variance(o.x);
  std::vector<mixture_part> parts;
  parts.reserve(single);
  for (std::size_t n = 1; n <= tail.size();) {
    const std::size_t last = n <= single ? n : std::min(tail.size(), n + n / 16);
    const double beyond = last < tail.size() ? tail[last] : 0.0;
    const double share = (tail[n - 1] - beyond) / tail[0];  // P(n <= N <= last | N >= 1)
    const count_terms::entry e = counts_->at((n + last) / 2);
    if (share > 0.0) parts.push_back({share, e.mean, std::max(least_variance, own + e.variance)});
    n = last + 1;
  }
  const log_shape shape = shape_of(parts);
  out.mean = shape.mean;
  out.variance = shape.variance - own;
  out.skew = shape.skew;
}

// P(alive) drops out of E / P(N >= 1), so this is a matter of the future alone.
double future_maker::spread_of(const observation& o) const {
  if (around_.empty()) return 0.0;
  double sum = 0.0;
  double squares = 0.0;
  for (const auto& p : around_) {
    const double some = 1.0 - model_->no_purchase(p, o, ahead_.length);
    const double count = model_->expected_purchases(p, o, ahead_.length);
    const double log_count = some > rarely && count > some ? std::log(count / some) : 0.0;
    if (!std::isfinite(log_count)) return 0.0;
    sum += log_count;
    squares += log_count * log_count;
  }
  const double n = static_cast<double>(around_.size());
  return std::max(0.0, squares / n - sum / n * (sum / n));
}

}  // namespace clv

#include "value/outlook.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "value/interval.hpp"

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

constexpr double furthest = 40.0;      // delta H, see the header
constexpr double most_discount = 1.0;  // delta H of one panel
constexpr double most_bend = 3.0;      // of one panel: 1 is a straight line
constexpr int most_halvings = 40;      // the part below is then 1e-12 of the whole at most

}  // namespace

count_terms::count_terms(const model& spend, values p) : spend_(&spend), parameters_(p) {
  spend_->log_total_spend(parameters_, observation{}, 1.0, one_mean_, one_variance_);
  std::vector<entry> first(2);
  first.reserve(kept_counts);
  for (std::size_t n = 2; n < kept_counts; ++n) first.push_back(compute(n));
  kept_ = std::move(first);
}

count_terms::entry count_terms::compute(std::size_t n) const {
  entry e;
  spend_->log_total_spend(parameters_, observation{}, static_cast<double>(n), e.mean, e.variance);
  e.mean -= one_mean_;
  e.variance -= one_variance_;
  return e;
}

outlook outlooks::of(const observation& o, std::vector<double>& scratch) const {
  outlook out;
  out.log_likelihood = model_->log_likelihood(parameters_, o);
  out.p_alive = model_->p_alive(parameters_, o);
  out.expected_purchases = model_->expected_purchases(parameters_, o, ahead_.length);
  out.no_purchase = model_->no_purchase(parameters_, o, ahead_.length);
  if (ahead_.discounted) out.discounted = discounted(o, out.expected_purchases);
  if (ahead_.distribution && counts_ != nullptr) {
    count_moments(o, scratch, out);
    out.z10 = quantile_normal(0.1, out.no_purchase);
    out.z50 = quantile_normal(0.5, out.no_purchase);
    out.z90 = quantile_normal(0.9, out.no_purchase);
  }
  return out;
}

// int_0^H e^(-delta s) E[Y(s)] ds / H in one go, and whether that can be trusted.
bool outlooks::single_panel(const observation& o, double H, double expected, double& mean) const {
  if (ahead_.delta * H > most_discount) return false;
  double sum = 0.0;
  double first = 0.0;  // E[Y] at the node nearest to 0
  double last = 0.0;
  const auto add = [&](double u, double weight) {
    const double s = H * u * u;
    last = model_->expected_purchases(parameters_, o, s);
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
  return first <= most_bend * nearest * nearest * expected;
}

double outlooks::integral_of(const observation& o, double from, double to) const {
  const double half = 0.5 * (to - from);
  const double middle = 0.5 * (to + from);
  double sum = 0.0;
  for (const node& n : half_nodes) {
    for (const double at : {middle - half * n.at, middle + half * n.at}) {
      sum +=
          n.weight * std::exp(-ahead_.delta * at) * model_->expected_purchases(parameters_, o, at);
    }
  }
  return half * sum;
}

double outlooks::discounted(const observation& o, double expected) const {
  if (ahead_.delta == 0.0) return expected;
  const double delta = ahead_.delta;
  const double H = std::min(ahead_.length, furthest / delta);
  if (H < ahead_.length) expected = model_->expected_purchases(parameters_, o, H);
  const double at_end = std::exp(-delta * H) * expected;
  double rest = 0.0;
  if (single_panel(o, H, expected, rest)) return at_end + delta * H * rest;
  double integral = 0.0;
  double to = H;
  for (int halvings = 0; halvings < most_halvings; ++halvings) {
    integral += integral_of(o, 0.5 * to, to);
    to *= 0.5;
    if (single_panel(o, to, model_->expected_purchases(parameters_, o, to), rest)) break;
  }
  return at_end + delta * (integral + to * rest);
}

void outlooks::count_moments(const observation& o, std::vector<double>& tail, outlook& out) const {
  model_->purchase_tail(parameters_, o, ahead_.length, tail);
  double mean = 0.0;
  double square = 0.0;
  double variance = 0.0;
  for (std::size_t i = 0; i < tail.size(); ++i) {
    const double beyond = i + 1 < tail.size() ? tail[i + 1] : 0.0;
    const double share = (tail[i] - beyond) / tail[0];  // P(N = i + 1 | N >= 1)
    const count_terms::entry e = counts_->at(i + 1);
    mean += share * e.mean;
    square += share * e.mean * e.mean;
    variance += share * e.variance;
  }
  out.count_mean = mean;
  out.count_variance = square - mean * mean + variance;
}

}  // namespace clv

#include "desk/priority/handle_model.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "math/normal.hpp"

namespace clv::desk {
namespace {

using vector = Eigen::Matrix<double, handle_drivers, 1>;
using square = Eigen::Matrix<double, handle_drivers, handle_drivers>;

constexpr double ridge = 1;
// Counts beyond it are rare enough to be one class; it bounds the table of growth.
constexpr double most_counted = 50;

double share_of(std::size_t count) {
  return 1 / static_cast<double>(count);
}

}  // namespace

// The rows as numbers, and which category each is of.
struct handle_model::design {
  std::vector<vector> x;  // less the centre
  std::vector<double> y;  // log minutes
  std::vector<std::size_t> group;
  std::vector<vector> x_mean;  // by category
  std::vector<double> y_mean;

  std::size_t size() const { return y.size(); }

  void average(std::size_t groups, const std::vector<category>& of) {
    x_mean.assign(groups, vector::Zero());
    y_mean.assign(groups, 0);
    for (std::size_t i = 0; i < size(); ++i) {
      x_mean[group[i]] += x[i] * share_of(of[group[i]].n);
      y_mean[group[i]] += y[i] * share_of(of[group[i]].n);
    }
  }
};

std::size_t handle_model::growth::at(double count) const {
  const double held = std::fmin(std::fmax(count, 0), static_cast<double>(mean.size() - 1));
  return static_cast<std::size_t>(held);
}

handle_model::handle_model(std::span<const handle_case> done) : n_(done.size()) {
  if (!learnt()) return;
  double known = 0;
  for (const handle_case& c : done) {
    if (!(c.length > 0)) continue;
    const double x = std::log1p(c.length);
    longest_ = known == 0 ? x : std::fmax(longest_, x);
    shortest_ = known == 0 ? x : std::fmin(shortest_, x);
    centres_[0] += x;
    ++known;
  }
  if (known > 0) centres_[0] /= known;
  learn_growth(done);
  design d;
  for (const handle_case& c : done) {
    d.group.push_back(group_of(c.category));
    ++categories_[d.group.back()].n;
    d.y.push_back(std::log(c.minutes));
    d.x.emplace_back(c.length > 0 ? std::log1p(c.length) - centres_[0] : 0,
                     std::fmin(c.reopened, most_counted) - centres_[1],
                     std::fmin(c.reassigned, most_counted) - centres_[2]);
  }
  d.average(categories_.size(), categories_);
  learn_slopes(d);
  learn_categories(d);
  std::ranges::sort(categories_, {}, &category::name);
  for (std::size_t i = 0; i < categories_.size(); ++i) index_[categories_[i].name] = i;
}

std::size_t handle_model::group_of(std::string_view name) {
  const auto found = index_.find(name);
  if (found != index_.end()) return found->second;
  index_.emplace(name, categories_.size());
  categories_.push_back({.name = std::string(name)});
  return categories_.size() - 1;
}

void handle_model::learn_growth(std::span<const handle_case> done) {
  for (std::size_t which = 0; which < growth_.size(); ++which) {
    std::vector<double> finals;
    for (const handle_case& c : done) {
      finals.push_back(std::fmin(which == 0 ? c.reopened : c.reassigned, most_counted));
    }
    std::ranges::sort(finals);
    centres_[which + 1] = std::accumulate(finals.begin(), finals.end(), 0.0) * share_of(n_);
    for (int k = 0; k <= finals.back(); ++k) {
      const auto first = std::ranges::lower_bound(finals, static_cast<double>(k));
      const double n = static_cast<double>(finals.end() - first);
      const double mean = std::accumulate(first, finals.end(), 0.0) / n;
      double squares = 0;
      for (auto at = first; at != finals.end(); ++at) squares += (*at - mean) * (*at - mean);
      growth_[which].mean.push_back(mean);
      growth_[which].variance.push_back(squares / n);
    }
  }
}

void handle_model::learn_slopes(const design& d) {
  square xx = ridge * square::Identity();
  vector xy = vector::Zero();
  for (std::size_t i = 0; i < d.size(); ++i) {
    const vector x = d.x[i] - d.x_mean[d.group[i]];
    xx += x * x.transpose();
    xy += x * (d.y[i] - d.y_mean[d.group[i]]);
  }
  const Eigen::LDLT<square> solver(xx);
  const vector slopes = solver.solve(xy);
  double squares = 0;
  for (std::size_t i = 0; i < d.size(); ++i) {
    const double e = d.y[i] - d.y_mean[d.group[i]] - slopes.dot(d.x[i] - d.x_mean[d.group[i]]);
    squares += e * e;
  }
  // As many categories as tickets leave nothing to learn the spread from: it is then divided by 1.
  const double used = static_cast<double>(categories_.size() + handle_drivers);
  s2_ = std::fmax(squares / std::fmax(static_cast<double>(n_) - used, 1), least_sd * least_sd);
  const square inverse = solver.solve(square::Identity());
  for (std::size_t j = 0; j < handle_drivers; ++j) {
    const auto at = static_cast<Eigen::Index>(j);
    slopes_[j] = slopes[at];
    errors_[j] = std::sqrt(s2_ * inverse(at, at));
  }
}

// DerSimonian & Laird: Q = sum n_c (m_c - m)^2 / s^2 over the categories' means m_c less what the
// slopes explain; tau^2 = s^2 (Q - (k - 1)) / (N - sum n_c^2 / N).
void handle_model::learn_categories(const design& d) {
  const vector slopes(slopes_[0], slopes_[1], slopes_[2]);
  const double n = static_cast<double>(n_);
  std::vector<double> means;
  double pooled = 0, squares_n = 0;
  for (std::size_t c = 0; c < categories_.size(); ++c) {
    means.push_back(d.y_mean[c] - slopes.dot(d.x_mean[c]));
    const double count = static_cast<double>(categories_[c].n);
    pooled += count * means[c] / n;
    squares_n += count * count / n;
  }
  double q = 0;
  for (std::size_t c = 0; c < categories_.size(); ++c) {
    q += static_cast<double>(categories_[c].n) * (means[c] - pooled) * (means[c] - pooled) / s2_;
  }
  const double k = static_cast<double>(categories_.size());
  tau2_ = k > 1 ? std::fmax(s2_ * (q - (k - 1)) / (n - squares_n), 0) : 0;
  double sum = 0, weights = 0;
  for (std::size_t c = 0; c < categories_.size(); ++c) {
    const double weight = 1 / (tau2_ + s2_ / static_cast<double>(categories_[c].n));
    sum += weight * means[c];
    weights += weight;
  }
  mu_ = sum / weights;
  for (std::size_t c = 0; c < categories_.size(); ++c) {
    categories_[c].weight = tau2_ / (tau2_ + s2_ / static_cast<double>(categories_[c].n));
    categories_[c].shift = categories_[c].weight * (means[c] - mu_);
  }
}

const handle_model::category* handle_model::find(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &categories_[found->second];
}

// What category and length say; the variance left in a category's own mean is tau^2 (1 - w).
log_minutes handle_model::base(const handle_case& c, const category* known) const {
  const double own = known == nullptr ? 0 : known->weight;
  log_minutes h{.mean = mu_ + (known == nullptr ? 0 : known->shift),
                .variance = s2_ + tau2_ * (1 - own)};
  if (!(c.length > 0)) return h;
  const double x = std::fmin(std::fmax(std::log1p(c.length), shortest_), longest_);
  if (longest_ > 0) h.mean += slopes_[0] * (x - centres_[0]);
  return h;
}

log_minutes handle_model::finished(const handle_case& c) const {
  log_minutes h = base(c, find(c.category));
  const std::array<double, 2> counts{c.reopened, c.reassigned};
  for (std::size_t which = 0; which < growth_.size(); ++which) {
    const double most = static_cast<double>(growth_[which].mean.size() - 1);
    h.mean += slopes_[which + 1] * (std::fmin(counts[which], most) - centres_[which + 1]);
  }
  return h;
}

log_minutes handle_model::grown(const handle_case& c, log_minutes h) const {
  const std::array<double, 2> counts{c.reopened, c.reassigned};
  for (std::size_t which = 0; which < growth_.size(); ++which) {
    const growth& g = growth_[which];
    const std::size_t k = g.at(counts[which]);
    const double slope = slopes_[which + 1];
    h.mean += slope * (g.mean[k] - centres_[which + 1]);
    h.variance += slope * slope * g.variance[k];
  }
  return h;
}

log_minutes handle_model::under_way(const handle_case& c) const {
  return grown(c, base(c, find(c.category)));
}

log_minutes handle_model::unknown() const {
  const handle_case nothing;
  return grown(nothing, base(nothing, nullptr));
}

double expected_minutes(const log_minutes& h) {
  return std::exp(h.mean + h.variance / 2);
}

double expected_rest(const log_minutes& h, double done) {
  if (!(done > 0)) return expected_minutes(h);
  constexpr double farthest = 37;  // up to there normal_cdf(-z) is exact and above 1e-300
  const double s = std::sqrt(h.variance);
  const double z = (std::log(done) - h.mean) / s;
  const double held = std::fmin(z, farthest);
  const double from = z > farthest ? std::exp(h.mean + s * farthest) : done;
  const double rest =
      expected_minutes(h) * math::normal_cdf(s - held) / math::normal_cdf(-held) - from;
  return rest * (done / from);
}

}  // namespace clv::desk

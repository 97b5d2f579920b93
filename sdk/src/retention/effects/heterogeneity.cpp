#include "retention/effects/heterogeneity.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace clv::retention {
namespace {

constexpr std::array<double, 3> top_shares{0.1, 0.3, 0.5};

Eigen::Index at(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

std::size_t folds_of(const experiment& of) {
  return static_cast<std::size_t>(*std::max_element(of.fold.begin(), of.fold.end())) + 1;
}

std::vector<double> column_of(const Eigen::MatrixXd& m, std::size_t arm) {
  return {m.col(at(arm)).begin(), m.col(at(arm)).end()};
}

std::vector<double> gaps(const Eigen::MatrixXd& score, std::size_t arm) {
  std::vector<double> out;
  for (Eigen::Index i = 0; i < score.rows(); ++i) out.push_back(score(i, at(arm)) - score(i, 0));
  return out;
}

// Per unit its place in its fold, from 0 for the lowest to just below 1; ties keep their order.
std::vector<double> places_in_fold(const experiment& of, const std::vector<double>& by) {
  std::vector<std::size_t> order(of.units());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(
      order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return by[a] < by[b]; });
  std::vector<double> size(folds_of(of), 0), next = size, out(of.units());
  for (const int fold : of.fold) ++size[static_cast<std::size_t>(fold)];
  for (const std::size_t unit : order) {
    const auto fold = static_cast<std::size_t>(of.fold[unit]);
    out[unit] = next[fold]++ / size[fold];
  }
  return out;
}

std::vector<double> centres_of(const experiment& of, const std::vector<double>& tau) {
  std::vector<double> sum(folds_of(of), 0), n = sum;
  for (std::size_t i = 0; i < of.units(); ++i) {
    sum[static_cast<std::size_t>(of.fold[i])] += tau[i];
    ++n[static_cast<std::size_t>(of.fold[i])];
  }
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] /= n[k];
  return sum;
}

// Least squares of y on 1 and s, whose mean is 0, with HC1 errors. No slope when s is rounding
// beside `of_size`.
struct line {
  std::optional<estimate> slope;
  double mean_error = 0;
};

line fitted_line(const std::vector<double>& s,
                 const std::vector<double>& y,
                 const std::vector<double>& of_size) {
  double squares = 0, product = 0, size = 0, residuals = 0, meat = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    squares += s[i] * s[i];
    product += s[i] * y[i];
    size += of_size[i] * of_size[i];
  }
  if (!(squares > 1e-20 * size) || s.size() < 3) return {};
  const double n = static_cast<double>(s.size()), mean = mean_of(y).mean, slope = product / squares;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const double e = y[i] - mean - slope * s[i];
    residuals += e * e;
    meat += s[i] * s[i] * e * e;
  }
  return {estimate{.mean = slope, .se = std::sqrt(meat * n / (n - 2)) / squares, .n = n},
          std::sqrt(residuals / (n - 2) / n)};
}

// `noise`: of the arm and the control together.
std::optional<estimate> forward_slope(const experiment& of,
                                      const std::vector<double>& y,
                                      const std::vector<double>& past_tau,
                                      double noise) {
  const std::vector<double> centres = centres_of(of, past_tau);
  std::vector<forward_fold> folds;
  for (std::size_t k = 1; k < centres.size(); ++k) {
    std::vector<double> s, own, size;
    double squares = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (static_cast<std::size_t>(of.fold[i]) != k) continue;
      s.push_back(past_tau[i] - centres[k]);
      own.push_back(y[i]);
      size.push_back(past_tau[i]);
      squares += s.back() * s.back();
    }
    const line found = fitted_line(s, own, size);
    folds.push_back(found.slope ? forward_fold{*found.slope, std::sqrt(noise / squares)}
                                : forward_fold{});
  }
  const estimate e = combine_forward(folds);
  return e.se > 0 ? std::optional(e) : std::nullopt;
}

}  // namespace

calibration calibrate(const experiment& of, const cross_fitted& found, std::size_t arm) {
  const std::vector<double> y = gaps(found.score, arm), tau = column_of(found.tau, arm);
  calibration c{.beta1 = mean_of(y), .beta2 = {}, .proof = {}, .centres = centres_of(of, tau)};
  std::vector<double> s = tau;
  for (std::size_t i = 0; i < s.size(); ++i) {
    s[i] -= c.centres[static_cast<std::size_t>(of.fold[i])];
  }
  const line all = fitted_line(s, y, tau);
  if (!all.slope) return c;
  c.beta2 = all.slope;
  c.beta1.se = all.mean_error;
  const std::vector<double> noise = noise_of(found);
  c.proof = forward_slope(of, y, column_of(found.past_tau, arm), noise[arm] + noise[0]);
  return c;
}

std::vector<effect_group> sorted_groups(const experiment& of,
                                        const cross_fitted& found,
                                        std::size_t arm,
                                        std::size_t groups) {
  const std::vector<double> y = gaps(found.score, arm), tau = column_of(found.tau, arm);
  const std::vector<double> place = places_in_fold(of, tau);
  std::vector<std::vector<double>> effects(groups);
  std::vector<effect_group> out(groups);
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto g =
        std::min(groups - 1, static_cast<std::size_t>(place[i] * static_cast<double>(groups)));
    effects[g].push_back(y[i]);
    out[g].predicted += tau[i];
  }
  for (std::size_t g = 0; g < groups; ++g) {
    out[g].effect = mean_of(effects[g]);
    if (!effects[g].empty()) out[g].predicted /= out[g].effect.n;
  }
  return out;
}

std::vector<targeting_row> targeting(const experiment& of,
                                     const cross_fitted& found,
                                     const money_view& money,
                                     std::size_t arm) {
  const std::vector<double> y = gaps(money.score, arm);
  const std::vector<double> by_uplift = places_in_fold(of, column_of(money.net, arm));
  const std::vector<double> by_baseline = places_in_fold(of, column_of(found.mu, 0));
  std::vector<targeting_row> out;
  for (const double share : top_shares) {
    std::vector<double> uplift, baseline;
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (by_uplift[i] >= 1 - share) uplift.push_back(y[i]);
      if (by_baseline[i] >= 1 - share) baseline.push_back(y[i]);
    }
    out.push_back({"uplift", share, mean_of(uplift)});
    out.push_back({"baseline", share, mean_of(baseline)});
    out.push_back({"random", share, mean_of(y)});
  }
  return out;
}

}  // namespace clv::retention

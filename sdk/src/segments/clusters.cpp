#include "segments/clusters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "math/random.hpp"

namespace clv {
namespace {

constexpr int most_iterations = 100;

double total(const std::vector<double>& v) {
  double sum = 0;
  for (const double each : v) sum += each;
  return sum;
}

// Index drawn with probability in proportion to `shares`; the last one with a share at the end.
std::size_t drawn(const std::vector<double>& shares, double u) {
  double left = u * total(shares);
  std::size_t found = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (!(shares[i] > 0)) continue;
    found = i;
    left -= shares[i];
    if (left < 0) break;
  }
  return found;
}

centres plus_plus(const points& p, std::size_t k, random_source& random) {
  const std::size_t n = p.dimensions;
  centres c;
  std::vector<double> far(p.size(), std::numeric_limits<double>::infinity());
  std::vector<double> shares = p.weight;
  for (std::size_t i = 0; i < k; ++i) {
    const std::size_t chosen = drawn(shares, random.uniform());
    c.at.insert(c.at.end(), p[chosen], p[chosen] + n);
    for (std::size_t j = 0; j < p.size(); ++j) {
      far[j] = std::min(far[j], squared_distance(p[j], p[chosen], n));
      shares[j] = p.weight[j] * far[j];
    }
  }
  return c;
}

// One step: who is nearest to whom, then the new means. True when nobody moved.
bool lloyd_step(const points& p, std::size_t k, std::vector<std::size_t>& label, centres& c) {
  const std::size_t n = p.dimensions;
  bool same = true;
  c.within = 0;
  std::vector<double> sums(k * n), weight(k);
  std::size_t farthest = 0;
  double distance = -1;
  for (std::size_t j = 0; j < p.size(); ++j) {
    const std::size_t best = nearest(c, k, p[j], n);
    const double d = squared_distance(p[j], c.at.data() + best * n, n);
    same = same && label[j] == best;
    label[j] = best;
    c.within += p.weight[j] * d;
    weight[best] += p.weight[j];
    for (std::size_t i = 0; i < n; ++i) sums[best * n + i] += p.weight[j] * p[j][i];
    if (d > distance) {
      distance = d;
      farthest = j;
    }
  }
  for (std::size_t g = 0; g < k; ++g) {
    if (weight[g] > 0) {
      for (std::size_t i = 0; i < n; ++i) c.at[g * n + i] = sums[g * n + i] / weight[g];
    } else if (distance > 0) {
      std::copy_n(p[farthest], n, c.at.begin() + static_cast<std::ptrdiff_t>(g * n));
      same = false;
    }
  }
  return same;
}

}  // namespace

std::size_t nearest(const centres& c, std::size_t k, const double* point, std::size_t n) {
  std::size_t best = 0;
  double distance = std::numeric_limits<double>::infinity();
  for (std::size_t g = 0; g < k; ++g) {
    const double d = squared_distance(point, c.at.data() + g * n, n);
    if (d < distance) {
      distance = d;
      best = g;
    }
  }
  return best;
}

centres k_means(const points& p, std::size_t k, std::uint64_t seed, int restarts) {
  centres best{.within = std::numeric_limits<double>::infinity()};
  for (int i = 0; i < restarts; ++i) {
    random_source random(seed, static_cast<std::uint64_t>(i));
    centres c = plus_plus(p, k, random);
    std::vector<std::size_t> label(p.size(), k);
    for (int step = 0; step < most_iterations; ++step) {
      if (lloyd_step(p, k, label, c)) break;
    }
    if (c.within < best.within) best = std::move(c);
  }
  return best;
}

double calinski_harabasz(const points& p, const centres& c, std::size_t k) {
  const double customers = total(p.weight), groups = static_cast<double>(k);
  std::vector<double> mean(p.dimensions);
  for (std::size_t j = 0; j < p.size(); ++j) {
    for (std::size_t i = 0; i < p.dimensions; ++i) mean[i] += p.weight[j] / customers * p[j][i];
  }
  double all = 0;
  for (std::size_t j = 0; j < p.size(); ++j) {
    all += p.weight[j] * squared_distance(p[j], mean.data(), p.dimensions);
  }
  if (!(c.within > 0) || k < 2 || customers <= groups) return 0;
  return (all - c.within) / (groups - 1) / (c.within / (customers - groups));
}

double adjusted_rand(const std::vector<std::size_t>& a,
                     const std::vector<std::size_t>& b,
                     const std::vector<double>& weight) {
  std::map<std::pair<std::size_t, std::size_t>, double> both;
  std::map<std::size_t, double> in_a, in_b;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both[{a[i], b[i]}] += weight[i];
    in_a[a[i]] += weight[i];
    in_b[b[i]] += weight[i];
  }
  const auto pairs = [](double n) { return n * (n - 1) / 2; };
  double joint = 0, of_a = 0, of_b = 0;
  for (const auto& [key, n] : both) joint += pairs(n);
  for (const auto& [key, n] : in_a) of_a += pairs(n);
  for (const auto& [key, n] : in_b) of_b += pairs(n);
  const double all = pairs(total(weight));
  const double expected = all > 0 ? of_a * of_b / all : 0;
  const double most = (of_a + of_b) / 2;
  return most > expected ? (joint - expected) / (most - expected) : 1;
}

points resampled(const points& p, std::uint64_t seed, std::uint64_t index) {
  random_source random(seed, index);
  std::vector<double> up_to(p.size());
  double sum = 0;
  for (std::size_t j = 0; j < p.size(); ++j) up_to[j] = sum += p.weight[j];
  std::vector<double> weight(p.size());
  for (double i = 0; i < sum; ++i) {
    const auto at = std::upper_bound(up_to.begin(), up_to.end(), random.uniform() * sum);
    weight[static_cast<std::size_t>(std::min<std::ptrdiff_t>(
        at - up_to.begin(), static_cast<std::ptrdiff_t>(p.size()) - 1))] += 1;
  }
  points out{.dimensions = p.dimensions};
  for (std::size_t j = 0; j < p.size(); ++j) {
    if (weight[j] == 0) continue;
    out.at.insert(out.at.end(), p[j], p[j] + p.dimensions);
    out.weight.push_back(weight[j]);
  }
  return out;
}

}  // namespace clv

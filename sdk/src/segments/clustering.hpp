// What k-means and the Gaussian mixture have in common around their own mathematics.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "clv/table.hpp"
#include "segments/points.hpp"

namespace clv {

// Learning sees at most this many distinct points: a sample through the sorted order.
inline constexpr std::size_t most_points = 20'000;
inline constexpr std::size_t most_bootstrap_points = 4'000;

struct cluster_options {
  std::size_t k = 0;  // 0: the best of 2 ... most_k
  std::size_t most_k = 8;
  std::uint64_t seed = 0;
  int restarts = 10;
  int bootstraps = 20;
  std::vector<std::string> names;  // of the clusters, empty: cluster_1, cluster_2, ...
};
// Options "k", "most_k", "seed", "restarts", "bootstraps", "names".
cluster_options read_cluster_options(const settings& given);

// The ks to try: the one asked for, or 2 ... most_k, all at most the number of points.
std::vector<std::size_t> candidates(const cluster_options& o, const points& p);

// Clusters by what they are worth, the best first: by the mean of clv (of expected_purchases, of x)
// over the customers whose nearest cluster they are; equal ones as they were.
std::vector<std::size_t> by_worth(const table& scores,
                                  const points& p,
                                  std::size_t k,
                                  const std::function<std::size_t(std::size_t point)>& cluster_of);

std::string cluster_name(const cluster_options& o, std::size_t cluster);

// The columns customer and scheme of an assignment, and an empty column segment.
table assignment_of(const table& scores, std::string_view scheme);

// Mean agreement (adjusted Rand) of `labels_of` a resample with `labels` on the points themselves,
// over o.bootstraps resamples.
double stability(const points& p,
                 const cluster_options& o,
                 const std::vector<std::size_t>& labels,
                 const std::function<std::vector<std::size_t>(const points& resample)>& labels_of);

}  // namespace clv

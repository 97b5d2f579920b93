// k-means on weighted points, and how far two clusterings agree. [any] Pure but for the seed.
#pragma once

#include <cstdint>
#include <vector>

#include "segments/points.hpp"

namespace clv {

struct centres {
  std::vector<double> at;  // k rows
  double within = 0;       // weighted sum of squared distances to the own centre
};

std::size_t nearest(const centres& c, std::size_t k, const double* point, std::size_t dimensions);

// Lloyd's iterations from k-means++ seeds (Arthur & Vassilvitskii 2007), the best of `restarts`;
// stream i of the seed is restart i. k is at most the number of points. An emptied cluster takes
// the point farthest from its centre.
centres k_means(const points& p, std::size_t k, std::uint64_t seed, int restarts);

// Calinski & Harabasz (1974): between over within variance, each by its degrees of freedom; larger
// is better. k >= 2 and below the number of customers; 0 for a perfect or an empty split.
double calinski_harabasz(const points& p, const centres& c, std::size_t k);

// Adjusted Rand index of two labellings of the same weighted items: 1 equal, 0 as by chance (Hubert
// & Arabie 1985).
double adjusted_rand(const std::vector<std::size_t>& a,
                     const std::vector<std::size_t>& b,
                     const std::vector<double>& weight);

// `p` with weights redrawn as if its customers were sampled with replacement.
points resampled(const points& p, std::uint64_t seed, std::uint64_t index);

}  // namespace clv

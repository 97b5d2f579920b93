// Drawing an option to learn from it, with a probability that is known exactly because it is the
// one that was drawn with. [any]
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace clv::retention {

// Probabilities of K options and, at index 0, of doing nothing: each alike. out.size() = K + 1.
void uniform_propensities(std::span<double> out);

// P(option k is the best and better than nothing, whose profit is 0) for independent normal profits
// mean_k, sd_k > 0, by quadrature of  phi_k(u) prod_{j != k} Phi_j(u)  over u > 0; index 0, that
// none is above 0, is prod Phi(-mean_j / sd_j). Mixed with `floor`: floor + (1 - (K + 1) floor) P,
// so that each is at least `floor` (which is lowered to 1 / (K + 1) where there are too many
// options). Error below 1e-9, so they sum to 1 within that.
// Source: Thompson (1933), Biometrika 25; Chapelle & Li (2011).
double thompson_propensity(std::span<const double> mean,
                           std::span<const double> sd,
                           double floor,
                           std::size_t index);
// All of them, the same bits as one by one. out.size() = K + 1.
void thompson_propensities(std::span<const double> mean,
                           std::span<const double> sd,
                           double floor,
                           std::span<double> out);

// The index whose interval of the running sum holds hash / 2^64.
std::size_t draw(std::span<const double> propensities, std::uint64_t hash);

}  // namespace clv::retention

// What a pass over many tuples need not compute again. [one] Per call.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace clv {

// u(t) = ln((alpha+t)/alpha) and f(t) = t/(alpha+t) of the few distinct times of a log, kept by a
// hash of t. What is found never differs from what would be computed, so the result does not
// depend on hits and misses.
class time_terms {
 public:
  struct entry {
    double t = 0, u = 0, f = 0;  // right for t = 0 as they stand
  };
  explicit time_terms(double alpha) : alpha_(alpha) {}
  const entry& at(double t) {
    const auto bits = std::bit_cast<std::uint64_t>(t);
    entry& e = entries_[(bits * 0x9e3779b97f4a7c15u) >> (64 - index_bits)];
    if (e.t != t) e = {t, std::log1p(t / alpha_), t / (alpha_ + t)};
    return e;
  }

 private:
  static constexpr int index_bits = 11;
  double alpha_;
  std::array<entry, std::size_t{1} << index_bits> entries_;
};

}  // namespace clv

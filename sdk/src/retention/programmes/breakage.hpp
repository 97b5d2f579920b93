// How many of the points that are out will ever be redeemed, from what became of the lots so far.
//
// Points leave a lot by being burned or by expiring, at an age. For ages in bins of `bin_days`,
// over all lots and in points: h_k = burned in bin k / held in it, x_k the same of expired, each
// only from lots whose bin k is over (a running bin is censored), and points reversed in it are not
// held.
//   P_k = h_k + (1 - h_k - x_k) P_{k+1}     chance of a point at age k to be redeemed ever
// the discrete competing-risks (Aalen-Johansen) estimate. Beyond the oldest lots seen P = 1: what
// nobody could see yet counts as redeemed, the careful side of a liability.
// Points of one customer share their fate, so the interval is a delete-a-group jackknife over 20
// groups of customers (by hash of the id): var = (G-1)/G sum (theta_g - mean)^2, Student's t with
// 19 degrees of freedom. No order of rows and no seed changes it. [any] No state.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "retention/programmes/ledger_lines.hpp"

namespace clv::retention {

class breakage_counts {
 public:
  breakage_counts(std::int64_t bin_days, std::int64_t as_of) : bin_days_(bin_days), as_of_(as_of) {}

  void add(const member_lines& of);        // what became of this member's lots
  void add_open(const member_points& of);  // what is out, whose fate is asked

  struct estimate {
    double redeemed = 0, low = 0, high = 0;  // of the points that are out
    std::int64_t lots = 0, customers = 0;    // lots that have ended, and whose they were
  };
  estimate redeemed() const;

 private:
  static constexpr std::size_t groups = 20;
  struct bin {
    std::int64_t held = 0, burned = 0, expired = 0;
  };
  // Expected redeemed without one group; groups: with all.
  double without(std::size_t group) const;

  std::int64_t bin_days_, as_of_;
  std::array<std::vector<bin>, groups> bins_;
  std::vector<std::int64_t> out_;  // points by the bin of their lot's age
  std::int64_t lots_ = 0, customers_ = 0;
};

}  // namespace clv::retention

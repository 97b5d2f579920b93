// How one customer buys: rhythm, trend, season, money. From orders known at a moment.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "features/history.hpp"

namespace clv::features {

struct purchase_day {
  std::int32_t day = 0;
  std::int64_t minor = 0;  // of all purchases of that day
};

struct rhythm {
  std::vector<purchase_day> days;                      // rising
  std::vector<double> intervals;                       // days between them
  std::int64_t bought = 0, returned = 0, returns = 0;  // minor units; number of refunds
};

// `orders` are one customer's, sorted by time. Throws error{data} when a sum leaves 64 bits.
rhythm rhythm_of(std::span<const order> orders);

// Purchase days among the last `window` civil days up to and with `today`.
double purchases_within(const rhythm& r, std::int32_t today, double window);
double spent_within(const rhythm& r, std::int32_t today, double window);  // minor units

// Mean and coefficient of variation (standard deviation with n - 1, over the mean) of intervals.
std::optional<double> interval_mean(const rhythm& r);  // from one interval on
std::optional<double> interval_cv(const rhythm& r);    // from two on

// Shape k of gamma-distributed intervals: 1 random (Poisson), above regular, below clumped. The
// closed-form estimate k = m sum x / (m sum x ln x - sum ln x sum x) and its bias correction
// k - (3k - 2/3 k/(1+k) - 4/5 k/(1+k)^2) / m (Ye & Chen 2017, The American Statistician 71,
// 177-181). From four intervals on; equal intervals and everything above 100 give 100.
std::optional<double> regularity(const rhythm& r);

// ln of the purchase rate of the last `window` days over the rate before:
//   ln[(c1 + 1/2) / window] - ln[(c0 + 1/2) / (T - window)], T = today - first purchase day,
// c1, c0 the purchase days in each; the first purchase is not counted, it starts the clock. The
// halves keep it finite (Haldane 1956). nullopt when T < 2 window.
std::optional<double> trend(const rhythm& r, std::int32_t today, double window);

// Purchase days by calendar month (January first); nullopt under 365 days since the first one or
// under four purchase days.
std::optional<std::array<double, 12>> months(const rhythm& r, std::int32_t today);
double share_of_largest(std::span<const double> counts);
// -sum p ln p in nats; 0 for one kind only.
double entropy(std::span<const double> counts);

}  // namespace clv::features

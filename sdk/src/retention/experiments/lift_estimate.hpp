// Comparing two arms of customers. Every customer is one observation, whatever the number of its
// decisions: sums over a customer are independent between customers, decisions are not. [any]
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "math/proportion.hpp"
#include "retention/experiments/lift_groups.hpp"

namespace clv::retention {

struct arm_means {
  double n = 0, decisions = 0, responded = 0, unsubscribed = 0;
  double value = 0, value_variance = 0;  // variances of the mean: s^2 / n with n - 1
  double cost = 0;
  double net = 0, net_variance = 0;  // value - cost
};

struct arms {
  arm_means treated, held;
};

arms compare_arms(std::span<const measured_person> people);

// Adjusting by what was known before: Y - theta (X - mean X), theta = cov(X, Y) / var(X) pooled
// within the arms (Deng, Xu, Kohavi & Walker 2013, WSDM). Randomisation keeps the difference
// unbiased; its variance falls by the squared correlation. A customer without X has the mean.
struct cuped_difference {
  double difference = 0, standard_error = 0, theta = 0;
  double variance_reduction = 0;  // 1 - variance after / before
  double covered = 0;             // share of customers with a covariate
};
// `before`: by customer, absent where unknown. covered is 0 where X does not vary or an arm has
// fewer than two customers: then there is nothing to adjust by.
cuped_difference cuped(std::span<const measured_person> people,
                       std::span<const std::optional<double>> before);

// Pearson's chi-square of the customers held out against the expected number, one degree of
// freedom: is the split the one that was asked for? What breaks the split breaks the comparison.
struct split_test {
  double expected_share = 0, observed_share = 0, chi_square = 0, p = 1;
};
split_test test_split(const lift_group& group);

// How the net difference stood at the end of each day (UTC) on which something matured.
struct lift_day {
  std::int64_t day = 0;  // since 1970-01-01
  double treated = 0, held = 0, decisions = 0;
  double net_difference = 0, standard_error = 0;
};
std::vector<lift_day> days_of(const measured_log& log, const lift_group& group);

}  // namespace clv::retention

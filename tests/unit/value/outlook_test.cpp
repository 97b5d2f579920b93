#include "value/scoring/outlook.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "math/normal.hpp"
#include "value/scoring/interval.hpp"

namespace clv {
namespace {

constexpr std::array purchase_parameters{0.2425982, 4.413684, 0.7929899, 2.426167};
constexpr std::array outlook_spend_parameters{6.25, 3.74, 15.44};
const double year = 365.25 / 7.0;
constexpr std::array outlook_customers{observation{.x = 0, .t_x = 0, .T = 0},
                                       observation{.x = 0, .t_x = 0, .T = 38.86},
                                       observation{.x = 2, .t_x = 30.43, .T = 38.86},
                                       observation{.x = 26, .t_x = 216.0 / 7.0, .T = 31},
                                       observation{.x = 3, .t_x = 3, .T = 400}};

outlook look(const observation& o, horizon ahead, bool tabulate = true) {
  static const count_terms counts(find_model("gamma_gamma"), outlook_spend_parameters);
  std::vector<double> scratch;
  future_maker maker(find_model("bg_nbd"),
                     {purchase_parameters.begin(), purchase_parameters.end()},
                     {},
                     &counts,
                     ahead);
  return outlooks(std::move(maker), {}, tabulate).of(o, scratch);
}

// The discounted sum over many small steps converges to the integral with error ~ delta step^2.
double by_small_steps(const observation& o, double H, double delta) {
  const model& m = find_model("bg_nbd");
  constexpr int steps = 20'000;
  double sum = 0;
  double before = 0;
  for (int i = 1; i <= steps; ++i) {
    const double after = m.expected_purchases(purchase_parameters, o, H * i / steps);
    sum += (after - before) * std::exp(-delta * H * (i - 0.5) / steps);
    before = after;
  }
  return sum;
}

TEST(outlook, discounts_continuously_with_few_nodes) {
  for (const double rate : {0.1, 0.5}) {
    const double delta = std::log1p(rate) / year;
    for (const double H : {13.0, year, 3 * year}) {
      for (const observation& o : outlook_customers) {
        const double exact = by_small_steps(o, H, delta);
        // 8 nodes: below 1e-7 where alpha + T is small against H, far better elsewhere.
        EXPECT_NEAR(look(o, {.length = H, .delta = delta}).discounted, exact, 1e-7 * exact)
            << "T " << o.T << " H " << H << " rate " << rate;
      }
    }
  }
}

// The integral by parts, by Simpson's rule in y with s = e^y - 1: steps that grow with s, so one
// rule serves for any horizon. Halving the step changes the result by less than 1e-9.
double by_growing_steps(const observation& o, double H, double delta) {
  const model& m = find_model("bg_nbd");
  constexpr int steps = 2'000;
  const double h = std::log1p(H) / steps;
  double sum = 0;
  for (int i = 0; i <= steps; ++i) {
    const double s = i == steps ? H : std::expm1(h * i);
    const double times = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
    sum += times * (1 + s) * std::exp(-delta * s) * m.expected_purchases(purchase_parameters, o, s);
  }
  return std::exp(-delta * H) * m.expected_purchases(purchase_parameters, o, H) +
         delta * sum * h / 3;
}

TEST(outlook, discounts_any_horizon_at_any_rate_and_never_falls_with_the_horizon) {
  for (const double rate : {1e-6, 0.1, 0.5, 20.0}) {
    const double delta = std::log1p(rate) / year;
    for (const observation& o : outlook_customers) {
      double before = 0;
      for (const double H : {1.0, 52.0, 157.0, 520.0, 5e3, 1e5, 1e7, 1e9}) {
        const double found =
            look(o, {.length = H, .delta = delta, .distribution = false}).discounted;
        const double exact = by_growing_steps(o, H, delta);
        EXPECT_NEAR(found, exact, 1e-7 * exact)  // what the header promises
            << "T " << o.T << " H " << H << " rate " << rate << " rel " << found / exact - 1;
        EXPECT_GE(found, before * (1 - 1e-9)) << "T " << o.T << " H " << H << " rate " << rate;
        EXPECT_GT(found, 0);
        before = found;
      }
    }
  }
}

TEST(outlook, needs_no_steps_for_a_long_horizon_without_discount) {
  for (const double H : {1e5, 1e9}) {
    const outlook o = look(outlook_customers[2], {.length = H, .distribution = false});
    EXPECT_EQ(o.discounted, o.expected_purchases);
  }
}

TEST(outlook, does_not_discount_at_rate_zero) {
  const outlook o = look(outlook_customers[2], {.length = year});
  EXPECT_EQ(o.discounted, o.expected_purchases);
}

// P(ln S_N <= y | N >= 1) by the textbook route: the pmf from the tail, normal for each count.
double chance_below(const observation& o, const observation& seen, double y) {
  const model& m = find_model("bg_nbd");
  const model& s = find_model("gamma_gamma");
  std::vector<double> tail;
  m.purchase_tail(purchase_parameters, o, year, tail);
  double below = 0;
  for (std::size_t n = 1; n <= tail.size(); ++n) {
    const double share = (tail[n - 1] - (n < tail.size() ? tail[n] : 0.0)) / tail[0];
    double mean = 0;
    double variance = 0;
    s.log_total_spend(outlook_spend_parameters, seen, static_cast<double>(n), mean, variance);
    below += share * math::normal_cdf((y - mean) / std::sqrt(variance));
  }
  return below;
}

TEST(outlook, has_the_three_points_of_the_distribution_of_total_spend) {
  const model& s = find_model("gamma_gamma");
  for (const observation& o : outlook_customers) {
    const observation seen{.x = o.x, .mean_spend = o.x > 0 ? 40.0 : 0.0};
    double own_mean = 0;
    double own_variance = 0;
    s.log_total_spend(outlook_spend_parameters, seen, 1.0, own_mean, own_variance);
    const future found = look(o, {.length = year}, false).given_purchase;
    const skewed_normal h(found.skew);
    for (const double level : {0.1, 0.5, 0.9}) {
      const double y =
          own_mean + found.mean +
          std::sqrt(own_variance + found.variance) * h.at(math::normal_quantile(level));
      // Counts above 32 are taken together by sixteenths, and the skew is carried to half a per
      // cent.
      EXPECT_NEAR(chance_below(o, seen, y), level, 3e-3) << "x " << o.x << " T " << o.T;
    }
  }
}

TEST(count_terms, are_the_same_inside_and_beyond_what_is_kept) {
  const count_terms counts(find_model("gamma_gamma"), outlook_spend_parameters);
  EXPECT_EQ(counts.at(1).mean, 0.0);
  EXPECT_EQ(counts.at(1).variance, 0.0);
  // ln S grows like ln n: psi(p n) differences over the edge of the table at 2048 entries.
  const double step = counts.at(2048).mean - counts.at(2047).mean;
  EXPECT_NEAR(step, 1.0 / 2047.5, 1e-6);
}

}  // namespace
}  // namespace clv

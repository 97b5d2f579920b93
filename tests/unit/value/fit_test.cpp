#include "clv/fit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "clv/error.hpp"
#include "cohort.hpp"
#include "support/shared_data.hpp"

namespace clv {
namespace {

using test::customer;

fitted_model fitted(const std::vector<customer>& rows, fit_options o = {}) {
  job j = fit(test::summary_of(rows), o);
  j.run();
  return *j.result().model;
}

void expect_relative(double found, double wanted, double tolerance) {
  EXPECT_NEAR(found, wanted, tolerance * std::abs(wanted));
}

constexpr const char* sample = "cdnow_sample_summary_exact.csv";

// Golden figures: reference estimates to seven digits, maximum found to 2e-6 in the gradient.
TEST(fit, finds_the_published_maximum_of_bg_nbd_on_cdnow) {
  CLV_REQUIRE_SHARED_DATA(path, sample);
  const estimates e = fitted(test::cdnow(path)).purchase;
  EXPECT_EQ(e.status, fit_status::converged) << e.reason;
  EXPECT_EQ(e.tuples, 1016);
  EXPECT_EQ(e.customers, 2357);
  const double wanted[] = {.242595, 4.413602, .792922, 2.425907};
  const double errors[] = {.01256, .37822, .18573, .70541};
  for (std::size_t i = 0; i < 4; ++i) {
    expect_relative(e.parameters[i], wanted[i], 1e-5);
    expect_relative(e.standard_errors[i], errors[i], 1e-3);  // printed to four digits
  }
  EXPECT_NEAR(e.log_likelihood, -9582.42921, 1e-5);
  EXPECT_LT(e.gradient_norm, 1e-9 * 2357);
}

TEST(fit, finds_the_published_maximum_of_gamma_gamma_on_cdnow) {
  CLV_REQUIRE_SHARED_DATA(path, sample);
  const fitted_model m = fitted(test::cdnow(path));
  ASSERT_TRUE(m.spend.has_value());
  EXPECT_EQ(m.spend->status, fit_status::converged) << m.spend->reason;
  EXPECT_EQ(m.spend->customers, 946);
  const double wanted[] = {6.249572, 3.744225, 15.443521};
  const double errors[] = {1.190, .290, 4.159};
  for (std::size_t i = 0; i < 3; ++i) {
    expect_relative(m.spend->parameters[i], wanted[i], 1e-5);
    expect_relative(m.spend->standard_errors[i], errors[i], 2e-3);  // printed to three digits
  }
  EXPECT_NEAR(m.spend->log_likelihood, -4055.91769, 1e-5);
}

// Days instead of weeks: LL - sum(x) ln 7, alpha * 7, everything else as before.
TEST(fit, counting_in_days_moves_only_alpha_and_the_constant) {
  CLV_REQUIRE_SHARED_DATA(path, sample);
  fit_options in_days;
  in_days.unit = "day";
  const estimates weeks = fitted(test::cdnow(path)).purchase;
  const estimates days = fitted(test::cdnow(path, 7.0), in_days).purchase;
  EXPECT_NEAR(days.log_likelihood, -14363.53044, 1e-4);
  const double factor[] = {1, 7, 1, 1};
  for (std::size_t i = 0; i < 4; ++i) {
    // Both maxima are found to a gradient of 1e-9 per customer; b is the flattest.
    expect_relative(days.parameters[i], weeks.parameters[i] * factor[i], 1e-6);
    expect_relative(days.standard_errors[i], weeks.standard_errors[i] * factor[i], 1e-5);
  }
}

TEST(fit, reports_how_spend_goes_with_frequency) {
  CLV_REQUIRE_SHARED_DATA(path, sample);
  const auto rows = test::cdnow(path);
  double n = 0;
  double sx = 0;
  double sz = 0;
  for (const customer& c : rows) {
    if (c.x < 1 || c.mean_spend <= 0) continue;
    n += 1;
    sx += c.x;
    sz += c.mean_spend;
  }
  double xx = 0;
  double zz = 0;
  double xz = 0;
  for (const customer& c : rows) {
    if (c.x < 1 || c.mean_spend <= 0) continue;
    xx += (c.x - sx / n) * (c.x - sx / n);
    zz += (c.mean_spend - sz / n) * (c.mean_spend - sz / n);
    xz += (c.x - sx / n) * (c.mean_spend - sz / n);
  }
  EXPECT_NEAR(fitted(rows).spend_frequency_correlation, xz / std::sqrt(xx * zz), 1e-12);
}

// The rest needs no real data.
std::vector<customer> market(std::size_t n, std::uint64_t seed) {
  const std::array p{0.25, 4.5, 0.8, 2.4};
  const std::array g{6.0, 3.7, 15.0};
  const test::truth m{find_model("bg_nbd"), p, find_model("gamma_gamma"), g};
  std::vector<customer> rows;
  for (std::uint64_t i = 0; i < n; ++i) {
    customer c = test::draw(m, 27.0 + static_cast<double>(i % 13), seed, i).seen;
    c.t_x = std::ceil(c.t_x * 7.0) / 7.0;  // whole days, so that histories repeat
    c.mean_spend = std::round(c.mean_spend);
    if (c.x > 0) c.mean_spend = std::max(1.0, c.mean_spend);
    c.t_x = std::min(c.t_x, c.T);
    rows.push_back(c);
  }
  return rows;
}

void expect_same_bits(const fitted_model& a, const fitted_model& b) {
  EXPECT_EQ(save_model(a), save_model(b));  // its numbers read back exactly
}

TEST(fit, gives_the_same_bits_for_any_number_of_threads) {
  const auto rows = market(3000, 5);
  const fitted_model one = fitted(rows);
  for (const unsigned threads : {2U, 3U, 8U}) {
    fit_options o;
    o.threads = threads;
    expect_same_bits(one, fitted(rows, o));
  }
}

TEST(fit, gives_the_same_bits_for_any_order_of_rows) {
  auto rows = market(3000, 5);
  const fitted_model straight = fitted(rows);
  random_source random(1);
  for (std::size_t i = rows.size() - 1; i > 0; --i) {
    std::swap(rows[i], rows[random.bits() % (i + 1)]);
  }
  expect_same_bits(straight, fitted(rows));
}

TEST(fit, gives_the_same_bits_for_repeated_rows_and_for_weights) {
  auto weighted = market(2000, 6);
  std::vector<customer> repeated;
  for (std::size_t i = 0; i < weighted.size(); ++i) {
    weighted[i].weight = static_cast<double>(1 + i % 4);
    customer once = weighted[i];
    once.weight = 1;
    repeated.insert(repeated.end(), 1 + i % 4, once);
  }
  expect_same_bits(fitted(weighted), fitted(repeated));
}

// Above 4096 tuples the starts run on a sample; the end is still the maximum of the whole data.
TEST(fit, finds_the_maximum_of_data_too_large_for_the_starts) {
  std::vector<customer> rows = market(12'000, 7);
  for (std::size_t i = 0; i < rows.size(); ++i) {  // make histories differ
    rows[i].T += static_cast<double>(i % 1000) * 1e-3;
  }
  const fitted_model m = fitted(rows);
  EXPECT_GT(m.purchase.tuples, 4096);
  EXPECT_EQ(m.purchase.status, fit_status::converged) << m.purchase.reason;
  EXPECT_LT(m.purchase.gradient_norm, 1e-9 * 12'000);
  const double truth[] = {0.25, 4.5, 0.8, 2.4};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(m.purchase.parameters[i], truth[i], 4 * m.purchase.standard_errors[i]);
  }
}

TEST(fit, steps_in_small_pieces_and_can_be_cancelled) {
  job j = fit(test::summary_of(market(500, 8)), {});
  int steps = 0;
  double before = 0;
  while (j.current_phase() < 1) j.step(std::chrono::milliseconds(1));
  for (; steps < 5; ++steps) {
    j.step(std::chrono::milliseconds(1));
    EXPECT_GE(j.fraction(), before);
    before = j.fraction();
  }
  if (!j.finished()) {
    j.cancel();
    EXPECT_THROW(j.run(), error);
  }
}

}  // namespace
}  // namespace clv

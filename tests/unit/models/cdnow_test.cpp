// The published figures of the CDNOW sample at fixed estimates: likelihoods, the histogram of x,
// and what each group was expected to buy in the 39 weeks after.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "clv/model.hpp"
#include "support/shared_data.hpp"

using clv::observation;

namespace {

const std::vector<double> bg_estimates{.242595, 4.413602, .792922, 2.425907};
const std::vector<double> manual{.2425982, 4.413684, .7929899, 2.426167};
const std::vector<double> spend_estimates{6.249572, 3.744225, 15.443521};
constexpr std::size_t groups = 8;  // x = 0 ... 6 and 7 or more

std::size_t group_of(double x) {
  return static_cast<std::size_t>(std::min(x, 7.0));
}

// Columns cust, x, t.x, T.cal, x.star, m.x; weeks and dollars.
std::vector<observation> read_summary(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::vector<observation> rows;
  while (std::getline(file, line)) {
    std::erase(line, '"');
    std::istringstream stream(line);
    std::array<double, 6> v{};
    for (double& number : v) {
      std::string cell;
      std::getline(stream, cell, ',');
      std::from_chars(cell.data(), cell.data() + cell.size(), number);
    }
    rows.push_back({.x = v[1], .t_x = v[2], .T = v[3], .mean_spend = v[5]});
  }
  return rows;
}

double total_log_likelihood(const char* name,
                            const std::vector<double>& p,
                            const std::vector<observation>& rows) {
  double sum = 0;
  for (const auto& row : rows) sum += clv::find_model(name).log_likelihood(p, row);
  return sum;
}

}  // namespace

// The estimates are rounded to six digits, which moves a maximum by less than 1e-6.
TEST(cdnow, log_likelihoods_are_the_published_ones) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  const auto rows = read_summary(path);
  ASSERT_EQ(rows.size(), 2357u);
  EXPECT_NEAR(total_log_likelihood("bg_nbd", bg_estimates, rows), -9582.42921, 1e-5);
  EXPECT_NEAR(total_log_likelihood("gamma_gamma", spend_estimates, rows), -4055.91769, 1e-5);
}

TEST(cdnow, in_days_the_log_likelihood_moves_by_the_log_of_seven_per_purchase) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  const auto rows = read_summary(path);
  ASSERT_EQ(rows.size(), 2357u);
  auto in_days = rows;
  for (auto& row : in_days) {
    row.t_x *= 7;
    row.T *= 7;
  }
  std::vector<double> p = bg_estimates;
  p[1] *= 7;
  EXPECT_NEAR(total_log_likelihood("bg_nbd", p, in_days), -14363.53044, 1e-5);
}

// Fader, Hardie & Lee (2005), figure 2: chi-square 4.82.
TEST(cdnow, bg_nbd_expects_the_published_histogram_of_x) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  const auto rows = read_summary(path);
  ASSERT_EQ(rows.size(), 2357u);
  const std::array<double, groups> published{
      1407.68, 460.32, 192.46, 101.16, 59.85, 38.12, 25.55, 71.85};
  std::array<double, groups> expected{}, actual{};
  std::vector<double> tail;
  for (const auto& row : rows) {
    clv::find_model("bg_nbd").purchase_tail(bg_estimates, {}, row.T, tail);
    tail.resize(std::max(tail.size(), groups));
    expected[0] += 1 - tail[0];
    for (std::size_t j = 1; j + 1 < groups; ++j) expected[j] += tail[j - 1] - tail[j];
    expected[groups - 1] += tail[groups - 2];
    actual[group_of(row.x)] += 1;
  }
  double chi_square = 0;
  for (std::size_t j = 0; j < groups; ++j) {
    EXPECT_NEAR(expected[j], published[j], 0.006) << j;  // the last printed digit
    chi_square += (actual[j] - expected[j]) * (actual[j] - expected[j]) / expected[j];
  }
  EXPECT_NEAR(chi_square, 4.821, 0.001);
}

TEST(cdnow, bg_nbd_expects_the_published_holdout_means_by_x) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  const auto rows = read_summary(path);
  ASSERT_EQ(rows.size(), 2357u);
  const std::array<double, groups> published{
      .2251, .5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.5040, 6.1570};
  std::array<double, groups> sum{}, count{};
  double total = 0;
  for (const auto& row : rows) {
    const double expected = clv::find_model("bg_nbd").expected_purchases(manual, row, 39);
    sum[group_of(row.x)] += expected;
    count[group_of(row.x)] += 1;
    total += clv::find_model("bg_nbd").expected_purchases(bg_estimates, row, 39);
  }
  for (std::size_t j = 0; j < groups; ++j) EXPECT_NEAR(sum[j] / count[j], published[j], 1e-4) << j;
  EXPECT_NEAR(total, 1653.4, 0.05);
}

// At the rounded 6.25, 3.74, 15.44; note 025 prints the same from unrounded estimates.
TEST(cdnow, gamma_gamma_expects_the_published_spend_of_the_first_ten) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  const auto rows = read_summary(path);
  ASSERT_EQ(rows.size(), 2357u);
  const std::array<double, 10> published{
      24.66, 18.92, 35.22, 35.22, 35.22, 71.47, 18.92, 35.22, 27.29, 35.22};
  const std::vector<double> p{6.25, 3.74, 15.44};
  for (std::size_t i = 0; i < published.size(); ++i) {
    const double spend = clv::find_model("gamma_gamma").expected_spend(p, rows[i]);
    EXPECT_NEAR(spend, published[i], 0.006) << "row " << i;
  }
}

// Intervals with estimates in place of the truth: they must hold what they say also when the model
// was fitted on few customers.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "clv/score.hpp"
#include "clv/time.hpp"
#include "cohort.hpp"
#include "support/shared_data.hpp"

namespace clv {
namespace {

constexpr double score_uncertainty_ahead = 52.0;
constexpr std::array score_uncertainty_frequent{1.2, 4.0, 0.4, 4.0};
constexpr std::array spend{6.25, 3.74, 15.44};

struct cohort {
  std::shared_ptr<const table> summary;
  std::vector<double> realised;
};

cohort draw_cohort(std::uint64_t seed, std::size_t customers) {
  const test::truth truth{find_model("bg_nbd"),
                          score_uncertainty_frequent,
                          find_model("gamma_gamma"),
                          spend,
                          score_uncertainty_ahead,
                          0.0};
  cohort c;
  std::vector<test::customer> seen;
  for (std::uint64_t i = 0; i < customers; ++i) {
    const test::drawn d = test::draw(truth, 26.0 + static_cast<double>(i % 14), seed, i);
    seen.push_back(d.seen);
    c.realised.push_back(d.spend_ahead);
  }
  c.summary = test::summary_of(seen);
  return c;
}

std::shared_ptr<const fitted_model> fit_of(const std::shared_ptr<const table>& summary) {
  job j = fit(summary, {});
  j.run();
  return j.result().model;
}

std::shared_ptr<const table> scored(std::shared_ptr<const fitted_model> m,
                                    std::shared_ptr<const table> rows,
                                    score_options o) {
  job j = score(std::move(m), std::move(rows), std::move(o));
  j.run();
  return j.result().tables.at("");
}

TEST(score_uncertainty, eighty_per_cent_intervals_hold_eighty_per_cent_of_small_samples) {
  double inside = 0, below_middle = 0, n = 0;
  int fits = 0;
  for (std::uint64_t seed = 100; seed < 140; ++seed) {
    const cohort c = draw_cohort(seed, 300);
    const auto m = fit_of(c.summary);
    if (m->purchase.covariance.empty() || !m->spend || m->spend->covariance.empty()) continue;
    ++fits;
    const auto t = scored(m, c.summary, {.horizon = score_uncertainty_ahead});
    for (std::size_t i = 0; i < c.realised.size(); ++i) {
      // Where zero is likelier than 10 % the interval starts at zero and holds more than 80 %.
      if (t->numbers("no_purchase")[i] > 0.1) continue;
      const double v = c.realised[i];
      inside += v >= t->numbers("clv_p10")[i] && v <= t->numbers("clv_p90")[i] ? 1 : 0;
      below_middle += v <= t->numbers("clv_p50")[i] ? 1 : 0;
      n += 1;
    }
  }
  ASSERT_GE(fits, 30);  // the others found no interior optimum in 300 customers
  ASSERT_GT(n, 2000);   // so that 5 points are more than 5 standard errors
  EXPECT_NEAR(inside / n, 0.80, 0.05);
  EXPECT_NEAR(below_middle / n, 0.50, 0.05);
}

// What the estimates add shows where many customers share it: in the spread of the total. The
// interval of one new customer must widen by what 40 fits of other samples scatter.
TEST(score_uncertainty, the_estimates_add_what_fits_of_other_samples_scatter) {
  double sum = 0, squares = 0, claimed = 0;
  int fits = 0;
  const auto one = test::summary_of({{.x = 4, .t_x = 20, .T = 26, .mean_spend = 30}});
  for (std::uint64_t seed = 200; seed < 240; ++seed) {
    const auto m = fit_of(draw_cohort(seed, 300).summary);
    if (m->purchase.covariance.empty() || !m->spend || m->spend->covariance.empty()) continue;
    ++fits;
    const auto both = scored(m, one, {.horizon = score_uncertainty_ahead});
    const auto process = scored(m, one, {.horizon = score_uncertainty_ahead, .process_only = true});
    const double mu = process->numbers("clv_mu")[0];
    sum += mu;
    squares += mu * mu;
    claimed +=
        std::pow(both->numbers("clv_sigma")[0], 2) - std::pow(process->numbers("clv_sigma")[0], 2);
  }
  ASSERT_GE(fits, 30);
  const double scatter = squares / fits - std::pow(sum / fits, 2);
  EXPECT_GT(claimed / fits, 0);
  // A variance from 30 to 40 fits is known to +- 25 % (one standard error); three of them, and the
  // claim is about the mean count, the scatter about the mean logarithm.
  EXPECT_NEAR(std::log(claimed / fits / scatter), 0.0, std::log(2.5))
      << "claimed " << claimed / fits << " scatter " << scatter;
}

TEST(score_uncertainty, process_only_is_narrower_and_changes_no_point_value) {
  const cohort c = draw_cohort(7, 300);
  const auto m = fit_of(c.summary);
  ASSERT_FALSE(m->purchase.covariance.empty());
  const auto both = scored(m, c.summary, {.horizon = score_uncertainty_ahead});
  const auto process =
      scored(m, c.summary, {.horizon = score_uncertainty_ahead, .process_only = true});
  for (std::size_t i = 0; i < c.realised.size(); ++i) {
    for (const char* name : {"p_alive", "expected_purchases", "no_purchase", "clv", "clv_mu"}) {
      EXPECT_EQ(both->numbers(name)[i], process->numbers(name)[i]) << name;
    }
    EXPECT_GT(both->numbers("clv_sigma")[i], process->numbers("clv_sigma")[i]);
  }
  EXPECT_NE(both->fingerprint(), process->fingerprint());
}

TEST(score_uncertainty, vanishes_with_the_size_of_the_sample) {
  const auto one = test::summary_of({{.x = 4, .t_x = 20, .T = 26, .mean_spend = 30}});
  auto m = std::make_shared<fitted_model>(*fit_of(draw_cohort(7, 300).summary));
  const auto process = scored(m, one, {.process_only = true});
  for (double& v : m->purchase.covariance) v *= 1e-12;
  for (double& v : m->spend->covariance) v *= 1e-12;
  const auto both = scored(m, one, {});
  for (const char* name : {"clv_p10", "clv_p50", "clv_p90", "clv_sigma", "clv_skew"}) {
    const double v = process->numbers(name)[0];
    EXPECT_NEAR(both->numbers(name)[0], v, 1e-9 * std::abs(v)) << name;
  }
}

TEST(score_uncertainty, says_when_the_model_has_no_covariance) {
  auto m = std::make_shared<fitted_model>(*fit_of(draw_cohort(7, 300).summary));
  m->purchase.covariance.clear();
  m->purchase.status = fit_status::at_boundary;
  const auto one = test::summary_of({{.x = 4, .t_x = 20, .T = 26, .mean_spend = 30}});
  job j = score(m, one, {});
  j.run();
  ASSERT_EQ(j.result().notes.size(), 1U);
  EXPECT_NE(j.result().notes[0].message.find("at_boundary"), std::string::npos);
}

// ---- real customers

std::shared_ptr<const table> cdnow_log(const std::string& path) {
  csv_options o;
  o.path = path;
  o.currency = "USD";
  o.map = "customer=sample_id,time=date,amount=sales";
  job read = read_csv(o);
  read.run();
  return read.result().tables.at("");
}

std::shared_ptr<const table> cdnow_summary(const std::shared_ptr<const table>& log,
                                           const char* until) {
  summarize_options o;
  if (*until != '\0') o.as_of_us = *parse_time(until, zone("UTC"));
  job j = summarize(log, o);
  j.run();
  return j.result().tables.at("");
}

// 39 weeks ahead of 39 weeks: counts and money that the model has never seen.
TEST(score_uncertainty, is_sensible_on_the_cdnow_holdout) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const auto log = cdnow_log(path);
  const auto calibration = cdnow_summary(log, "1997-09-30");
  const auto whole = cdnow_summary(log, "");
  ASSERT_EQ(calibration->rows(), 2357U);
  const auto t = scored(fit_of(calibration), calibration, {.horizon = 39});
  const auto money = whole->integers("revenue", type::money);
  const auto money_before = calibration->integers("revenue", type::money);
  double expected = 0, bought = 0, silent = 0, said_silent = 0, below = 0, uncertain = 0;
  for (std::size_t i = 0; i < calibration->rows(); ++i) {
    const double count = whole->numbers("x")[i] - calibration->numbers("x")[i];
    const double value = static_cast<double>(money[i] - money_before[i]) / 100;
    expected += t->numbers("expected_purchases")[i];
    bought += count;
    silent += count == 0 ? 1 : 0;
    said_silent += t->numbers("no_purchase")[i];
    if (t->numbers("no_purchase")[i] > 0.9) continue;
    below += value <= t->numbers("clv_p90")[i] ? 1 : 0;
    uncertain += 1;
  }
  EXPECT_EQ(bought, 1882);
  EXPECT_NEAR(expected, 1653.4, 0.1);  // reference: holdout total of BG/NBD at its maximum
  // Real customers bought 14 % more than BG/NBD expects of them, so fewer were silent than it says.
  EXPECT_NEAR(said_silent / silent, 1.0, 0.05);
  ASSERT_GT(uncertain, 1000);
  EXPECT_NEAR(below / uncertain, 0.90, 0.03);
}

}  // namespace
}  // namespace clv

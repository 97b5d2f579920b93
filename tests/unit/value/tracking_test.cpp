// Expected against actual by period: the published figures of CDNOW, and how often the drift alert
// is right.
#include <gtest/gtest.h>

#include <array>

#include "clv/csv.hpp"
#include "report_logs.hpp"
#include "support/shared_data.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

using test::run_on_log;

// The estimates of the BTYD manual.
std::shared_ptr<fitted_model> bg_manual() {
  return test::given("bg_nbd", {.2425982, 4.413684, .7929899, 2.426167});
}

void expect_weeks_20_to_25(const table& t,
                           const std::array<double, 6>& incremental,
                           const std::array<double, 6>& cumulative,
                           double tolerance) {
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(t.numbers("expected_incremental")[19 + i], incremental[i], tolerance) << 20 + i;
    EXPECT_NEAR(t.numbers("expected_cumulative")[19 + i], cumulative[i], tolerance) << 20 + i;
  }
}

TEST(tracking, bg_nbd_expects_the_published_weeks_of_cdnow) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const outcome out = run_on_log(tracking_report, test::cdnow_log(path), "", bg_manual());
  const table& t = *out.tables.at("");
  ASSERT_EQ(t.rows(), 78U);
  // Printed in seven digits.
  expect_weeks_20_to_25(t,
                        {76.86531, 74.88843, 73.04554, 71.32166, 69.70412, 68.18213},
                        {1312.458, 1387.346, 1460.392, 1531.713, 1601.418, 1669.6},
                        2e-3);
}

TEST(tracking, actual_repeats_of_cdnow_are_the_published_ones) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  CLV_REQUIRE_SHARED_DATA(weeks, "cdnow_sample_weekly_cum_repeat.csv");
  const outcome out = run_on_log(tracking_report, test::cdnow_log(path), "", bg_manual());
  const auto actual = out.tables.at("")->numbers("actual_cumulative");
  const auto published = test::read_log({.path = weeks, .schema = ""});
  const auto wanted = published->numbers("cum_repeat_transactions");
  ASSERT_EQ(wanted.size(), actual.size());
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_EQ(actual[i], wanted[i]) << "week " << i + 1;
  EXPECT_EQ(actual[38], 2457.0);
  EXPECT_EQ(actual[77], 4339.0);
}

// At the maximum the manual's rounded estimates are near; it prints these to a tenth.
TEST(tracking, pareto_nbd_expects_the_published_weeks_of_cdnow) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const auto pareto = test::given("pareto_nbd", {.553277, 10.577683, .606240, 11.668734});
  const outcome out = run_on_log(tracking_report, test::cdnow_log(path), "", pareto);
  expect_weeks_20_to_25(*out.tables.at(""),
                        {78.308, 76.419, 74.648, 72.983, 71.414, 69.933},
                        {1308.856, 1385.275, 1459.923, 1532.906, 1604.320, 1674.253},
                        0.1);
}

// lifetimes, test_expected_cumulative_transactions_date_index: 1997-01-11 ... 14, in days; here at
// the maximum of the likelihood, there at a fit that stops near it: two decimals.
TEST(tracking, daily_figures_of_cdnow_are_the_published_ones) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const auto daily = test::given("bg_nbd", {.242595, 7 * 4.413602, .792922, 2.425907});
  daily->unit = "day";
  const outcome out = run_on_log(
      tracking_report, test::cdnow_log(path), R"({"period": "day", "until": "1997-01-14"})", daily);
  const table& t = *out.tables.at("");
  ASSERT_EQ(t.rows(), 14U);
  constexpr std::array expected{10.67, 12.67, 14.87, 17.24};
  constexpr std::array actual{11.0, 12.0, 15.0, 19.0};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(t.numbers("expected_cumulative")[10 + i], expected[i], 0.006);
    EXPECT_EQ(t.numbers("actual_cumulative")[10 + i], actual[i]);
  }
}

TEST(tracking, periods_are_whole_and_months_are_those_of_the_calendar) {
  const auto log = test::log_of(
      "customer,time,amount\na,2025-01-10,1\na,2025-02-01,1\na,2025-02-28,1\nb,2025-02-05,1\n"
      "b,2025-02-05,1\na,2025-03-09,1\n");
  const auto model = test::given("bg_nbd", {1, 4, 1, 3});
  const table weeks = *run_on_log(tracking_report, log, "", model).tables.at("");
  ASSERT_EQ(weeks.rows(), 8U);  // 59 days: the third day of a ninth week is not one
  EXPECT_EQ(weeks.get("start", type::utf8).text(7), "2025-02-28");
  EXPECT_EQ(weeks.numbers("actual_incremental")[3], 1.0);
  EXPECT_EQ(weeks.numbers("actual_cumulative")[7], 2.0);
  const table months =
      *run_on_log(tracking_report, log, R"({"period": "month", "from": "2025-02-01"})", model)
           .tables.at("");
  ASSERT_EQ(months.rows(), 1U);
  EXPECT_EQ(months.numbers("actual_incremental")[0], 2.0);
  const clv::model& m = find_model("bg_nbd");
  const values p(model->purchase.parameters);
  // a: from day 22 of its life on to day 50; b: 24 days.
  EXPECT_NEAR(
      months.numbers("expected_incremental")[0],
      m.expected_new(p, 50 / 7.0) - m.expected_new(p, 22 / 7.0) + m.expected_new(p, 24 / 7.0),
      1e-12);
}

TEST(tracking, without_later_data_nothing_is_watched_and_a_note_says_so) {
  const auto log = test::log_of("customer,time,amount\na,2025-01-10,1\na,2025-02-01,1\n");
  const auto model = test::given("bg_nbd", {1, 4, 1, 3});
  const outcome unknown = run_on_log(tracking_report, log, "", model);
  EXPECT_FALSE(unknown.tables.at("")->find("drift_alert")->present(0));
  ASSERT_EQ(unknown.notes.size(), 1U);
  EXPECT_NE(unknown.notes[0].message.find("does not say where its data ended"), std::string::npos);
  model->as_of_us = 1'800'000'000LL * us_per_second;
  EXPECT_NE(run_on_log(tracking_report, log, "", model).notes[0].message.find("no whole period"),
            std::string::npos);
}

TEST(tracking, bad_options_are_named) {
  const auto log = test::log_of("customer,time,amount\na,2025-01-10,1\n");
  const auto model = test::given("bg_nbd", {1, 4, 1, 3});
  for (const char* options : {R"({"period": "year"})",
                              R"({"from": "soon"})",
                              R"({"false_alarm": 0})",
                              R"({"until": "2025-01-11"})"}) {
    EXPECT_THROW(run_on_log(tracking_report, log, options, model), error) << options;
  }
  const auto spend = std::make_shared<fitted_model>();
  spend->spend = estimates{.which = &find_model("gamma_gamma"), .parameters = {6, 4, 15}};
  EXPECT_THROW(run_on_log(tracking_report, log, "", spend), error);
}

// --- The alert -----------------------------------------------------------------------------------

constexpr const char* watched = R"({"watch_from": "1970-07-16", "tolerance": 0})";

// The share of simulated logs that raise an alert; the last period tells, an alert stays.
double alarms(const fitted_model& truth, test::drawn_log how, const char* options, int logs) {
  const auto model = std::make_shared<fitted_model>(truth);
  double raised = 0;
  for (int seed = 0; seed < logs; ++seed) {
    how.seed = static_cast<std::uint64_t>(seed) + 1;
    const outcome out = run_on_log(tracking_report, test::draw_log(truth, how), options, model);
    const auto alert = out.tables.at("")->integers("drift_alert", type::i64);
    raised += static_cast<double>(alert.back());
  }
  return raised / logs;
}

// At most 5 % are promised; of 150 logs 13 would be 3 standard errors above that. Tolerance 0 is
// the hardest case: nothing but chance is forgiven.
TEST(tracking, a_true_model_raises_no_more_alerts_than_promised) {
  const test::drawn_log how{.customers = 400, .observed_days = 364};
  EXPECT_LE(alarms(*bg_manual(), how, watched, 150), 13.0 / 150);
  const auto busy = test::given("bg_nbd", {1.2, 4.0, 0.4, 4.0});
  EXPECT_LE(alarms(*busy, how, watched, 100), 11.5 / 100);
}

TEST(tracking, a_halved_rate_raises_an_alert) {
  const test::drawn_log how{.customers = 1000, .observed_days = 364, .change = 196, .later = 0.5};
  EXPECT_GE(
      alarms(
          *test::given("bg_nbd", {1.2, 4.0, 0.4, 4.0}), how, R"({"watch_from": "1970-07-16"})", 30),
      0.95);
}

TEST(tracking, a_drift_within_the_tolerance_raises_no_alert) {
  const test::drawn_log how{.customers = 1000, .observed_days = 364, .change = 196, .later = 0.93};
  EXPECT_LE(
      alarms(
          *test::given("bg_nbd", {1.2, 4.0, 0.4, 4.0}), how, R"({"watch_from": "1970-07-16"})", 30),
      0.14);  // 5 % and 2 standard errors
}

}  // namespace
}  // namespace clv

// Cohorts by hand, and those of CDNOW; who is not watched long enough is not lost.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "report_logs.hpp"
#include "support/shared_data.hpp"
#include "value/reports.hpp"
#include "value/trust/kaplan_meier.hpp"
#include "value/trust/months.hpp"

namespace clv {
namespace {

using test::run_on_log;

// Freireich et al. (1963), remission under 6-MP, the textbook case: survival after each event.
TEST(cohorts, kaplan_meier_gives_the_textbook_survival) {
  const std::vector<std::int64_t> events{6, 6, 6, 7, 10, 13, 16, 22, 23};
  const std::vector<std::int64_t> censored{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35};
  const auto steps = kaplan_meier(events, censored);
  constexpr std::array times{6, 7, 10, 13, 16, 22, 23};
  constexpr std::array survival{.857, .807, .753, .690, .627, .538, .448};
  ASSERT_EQ(steps.size(), times.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].time, times[i]);
    EXPECT_NEAR(steps[i].survival, survival[i], 5e-4);  // printed in three digits
    EXPECT_LT(steps[i].lower, steps[i].survival);
    EXPECT_GT(steps[i].upper, steps[i].survival);
  }
  EXPECT_EQ(steps[0].at_risk, 21);
  EXPECT_EQ(steps[1].censored, 1);
  EXPECT_EQ(survival_at(steps, 5), 1.0);
  EXPECT_NEAR(survival_at(steps, 12), .753, 5e-4);
}

TEST(cohorts, survival_is_zero_when_the_last_one_returns) {
  const std::vector<std::int64_t> events{3, 5};
  const auto steps = kaplan_meier(events, {});
  EXPECT_EQ(steps[1].survival, 0.0);
  EXPECT_EQ(steps[1].lower, 0.0);
  EXPECT_GT(steps[1].upper, 0.0);
}

TEST(cohorts, months_are_those_of_the_calendar) {
  for (std::int64_t month = 12 * 1678; month < 12 * 2262; month += 1) {
    ASSERT_EQ(month_of(first_day_of(month)), month);
    ASSERT_EQ(month_of(first_day_of(month) - 1), month - 1);
  }
  EXPECT_EQ(format_month(month_of(0)), "1970-01");
  EXPECT_EQ(format_month(month_of(first_day_of(12 * 2024 + 1) + 28)), "2024-02");  // a leap day
}

// a returns after 10 days; b never, watched 59; c after 95, seen only because the log is long
// enough; d is new.
constexpr const char* log_text =
    "customer,time,amount\n"
    "a,2025-01-05,1\na,2025-01-15,1\na,2025-02-20,1\n"
    "b,2025-01-31,1\n"
    "c,2025-02-10,1\nc,2025-05-16,1\n"
    "d,2025-05-20,1\n";

TEST(cohorts, a_small_log_is_counted_by_hand) {
  const outcome out = run_on_log(
      cohorts_report, test::log_of(log_text), R"({"window_days": 30, "as_of": "2025-05-31"})");
  const table& t = *out.tables.at("");
  ASSERT_EQ(t.rows(), 4U);  // January, February, May, all
  EXPECT_EQ(t.get("cohort", type::utf8).text(0), "2025-01");
  EXPECT_EQ(t.get("cohort", type::utf8).text(3), "all");
  EXPECT_EQ(t.numbers("observed")[0], 2.0);
  EXPECT_EQ(t.numbers("repeat_rate")[0], 0.5);
  EXPECT_EQ(t.numbers("observed")[2], 0.0);  // d was watched for 11 days
  EXPECT_FALSE(t.find("repeat_rate")->present(2));
  EXPECT_FALSE(t.find("repeat_kaplan_meier")->present(2));
  EXPECT_EQ(t.numbers("returned")[3], 1.0);
  EXPECT_EQ(t.numbers("observed")[3], 3.0);
  // a returned on day 10 when four were at risk: the fourth is d, who left on day 11.
  EXPECT_NEAR(t.numbers("repeat_kaplan_meier")[3], 0.25, 1e-15);
  const table& triangle = *out.tables.at("triangle");
  ASSERT_EQ(triangle.rows(), 5U + 4U + 1U);
  EXPECT_EQ(triangle.numbers("active")[0], 2.0);
  EXPECT_EQ(triangle.numbers("active_share")[1], 0.5);
  EXPECT_EQ(triangle.numbers("active")[5 + 3], 1.0);  // c in May
  const table& second = *out.tables.at("second_order");
  EXPECT_EQ(second.integers("days", type::i64)[0], 10);
  ASSERT_EQ(out.notes.size(), 1U);
  EXPECT_NE(out.notes[0].message.find("1 of 4 customers"), std::string::npos);
}

TEST(cohorts, a_month_that_is_not_over_is_not_in_the_triangle) {
  const outcome out =
      run_on_log(cohorts_report, test::log_of(log_text), R"({"as_of": "2025-05-30"})");
  EXPECT_EQ(out.tables.at("triangle")->rows(), 4U + 3U);
}

TEST(cohorts, an_empty_log_gives_empty_tables) {
  const outcome out = run_on_log(cohorts_report, test::log_of("customer,time,amount\n"));
  EXPECT_EQ(out.tables.at("")->rows(), 0U);
  EXPECT_EQ(out.tables.at("triangle")->rows(), 0U);
}

TEST(cohorts, bad_options_are_named) {
  for (const char* options : {R"({"window_days": 0})", R"({"window_days": 1.5})", R"({"x": 1})"}) {
    EXPECT_THROW(run_on_log(cohorts_report, test::log_of(log_text), options), error) << options;
  }
}

TEST(cohorts, those_of_cdnow_add_up) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const outcome out = run_on_log(cohorts_report, test::cdnow_log(path), R"({"window_days": 545})");
  const table& t = *out.tables.at("");
  ASSERT_EQ(t.rows(), 4U);  // first quarter of 1997, and all
  EXPECT_EQ(t.numbers("customers")[3], 2357.0);
  EXPECT_EQ(t.numbers("customers")[0] + t.numbers("customers")[1] + t.numbers("customers")[2],
            2357.0);
  // Watched 545 days: the customers of the first day alone.
  EXPECT_LT(t.numbers("observed")[3], 30.0);
  EXPECT_NEAR(t.numbers("purchases_per_customer")[3] * 2357, 6696, 1e-6);
  const table& triangle = *out.tables.at("triangle");
  EXPECT_EQ(triangle.rows(), 18U + 17U + 16U);
  EXPECT_EQ(triangle.numbers("active_share")[0], 1.0);
}

}  // namespace
}  // namespace clv

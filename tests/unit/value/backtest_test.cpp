// Choosing a model: the published holdout figures of the CDNOW sample, the measures by hand, the
// rule, and logs that no model can be fitted to.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "report_logs.hpp"
#include "support/shared_data.hpp"
#include "value/reports.hpp"
#include "value/trust/backtest_choice.hpp"

namespace clv {
namespace {

using test::run_on_log;

constexpr const char* halves =
    R"({"split": "1997-09-30", "models": "bg_nbd,pareto_nbd,nbd", "by": "mae"})";

std::optional<std::size_t> row_of(const table& t, std::string_view model) {
  for (std::size_t i = 0; i < t.rows(); ++i) {
    if (t.get("model", type::utf8).text(i) == model) return i;
  }
  return std::nullopt;
}

double at(const table& t, std::string_view model, std::string_view column) {
  return t.numbers(column)[row_of(t, model).value()];
}

std::string chosen(const outcome& out) {
  const table& t = *out.tables.at("");
  std::string found;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    if (t.integers("chosen", type::i64)[i] == 1) {
      found += (found.empty() ? "" : " and ") + std::string(t.get("model", type::utf8).text(i));
    }
  }
  return found;
}

// --- CDNOW ---------------------------------------------------------------------------------------

// Totals and errors are printed to the last digit shown; a maximum found to 1e-9 gives them all.
TEST(backtest, holdout_totals_of_cdnow_are_the_published_ones) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const outcome out = run_on_log(backtest_report, test::cdnow_log(path), halves);
  const table& t = *out.tables.at("");
  for (const char* name : {"bg_nbd", "pareto_nbd", "nbd"}) {
    EXPECT_EQ(at(t, name, "actual_purchases"), 1882.0);
    EXPECT_EQ(at(t, name, "customers"), 2357.0);
    EXPECT_EQ(at(t, name, "holdout"), 39.0);
  }
  EXPECT_NEAR(at(t, "bg_nbd", "predicted_purchases"), 1653.4, 0.05);
  EXPECT_NEAR(at(t, "bg_nbd", "mae"), 0.7855, 5e-5);
  EXPECT_NEAR(at(t, "bg_nbd", "log_likelihood"), -9582.42921, 1e-3);
  EXPECT_NEAR(at(t, "bg_nbd", "aic"), 2 * 9582.42921 + 8, 2e-3);
  EXPECT_NEAR(at(t, "pareto_nbd", "predicted_purchases"), 1665.5, 0.05);
  EXPECT_NEAR(at(t, "pareto_nbd", "mae"), 0.7545, 5e-5);
  EXPECT_NEAR(at(t, "pareto_nbd", "bias"), 1665.5 - 1882, 0.05);
  EXPECT_NEAR(at(t, "pareto_nbd", "bias_percent"), 100 * (1665.5 / 1882 - 1), 0.003);
  // (r + x) t / (alpha + T): nobody ever leaves, so far too many are expected.
  EXPECT_GT(at(t, "nbd", "bias_percent"), 50.0);
  EXPECT_EQ(chosen(out), "pareto_nbd");
}

TEST(backtest, holdout_means_of_cdnow_by_frequency_are_the_published_ones) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const outcome out = run_on_log(backtest_report, test::cdnow_log(path), halves);
  const table& t = *out.tables.at("calibration");
  ASSERT_EQ(t.rows(), 3U * 8U);
  constexpr std::array customers{1411, 439, 214, 100, 62, 38, 29, 64};
  constexpr std::array actual{.2367, .6970, 1.3925, 1.5600, 2.5323, 2.9474, 3.8621, 6.3594};
  constexpr std::array bg{.2251, .5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.5040, 6.1570};
  constexpr std::array pareto{.138, .600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403};
  const auto first_bg = row_of(t, "bg_nbd").value();
  const auto first_pareto = row_of(t, "pareto_nbd").value();
  for (std::size_t g = 0; g < 8; ++g) {
    EXPECT_EQ(t.numbers("customers")[first_bg + g], customers[g]);
    EXPECT_NEAR(t.numbers("actual_mean")[first_bg + g], actual[g], 5e-5);
    // The published ones are at estimates that stop near the maximum.
    EXPECT_NEAR(t.numbers("predicted_mean")[first_bg + g], bg[g], 3e-4);
    EXPECT_NEAR(t.numbers("predicted_mean")[first_pareto + g], pareto[g], 1e-3);
  }
  EXPECT_EQ(t.get("x", type::utf8).text(first_bg + 7), "7+");
}

// On real data an interval that holds 10 points less or more than it says is no interval.
TEST(backtest, intervals_are_sensible_on_the_cdnow_holdout) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const outcome out = run_on_log(backtest_report, test::cdnow_log(path), halves);
  const table& t = *out.tables.at("");
  for (const char* name : {"bg_nbd", "pareto_nbd"}) {
    EXPECT_NEAR(at(t, name, "count_coverage"), at(t, name, "count_coverage_expected"), 0.05);
    EXPECT_NEAR(at(t, name, "value_coverage"), at(t, name, "value_coverage_expected"), 0.05);
    EXPECT_GT(at(t, name, "value_rank_correlation"), 0.4);
    EXPECT_GT(at(t, name, "top_decile_lift"), 4.0);
  }
}

TEST(backtest, every_purchase_model_of_the_table_is_listed_with_a_status) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const outcome out =
      run_on_log(backtest_report, test::cdnow_log(path), R"({"split": "1997-09-30"})");
  const table& t = *out.tables.at("");
  std::size_t purchase_models = 0;
  for (const clv::model* m : models()) {
    if (m->key == tuple_key::spend) continue;
    ++purchase_models;
    const auto row = row_of(t, m->name);
    ASSERT_TRUE(row) << m->name;
    const std::string status(t.get("status", type::utf8).text(*row));
    const bool tested = t.find("mae")->present(*row);
    EXPECT_EQ(tested, m->key == tuple_key::purchases) << m->name << ' ' << status;
    if (!tested) {
      EXPECT_EQ(status, "not_applicable");
      EXPECT_FALSE(t.get("reason", type::utf8).text(*row).empty());
    }
  }
  EXPECT_EQ(t.rows(), purchase_models);
  for (std::size_t i = 0; i + 1 < t.rows(); ++i) {
    if (t.find("log_score")->present(i + 1)) {
      EXPECT_GE(t.numbers("log_score")[i], t.numbers("log_score")[i + 1]);
      EXPECT_EQ(t.integers("rank", type::i64)[i], static_cast<std::int64_t>(i) + 1);
    }
  }
  EXPECT_NE(chosen(out), "");
  EXPECT_EQ(chosen(out).find(" and "), std::string::npos);
}

TEST(backtest, threads_do_not_move_a_bit) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_elog.csv");
  const auto log = test::cdnow_log(path);
  const outcome one = run_on_log(
      backtest_report, log, R"({"split": "1997-09-30", "models": "bg_nbd,nbd", "threads": 1})");
  const outcome three = run_on_log(
      backtest_report, log, R"({"split": "1997-09-30", "models": "bg_nbd,nbd", "threads": 3})");
  EXPECT_EQ(one.tables.at("")->fingerprint(), three.tables.at("")->fingerprint());
  EXPECT_EQ(one.tables.at("calibration")->fingerprint(),
            three.tables.at("calibration")->fingerprint());
}

// --- Simulated -----------------------------------------------------------------------------------

TEST(backtest, the_true_model_is_unbiased_and_its_intervals_hold) {
  const auto truth = test::given("bg_nbd", {1.2, 4.0, 0.4, 4.0});
  const auto log = test::draw_log(*truth, {.customers = 3000, .observed_days = 420, .seed = 5});
  const outcome out = run_on_log(backtest_report, log, R"({"models": "bg_nbd,nbd"})");
  const table& t = *out.tables.at("");
  EXPECT_EQ(t.numbers("holdout")[0], 20.0);  // the last third of 420 days
  // Counts are Poisson mixtures: their sum of some 16,000 has a standard error near 1.5 %, the
  // fitted parameters about as much.
  EXPECT_NEAR(at(t, "bg_nbd", "bias_percent"), 0.0, 6.0);
  // Four standard errors of a share of 3000, and half a point for days without a second purchase.
  EXPECT_NEAR(at(t, "bg_nbd", "count_coverage"), at(t, "bg_nbd", "count_coverage_expected"), 0.034);
  EXPECT_GE(at(t, "bg_nbd", "count_coverage_expected"), 0.8);
  EXPECT_GT(at(t, "bg_nbd", "log_score"), at(t, "nbd", "log_score"));
  EXPECT_EQ(chosen(out), "bg_nbd");
}

TEST(backtest, customers_who_come_after_the_split_are_in_neither_part) {
  const auto truth = test::given("bg_nbd", {1.2, 4.0, 0.4, 4.0});
  const auto log = test::draw_log(*truth, {.customers = 400, .observed_days = 120});
  const outcome out =
      run_on_log(backtest_report, log, R"({"models": "bg_nbd", "split": "1970-02-11"})");
  EXPECT_EQ(out.tables.at("")->numbers("customers")[0], 5 * 42);  // days 0 to 41 of 84
  bool said = false;
  for (const issue& i : out.notes)
    said = said || i.message.find("later customers") != i.message.npos;
  EXPECT_TRUE(said);
}

// --- Hostile logs --------------------------------------------------------------------------------

TEST(backtest, one_time_buyers_alone_leave_nothing_to_choose) {
  std::string text = "customer,time,amount\n";
  for (int i = 0; i < 60; ++i) {
    text += "c" + std::to_string(i) + ",2025-0" + std::to_string(1 + i % 9) + "-11,5\n";
  }
  const outcome out =
      run_on_log(backtest_report, test::log_of(text), R"({"models": "bg_nbd,nbd"})");
  EXPECT_EQ(chosen(out), "");
  bool warned = false;
  for (const issue& i : out.notes) warned = warned || i.message.find("no model was chosen") == 0;
  EXPECT_TRUE(warned);
  EXPECT_FALSE(out.tables.at("")->find("value_mae")->present(0));  // no repeat spend, no value
}

TEST(backtest, a_log_too_short_is_refused_with_its_days) {
  const auto log = test::log_of("customer,time,amount\na,2025-01-05,1\nb,2025-01-05,1\n");
  try {
    run_on_log(backtest_report, log);
    FAIL() << "nothing was refused";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("2025-01-05"), std::string::npos) << e.what();
  }
}

TEST(backtest, bad_options_are_named) {
  const auto log = test::log_of("customer,time,amount\na,2025-01-05,1\na,2025-02-05,1\n");
  for (const char* options : {R"({"models": "bg_nbd,gamma_gamma"})",
                              R"({"models": "prophet"})",
                              R"({"spend": "bg_nbd"})",
                              R"({"split": "yesterday"})",
                              R"({"split": "2025-02-05"})",
                              R"({"by": "taste"})",
                              R"({"unit": "month"})",
                              R"({"threads": 0})"}) {
    EXPECT_THROW(run_on_log(backtest_report, log, options), error) << options;
  }
}

// --- The measures --------------------------------------------------------------------------------

TEST(backtest, errors_are_computed_by_hand) {
  const std::vector<double> predicted{1, 2, 3, 4};
  const std::vector<double> actual{0, 2, 5, 3};
  const forecast_error e = compare_forecast(predicted, actual);
  EXPECT_EQ(e.predicted, 10.0);
  EXPECT_EQ(e.actual, 10.0);
  EXPECT_EQ(e.mae, 1.0);
  EXPECT_EQ(e.rmse, std::sqrt(6.0 / 4));
  EXPECT_NEAR(e.rank_correlation, 0.8, 1e-15);  // 1 - 6 (1 + 1) / (4 * 15)
}

TEST(backtest, equal_values_share_their_rank) {
  const std::vector<double> predicted{1, 1, 2};
  const std::vector<double> actual{0, 0, 7};
  EXPECT_NEAR(compare_forecast(predicted, actual).rank_correlation, 1.0, 1e-15);
  const std::vector<double> flat{1, 1, 1};
  EXPECT_EQ(compare_forecast(flat, actual).rank_correlation, 0.0);
}

TEST(backtest, the_lift_of_a_forecast_that_knows_nothing_is_one) {
  std::vector<double> predicted(50, 1.0);
  std::vector<double> actual(50);
  for (std::size_t i = 0; i < 50; ++i) actual[i] = i % 7 == 0 ? 3.0 : 0.0;
  EXPECT_NEAR(compare_forecast(predicted, actual).top_decile_lift, 1.0, 1e-14);
  for (std::size_t i = 0; i < 50; ++i) predicted[i] = actual[i];
  // 8 of 50 bought 3; the top 5 are among them: 3 against a mean of .48.
  EXPECT_NEAR(compare_forecast(predicted, actual).top_decile_lift, 3.0 / 0.48, 1e-14);
}

// --- The rule ------------------------------------------------------------------------------------

backtest_result tested(std::string_view model,
                       int parameters,
                       std::vector<double> loss,
                       std::string status = "converged") {
  return {.which = &find_model(model),
          .tested = true,
          .status = std::move(status),
          .parameters = parameters,
          .loss = std::move(loss)};
}

TEST(backtest, fewer_parameters_win_within_one_standard_error) {
  // Mean difference 0.11 with a standard error of 0.13: as good as the best.
  const std::vector close{tested("pareto_nbd", 4, {1, 1, 1, 1}),
                          tested("nbd", 2, {1.5, 0.95, 1, 1})};
  const backtest_choice tie = choose_model(close, criterion::mae);
  EXPECT_EQ(tie.ranking, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(tie.chosen, 1U);
  EXPECT_NE(tie.why.find("within one standard error"), std::string::npos);
  const std::vector clear{tested("pareto_nbd", 4, {1, 1, 1, 1}),
                          tested("nbd", 2, {1.11, 1.1, 1.1, 1.1})};
  EXPECT_EQ(choose_model(clear, criterion::mae).chosen, 0U);
}

TEST(backtest, what_did_not_converge_is_ranked_but_not_chosen) {
  const std::vector results{tested("gg_nbd", 5, {1, 1}, "at_boundary"),
                            tested("bg_nbd", 4, {2, 2}),
                            tested("nbd", 2, {0, 0}, "not_converged")};
  const backtest_choice c = choose_model(results, criterion::mae);
  EXPECT_EQ(c.ranking, (std::vector<std::size_t>{2, 0, 1}));
  EXPECT_EQ(c.chosen, 1U);
  const std::vector none{results[0], results[2]};
  EXPECT_EQ(choose_model(none, criterion::mae).chosen, 0U);
  EXPECT_FALSE(choose_model({&none[1], 1}, criterion::mae).chosen);
}

}  // namespace
}  // namespace clv

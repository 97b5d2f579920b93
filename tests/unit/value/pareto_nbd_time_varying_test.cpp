#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/report.hpp"
#include "clv/time.hpp"
#include "math/random.hpp"
#include "value/reports.hpp"

using clv::table;
using clv::type;

namespace {

constexpr std::int64_t first_day = 9862;  // 1997-01-01
constexpr int days = 7 * 80;

// A log and its covariates: rows as they are pushed.
struct shop {
  std::shared_ptr<table> log = std::make_shared<table>(), covariates = std::make_shared<table>();
  shop() {
    log->add("customer", type::utf8);
    log->add("time", type::time);
    log->add("amount", type::money, "EUR");
    covariates->add("customer", type::utf8);
    covariates->add("time", type::utf8);
    covariates->add("promotion", type::f64);
    covariates->add("trouble", type::f64);
  }
  void buy(const std::string& who, std::int64_t day) {
    log->columns()[0].push(std::string_view(who));
    log->columns()[1].push(day * clv::us_per_day);
    log->columns()[2].push(std::int64_t{1000});
  }
  void step(const std::string& who, std::int64_t day, double promotion, double trouble) {
    covariates->columns()[0].push(std::string_view(who));
    covariates->columns()[1].push(std::string_view(clv::format_day(day)));
    covariates->columns()[2].push(promotion);
    covariates->columns()[3].push(trouble);
  }
  clv::job report(const std::string& options) const {
    clv::report_inputs in;
    in.tables["transactions"] = log;
    in.tables["covariates"] = covariates;
    return clv::pareto_nbd_time_varying_report.begin(std::move(in), options);
  }
};

constexpr double truth[] = {1.2, 8, 0.8, 20, 0.6, 0.9};  // r, alpha, s, beta in weeks; effects

// Steps of ten weeks with promotions and trouble of each customer's own; purchases by the hour.
shop simulated(int customers) {
  shop s;
  for (int c = 0; c < customers; ++c) {
    clv::random_source random(19, static_cast<std::uint64_t>(c));
    const std::string who = "c" + std::to_string(c);
    const double lambda = random.gamma(truth[0], truth[1]), mu = random.gamma(truth[2], truth[3]);
    const auto born = static_cast<int>(84 * random.uniform());
    s.buy(who, first_day + born);
    double risk = random.exponential() / mu, wait = random.exponential() / lambda;
    bool alive = true;
    for (int day = born; day < days; day += 70) {
      const double promotion = random.uniform() < 0.5 ? 1 : 0, trouble = 2 * random.uniform();
      s.step(who, first_day + day, promotion, trouble);
      for (int half = 0; half < 140 && alive && day + half / 2 < days; ++half) {
        risk -= std::exp(truth[5] * trouble) / 14;
        wait -= std::exp(truth[4] * promotion) / 14;
        alive = risk > 0;
        if (!alive || wait > 0) continue;
        s.buy(who, first_day + day + half / 2);
        wait = random.exponential() / lambda;
      }
    }
  }
  s.buy("last", first_day + days - 1);
  s.step("last", first_day, 0, 0);
  return s;
}

}  // namespace

TEST(pareto_nbd_time_varying, recovers_what_was_simulated) {
  const shop s = simulated(1500);
  clv::job work = s.report(R"({"transaction":"promotion","life":"trouble","horizon":26})");
  work.run();
  const table& t = *work.result().tables.at("");
  ASSERT_EQ(t.rows(), 6u);
  EXPECT_EQ(t.get("parameter", type::utf8).text(4), "transaction.promotion");
  EXPECT_EQ(t.get("parameter", type::utf8).text(5), "life.trouble");
  EXPECT_EQ(t.get("status", type::utf8).text(0), "converged");
  for (std::size_t k = 0; k < 6; ++k) {
    const double value = t.numbers("value")[k], error = t.numbers("standard_error")[k];
    EXPECT_GT(error, 0) << k;
    // Purchases of one day count once and days are whole: less than half a standard error.
    EXPECT_NEAR(value, truth[k], 3 * error) << k;
  }
  const table& scores = *work.result().tables.at("scores");
  ASSERT_EQ(scores.rows(), 1501u);
  for (std::size_t i = 0; i < scores.rows(); ++i) {
    const double alive = scores.numbers("p_alive")[i];
    ASSERT_TRUE(alive >= 0 && alive <= 1);
    ASSERT_GE(scores.numbers("expected_purchases")[i], 0);
  }
}

TEST(pareto_nbd_time_varying, rows_after_the_end_are_the_future) {
  shop plain = simulated(60), promoted = simulated(60);
  const std::string until = clv::format_day(first_day + days - 1);
  for (int c = 0; c < 60; ++c) {
    promoted.step("c" + std::to_string(c), first_day + days + 10, 1, 0);
    plain.step("c" + std::to_string(c), first_day + days + 10, 0, 0);
  }
  const std::string options = R"({"transaction":"promotion","as_of":")" + until + R"("})";
  clv::job with = promoted.report(options), without = plain.report(options);
  with.run();
  without.run();
  const auto log_likelihood = [](clv::job& j) {
    return j.result().tables.at("")->numbers("log_likelihood")[0];
  };
  // Centring the covariates sees the future too; the maximum is where it is.
  EXPECT_NEAR(log_likelihood(with), log_likelihood(without), 1e-6);
  const double effect = with.result().tables.at("")->numbers("value")[4];
  const auto ahead = with.result().tables.at("scores")->numbers("expected_purchases");
  const auto less = without.result().tables.at("scores")->numbers("expected_purchases");
  for (std::size_t i = 0; i + 1 < ahead.size(); ++i) {
    if (!(less[i] > 1e-9)) continue;
    EXPECT_GT((ahead[i] - less[i]) * effect, 0) << i;
  }
}

TEST(pareto_nbd_time_varying, names_the_customer_whose_path_has_a_gap) {
  shop s;
  s.buy("ann", first_day);
  s.buy("bob", first_day + 3);
  s.buy("bob", first_day + 30);
  s.step("ann", first_day, 0, 0);
  s.step("bob", first_day + 10, 1, 0);
  try {
    s.report(R"({"transaction":"promotion"})").run();
    FAIL() << "accepted";
  } catch (const clv::error& e) {
    const std::string what = e.what();
    EXPECT_NE(what.find("'bob'"), std::string::npos) << what;
    EXPECT_NE(what.find("1997-01-04"), std::string::npos) << what;
    EXPECT_NE(what.find("1997-01-11"), std::string::npos) << what;
  }
}

TEST(pareto_nbd_time_varying, names_an_empty_cell_with_customer_and_time) {
  shop s;
  s.buy("ann", first_day);
  s.step("ann", first_day, 0, 0);
  s.step("ann", first_day + 7, std::nan(""), 0);
  try {
    s.report(R"({"transaction":"promotion"})").run();
    FAIL() << "accepted";
  } catch (const clv::error& e) {
    EXPECT_EQ(e.details().row, 1);
    EXPECT_EQ(e.details().column, "promotion");
    const std::string what = e.what();
    EXPECT_NE(what.find("'ann' at 1997-01-08"), std::string::npos) << what;
  }
}

TEST(pareto_nbd_time_varying, needs_a_covariate_that_exists) {
  shop s;
  s.buy("ann", first_day);
  s.step("ann", first_day, 0, 0);
  EXPECT_THROW(s.report("{}"), clv::error);
  try {
    s.report(R"({"life":"weather"})").run();
    FAIL() << "accepted";
  } catch (const clv::error& e) {
    EXPECT_NE(std::string(e.what()).find("'weather'"), std::string::npos);
    EXPECT_NE(e.details().hint.find("trouble"), std::string::npos);
  }
}

TEST(pareto_nbd_time_varying, without_repeat_purchases_nothing_is_identified) {
  shop s;
  for (int c = 0; c < 20; ++c) {
    s.buy("c" + std::to_string(c), first_day + c);
    s.step("c" + std::to_string(c), first_day + c, c % 2, 0);
  }
  clv::job work = s.report(R"({"transaction":"promotion"})");
  work.run();
  const table& t = *work.result().tables.at("");
  EXPECT_EQ(t.get("status", type::utf8).text(0), "not_identified");
  EXPECT_FALSE(t.get("standard_error", type::f64).present(0));
}

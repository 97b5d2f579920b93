// Reason codes: each one by a customer that earns it and one that does not.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cohort.hpp"
#include "report_logs.hpp"
#include "support/shared_data.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

using codes = std::set<std::string, std::less<>>;

std::shared_ptr<fitted_model> bg() {
  return test::given("bg_nbd", {.2425982, 4.413684, .7929899, 2.426167});
}

outcome reasons_of(std::shared_ptr<const table> summary,
                   std::shared_ptr<const fitted_model> m,
                   std::string_view options = "") {
  report_inputs in;
  in.tables["summary"] = std::move(summary);
  in.model = std::move(m);
  return test::run_report(customer_reasons_report, std::move(in), options);
}

codes codes_of(const outcome& out, std::int64_t row = 0) {
  codes found;
  const table& t = *out.tables.at("");
  for (std::size_t i = 0; i < t.rows(); ++i) {
    if (t.integers("row", type::i64)[i] == row) {
      found.emplace(t.get("reason_code", type::utf8).text(i));
    }
  }
  return found;
}

codes codes_of(const test::customer& c, std::shared_ptr<const fitted_model> m) {
  return codes_of(reasons_of(test::summary_of({c}), std::move(m)));
}

std::string text_of(const outcome& out, std::string_view code) {
  const table& t = *out.tables.at("");
  for (std::size_t i = 0; i < t.rows(); ++i) {
    if (t.get("reason_code", type::utf8).text(i) == code) {
      return std::string(t.get("reason", type::utf8).text(i));
    }
  }
  return {};
}

double strength_of(const outcome& out, std::string_view code) {
  const table& t = *out.tables.at("");
  for (std::size_t i = 0; i < t.rows(); ++i) {
    if (t.get("reason_code", type::utf8).text(i) == code) return t.numbers("strength")[i];
  }
  return -1;
}

// For BG/NBD the wait given alive has the closed form 1 - ((alpha + t_x)/(alpha + t_x + w))^(r+x).
TEST(reasons, overdue_is_measured_by_the_waits_of_customers_with_the_same_history) {
  const outcome late = reasons_of(test::summary_of({{10, 20, 39, 0}}), bg());
  EXPECT_TRUE(codes_of(late).contains("OVERDUE"));
  const double share = 1 - std::pow((4.413684 + 20) / (4.413684 + 39), 10.2425982);
  // "For ever" is 10,000 times the age, at which 1 - 1e-40 of the waits are over.
  EXPECT_NEAR(strength_of(late, "OVERDUE"), share, 1e-12);
  const double wait = (4.413684 + 20) * (std::pow(0.1, -1 / 10.2425982) - 1);
  EXPECT_NEAR(wait, 6.2, 0.05);
  EXPECT_EQ(text_of(late, "OVERDUE"),
            "Silent for 19.0 weeks; it bought again 10 times in 20.0 weeks, every 2.0 on average, "
            "and 90 % of such customers who buy again do so within 6.2 weeks.");
  EXPECT_TRUE(codes_of({10, 20, 26, 0}, bg()).contains("ON_RHYTHM"));
  EXPECT_FALSE(codes_of({10, 20, 26, 0}, bg()).contains("OVERDUE"));
}

TEST(reasons, the_border_of_overdue_is_an_option) {
  const auto summary = test::summary_of({{10, 20, 22, 0}});
  EXPECT_TRUE(codes_of(reasons_of(summary, bg())).contains("ON_RHYTHM"));
  EXPECT_TRUE(codes_of(reasons_of(summary, bg(), R"({"overdue": 0.5})")).contains("OVERDUE"));
}

TEST(reasons, every_customer_has_exactly_one_of_the_three_codes_of_rhythm) {
  std::vector<test::customer> all;
  for (const double x : {0.0, 1.0, 5.0, 40.0}) {
    for (const double t_x : {0.0, 3.0, 30.0}) {
      if ((x == 0) == (t_x == 0)) all.push_back({x, t_x, 31.0, 0});
    }
  }
  for (const clv::model* m : models()) {
    if (m->key != tuple_key::purchases) continue;
    std::vector<double> start;
    for (const parameter& p : m->parameters) start.push_back(p.start);
    const outcome out = reasons_of(test::summary_of(all), test::given(m->name, start));
    for (std::size_t i = 0; i < all.size(); ++i) {
      const codes found = codes_of(out, static_cast<std::int64_t>(i));
      EXPECT_EQ(found.count("ONE_TIME_BUYER") + found.count("OVERDUE") + found.count("ON_RHYTHM"),
                1U)
          << m->name << " row " << i;
    }
    for (const double s : out.tables.at("")->numbers("strength")) {
      EXPECT_GE(s, 0.0) << m->name;
      EXPECT_LE(s, 1.0) << m->name;
    }
  }
}

TEST(reasons, a_model_says_where_it_cannot_see) {
  const test::customer once{0, 0, 30, 0};
  EXPECT_TRUE(codes_of(once, bg()).contains("MODEL_LIMIT"));
  EXPECT_FALSE(codes_of({2, 10, 30, 0}, bg()).contains("MODEL_LIMIT"));
  const auto mbg = test::given("mbg_nbd", {.525, 6.183, .891, 1.614});
  EXPECT_FALSE(codes_of(once, mbg).contains("MODEL_LIMIT"));
  const auto nbd = test::given("nbd", {.385, 12.07});
  EXPECT_TRUE(codes_of({2, 10, 30, 0}, nbd).contains("MODEL_LIMIT"));
  const outcome out = reasons_of(test::summary_of({once}), bg());
  EXPECT_FALSE(out.tables.at("")->find("strength")->present(1));
  EXPECT_NE(text_of(out, "MODEL_LIMIT").find("one-time buyer"), std::string::npos);
}

TEST(reasons, one_time_buyers_hear_how_usual_that_is) {
  const outcome out = reasons_of(test::summary_of({{0, 0, 39, 0}}), bg());
  // P(X(39) = 0) is .5738 at these estimates.
  EXPECT_EQ(text_of(out, "ONE_TIME_BUYER"),
            "Bought once, 39.0 weeks ago; by then 43 % of new customers have bought again.");
}

TEST(reasons, silence_frequency_and_age_have_their_codes) {
  EXPECT_TRUE(codes_of({10, 20, 39, 0}, bg()).contains("LIKELY_GONE"));
  EXPECT_FALSE(codes_of({10, 36, 39, 0}, bg()).contains("LIKELY_GONE"));
  EXPECT_TRUE(codes_of({10, 36, 39, 0}, bg()).contains("FREQUENT"));
  EXPECT_FALSE(codes_of({2, 36, 39, 0}, bg()).contains("FREQUENT"));
  EXPECT_TRUE(codes_of({0, 0, 3.9, 0}, bg()).contains("NEW_CUSTOMER"));
  EXPECT_FALSE(codes_of({0, 0, 4, 0}, bg()).contains("NEW_CUSTOMER"));
}

TEST(reasons, spend_is_compared_with_the_other_repeaters) {
  std::vector<test::customer> all{{0, 0, 30, 0}};
  for (int i = 1; i <= 40; ++i) all.push_back({2, 20, 30, 1.0 * i});
  const auto m = bg();
  m->spend = estimates{.which = &find_model("gamma_gamma"), .parameters = {6.25, 3.74, 15.44}};
  m->currency = "USD";
  const outcome out = reasons_of(test::summary_of(all), m);
  EXPECT_TRUE(codes_of(out, 0).contains("PRIOR_ONLY"));
  EXPECT_TRUE(codes_of(out, 40).contains("HIGH_SPEND"));
  EXPECT_TRUE(codes_of(out, 37).contains("HIGH_SPEND"));
  EXPECT_FALSE(codes_of(out, 36).contains("HIGH_SPEND"));
  EXPECT_TRUE(codes_of(out, 1).contains("LOW_SPEND"));
  EXPECT_EQ(text_of(out, "PRIOR_ONLY"),
            "No spend after the first purchase: its value rests on the average of all, 35.22 USD a "
            "purchase.");
}

TEST(reasons, customers_are_compared_with_those_of_their_first_month) {
  auto t = std::make_shared<table>();
  for (const char* name : {"x", "t_x", "T"}) t->add(name, type::f64, "week");
  t->add("first_time", type::time, "us");
  const auto add = [&](double x, double days) {
    t->find("x")->push(x);
    t->find("t_x")->push(x > 0 ? 20.0 : 0.0);
    t->find("T")->push(30.0);
    t->find("first_time")->push(static_cast<std::int64_t>(days) * us_per_day);
  };
  add(0, 0);
  for (int i = 1; i < 30; ++i) add(i, i);  // January 1970
  add(0, 40);                              // alone in February
  const outcome out = reasons_of(t, bg());
  EXPECT_TRUE(codes_of(out, 0).contains("COHORT_BELOW"));
  EXPECT_TRUE(codes_of(out, 29).contains("COHORT_ABOVE"));
  EXPECT_FALSE(codes_of(out, 20).contains("COHORT_ABOVE"));
  EXPECT_FALSE(codes_of(out, 30).contains("COHORT_BELOW"));
  EXPECT_NE(text_of(out, "COHORT_BELOW").find("30 customers who first bought in 1970-01"),
            std::string::npos);
}

TEST(reasons, unfit_models_and_rows_are_refused_by_name) {
  const auto fine = test::summary_of({{1, 2, 3, 0}});
  const auto spend = std::make_shared<fitted_model>();
  spend->spend = estimates{.which = &find_model("gamma_gamma"), .parameters = {6, 4, 15}};
  EXPECT_THROW(reasons_of(fine, spend), error);
  const auto with_covariates = bg();
  with_covariates->purchase.coefficients.push_back({.covariate = "Gender", .value = 0.1});
  EXPECT_THROW(reasons_of(fine, with_covariates), error);
  EXPECT_THROW(reasons_of(test::summary_of({{1, 4, 3, 0}}), bg()), error);
  EXPECT_THROW(reasons_of(fine, bg(), R"({"overdue": 2})"), error);
}

TEST(reasons, those_of_cdnow_are_the_same_twice_and_leave_nobody_out) {
  CLV_REQUIRE_SHARED_DATA(path, "cdnow_sample_summary_exact.csv");
  const auto summary = test::summary_of(test::cdnow(path));
  const outcome out = reasons_of(summary, bg());
  const table& t = *out.tables.at("");
  std::set<std::int64_t> rows;
  std::map<std::string, int, std::less<>> count;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    rows.insert(t.integers("row", type::i64)[i]);
    ++count[std::string(t.get("reason_code", type::utf8).text(i))];
  }
  EXPECT_EQ(rows.size(), 2357U);
  EXPECT_EQ(count["ONE_TIME_BUYER"], 1411);
  EXPECT_EQ(count["OVERDUE"] + count["ON_RHYTHM"], 946);
  EXPECT_EQ(reasons_of(summary, bg()).tables.at("")->fingerprint(), t.fingerprint());
}

}  // namespace
}  // namespace clv

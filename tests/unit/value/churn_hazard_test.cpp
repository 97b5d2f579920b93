#include "churn_rows.hpp"

namespace clv {
namespace {

using test::complaint;
using test::fit;
using test::scored;
using test::texts;
using test::value_of;

// Periods at risk with a constant hazard of 8 % (basic) and 16 % (gold), observed up to 24.
std::shared_ptr<const table> contracts(int n, std::uint64_t seed) {
  auto t = std::make_shared<table>();
  column& customer = t->add("customer", type::utf8);
  column& plan = t->add("plan", type::utf8);
  column& months = t->add("months", type::f64);
  column& churned = t->add("churned", type::f64);
  random_source random(seed);
  for (int i = 0; i < n; ++i) {
    const bool gold = random.uniform() < 0.4;
    const int limit = 1 + static_cast<int>(random.uniform() * 24);
    int month = 1;
    bool lost = false;
    for (;; ++month) {
      lost = random.uniform() < (gold ? 0.16 : 0.08);
      if (lost || month == limit) break;
    }
    customer.push(std::string_view("c" + std::to_string(i)));
    plan.push(gold ? "gold" : "basic");
    months.push(static_cast<double>(month));
    churned.push(lost ? 1.0 : 0.0);
  }
  return t;
}

constexpr const char* hazard = R"({"time_at_risk":"months","penalty":0.01})";

TEST(churn_hazard, finds_the_odds_ratio_that_censoring_would_hide) {
  const outcome out = fit(contracts(4000, 20), hazard);
  const table& t = *out.tables.at("");
  const double truth = std::log(0.16 / 0.84) - std::log(0.08 / 0.92);
  EXPECT_NEAR(*value_of(t, "term", "plan = gold", "coefficient"),
              truth,
              3 * *value_of(t, "term", "plan = gold", "standard_error"));
  EXPECT_EQ(out.tables.at("quality")->get("model", type::utf8).text(0), "discrete_hazard");
}

TEST(churn_hazard, chances_of_several_periods_multiply) {
  const outcome model = fit(contracts(4000, 21), hazard);
  const auto rows =
      texts({"customer", "plan", "months"}, {{"a", "basic", "6"}, {"b", "basic", "7"}});
  const auto p = [&](const char* options, std::size_t row) {
    return scored(model, rows, options).tables.at("")->numbers("churn_probability")[row];
  };
  const double next = p("", 0), after = p("", 1);
  EXPECT_NEAR(p(R"({"horizon_periods":2})", 0), 1 - (1 - next) * (1 - after), 1e-12);
  // The truth is 8 %; the spline's standard error at the middle of the data is about .7 %.
  EXPECT_NEAR(next, 0.08, 0.021);
}

TEST(churn_hazard, contributions_of_time_add_up_too) {
  const auto rows = contracts(500, 22);
  const outcome out = scored(fit(rows, hazard), rows);
  const table& t = *out.tables.at("");
  const auto parts = out.tables.at("contributions")->numbers("contribution");
  for (std::size_t i = 0; i < t.rows(); ++i) {
    EXPECT_NEAR(
        parts[2 * i] + parts[2 * i + 1], t.numbers("logit")[i] - t.numbers("base")[i], 1e-12);
  }
}

TEST(churn_hazard, refuses_a_churner_who_was_never_at_risk) {
  EXPECT_EQ(complaint([] {
              fit(texts({"customer", "plan", "months", "churned"},
                        {{"a", "x", "3", "0"}, {"b", "y", "0", "1"}}),
                  hazard);
            }),
            "row 2, column 'months': is 0 though the customer churned");
}

}  // namespace
}  // namespace clv

// The effect of a breach on a simulated desk whose severe tickets breach more and churn more.
#include <gtest/gtest.h>

#include <cmath>

#include "care_tables.hpp"
#include "clv/error.hpp"
#include "desk/desk_policy.hpp"
#include "desk/reports.hpp"
#include "math/random.hpp"

namespace clv::test {
namespace {

// All time counts; resolution within 240 minutes.
const std::string one_clock = R"("desk":{"policies":[{"name":"all","resolution":240}]})";

std::string measured(const std::string& more = "") {
  return "{" + one_clock + (more.empty() ? "" : "," + more) + "}";
}

struct desk_truth {
  int customers = 1200;
  double effect = 0.1;
  double slow_when_severe = 0.65, slow_else = 0.25;  // chance to breach
};

struct simulated {
  std::shared_ptr<const table> events, after, orders;
};

// Severe in 30 %. A slow ticket takes 8 hours on average beyond its due time. Every customer
// bought ten days before; who stays buys again thirty days after.
simulated simulate(const desk_truth& t, std::uint64_t seed) {
  random_source random(seed);
  std::string events = "ticket,customer,time,kind,severity,channel\n", after = "customer,churned\n",
              orders = "customer,time,amount\n";
  const std::int64_t start = at("2026-01-01");
  for (int i = 0; i < t.customers; ++i) {
    const bool severe = random.uniform() < 0.3;
    const bool slow = random.uniform() < (severe ? t.slow_when_severe : t.slow_else);
    const double minutes = slow ? 241 + 480 * random.exponential() : 240 * random.uniform();
    const double leaves = 0.15 + (severe ? 0.25 : 0) + (slow ? t.effect : 0);
    const bool left = random.uniform() < leaves;
    const std::string id = std::to_string(i);
    const std::int64_t came =
        start + static_cast<std::int64_t>(30 * random.uniform() * static_cast<double>(us_per_day));
    const auto done = came + static_cast<std::int64_t>(minutes * 60e6);
    const std::string head = "t" + id + ",c" + id + ",";
    events += head + format_time(came) + ",created," + (severe ? "high" : "low") + ",phone\n" +
              head + format_time(done) + ",resolved,,\n";
    after += "c" + id + (left ? ",1\n" : ",0\n");
    orders += "c" + id + "," + format_time(came - 10 * us_per_day) + ",20\n";
    if (!left) orders += "c" + id + "," + format_time(came + 30 * us_per_day) + ",20\n";
  }
  return {table_of(events, "ticket_events"), table_of(after), table_of(orders, "transactions")};
}

outcome effect_of(const simulated& s, const std::string& more = "") {
  return run_report(desk_breach_effect_report,
                    {.tables = {{"ticket_events", s.events}, {"customers_after", s.after}}},
                    measured(more));
}

TEST(desk_breach_effect, recovers_the_effect_that_severity_hides) {
  int inside = 0, per_hour = 0, naive_high = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const outcome o = effect_of(simulate({}, seed));
    inside += number(o, "lower") <= 0.1 && 0.1 <= number(o, "upper") ? 1 : 0;
    const double truth = 0.1 / 8;  // of the mean hours that were simulated
    per_hour +=
        number(o, "churn_per_hour_lower") <= truth && truth <= number(o, "churn_per_hour_upper")
            ? 1
            : 0;
    naive_high += number(o, "unadjusted_lower") > 0.1 ? 1 : 0;
  }
  EXPECT_GE(inside, 90);
  EXPECT_GE(per_hour, 90);
  EXPECT_GE(naive_high, 80) << "the plain difference is well above the truth";
}

TEST(desk_breach_effect, an_effect_of_nothing_is_not_seen) {
  int holds_zero = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const outcome o = effect_of(simulate({.effect = 0}, seed));
    if (number(o, "lower") > 0 || number(o, "upper") < 0) continue;
    ++holds_zero;
    EXPECT_TRUE(text(o, "verdict").starts_with("NOT_SEEN"));
    EXPECT_EQ(text(o, "desk"), R"({"priority":{"churn_per_hour":0}})");
  }
  EXPECT_GE(holds_zero, 25);  // 30 of .95, less three errors of such a count
}

TEST(desk_breach_effect, gives_the_member_that_the_rules_take) {
  const outcome o = effect_of(simulate({.customers = 3000, .effect = 0.2}, 4));
  EXPECT_TRUE(text(o, "verdict").starts_with("LOSES")) << text(o, "verdict");
  const desk::desk_policy p = desk::read_desk_policy(text(o, "desk"));
  EXPECT_EQ(p.priority.churn_per_hour, number(o, "churn_per_hour"));
  EXPECT_GT(p.priority.churn_per_hour, 0);
  EXPECT_GT(number(o, "e_value"), 1);
}

TEST(desk_breach_effect, weighting_makes_the_arms_alike) {
  const outcome o = effect_of(simulate({}, 2));
  const std::size_t severe = row_of(o, "covariate", "severity = high", "balance");
  EXPECT_GT(std::abs(number(o, "before", severe, "balance")), 0.5);
  EXPECT_LT(std::abs(number(o, "after", severe, "balance")), 0.1);
  double tickets = 0;
  for (std::size_t bin = 0; bin < 10; ++bin) {
    tickets += number(o, "breached", bin, "overlap") + number(o, "kept", bin, "overlap");
  }
  EXPECT_EQ(tickets, 1200);
}

TEST(desk_breach_effect, refuses_to_compare_what_has_no_counterpart) {
  const outcome o = effect_of(simulate({.slow_when_severe = 1, .slow_else = 0}, 3));
  EXPECT_TRUE(text(o, "verdict").starts_with("NO_OVERLAP")) << text(o, "verdict");
  EXPECT_TRUE(absent(o, "effect"));
  EXPECT_TRUE(absent(o, "desk"));
  EXPECT_GT(number(o, "unadjusted"), 0.2);  // what somebody might have believed
}

TEST(desk_breach_effect, says_when_there_are_few) {
  const outcome o = effect_of(simulate({.customers = 12}, 3));
  EXPECT_TRUE(text(o, "verdict").starts_with("FEW")) << text(o, "verdict");
  EXPECT_TRUE(absent(o, "effect"));
}

TEST(desk_breach_effect, orders_tell_who_left_as_well) {
  const simulated s = simulate({}, 6);
  const auto by_orders = [&](const std::string& more) {
    return run_report(desk_breach_effect_report,
                      {.tables = {{"ticket_events", s.events}, {"transactions", s.orders}}},
                      measured(R"("as_of":"2026-09-01")" + more));
  };
  const outcome said = effect_of(s, R"("as_of":"2026-09-01","covariates":["severity"])");
  const outcome bought = by_orders(R"(,"covariates":["severity"])");
  EXPECT_EQ(number(bought, "effect"), number(said, "effect"));
  // Nobody has been watched for long enough in March.
  const outcome early =
      run_report(desk_breach_effect_report,
                 {.tables = {{"ticket_events", s.events}, {"transactions", s.orders}}},
                 measured(R"("as_of":"2026-03-01")"));
  EXPECT_TRUE(text(early, "verdict").starts_with("FEW"));
  EXPECT_EQ(
      number(
          early, "customers", row_of(early, "reason", "horizon not over", "left_out"), "left_out"),
      1200);
  EXPECT_EQ(number(by_orders(R"(,"start":"resolved")"), "breached"), number(bought, "breached"));
}

TEST(desk_breach_effect, a_result_that_was_recorded_wins) {
  const simulated s = simulate({.customers = 200}, 8);
  const outcome plain = effect_of(s);
  std::string said = "ticket,customer,time,clock,kind,started,elapsed_minutes,target_minutes\n";
  const column& time = s.events->get("time", type::time);
  const std::string came = format_time(time.integers()[0]), done = format_time(time.integers()[1]);
  const double minutes = static_cast<double>(time.integers()[1] - time.integers()[0]) / 60e6;
  const bool was_kept = minutes <= 240;
  said += "t0,c0," + done + ",resolution," + (was_kept ? "missed," : "hit,") + came + ",300,240\n";
  const outcome o = run_report(desk_breach_effect_report,
                               {.tables = {{"ticket_events", s.events},
                                           {"customers_after", s.after},
                                           {"clock_events", table_of(said, "clock_events")}}},
                               measured());
  EXPECT_EQ(number(o, "breached"), number(plain, "breached") + (was_kept ? 1 : -1));
}

TEST(desk_breach_effect, complains_of_row_column_and_value) {
  const simulated s = simulate({.customers = 20}, 1);
  const auto complaint = [&](const char* after) {
    try {
      effect_of({s.events, table_of(after), nullptr});
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_NE(complaint("customer,churned\nc1,2\n").find("row 1, column 'churned': '2'"),
            std::string::npos);
  EXPECT_NE(complaint("customer,bought\nc1,1\nc1,1\n").find("'c1' is there twice"),
            std::string::npos);
  EXPECT_NE(complaint("customer,age\nc1,2\n").find("churned and bought"), std::string::npos);
  try {
    desk_breach_effect_report.begin({}, R"({"clock":"sun"})");
    FAIL();
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("sun"), std::string::npos);
  }
}

TEST(desk_breach_effect, rows_in_any_order_give_the_same_bits) {
  const simulated s = simulate({.customers = 300}, 9);
  auto turned = std::make_shared<table>();
  for (const column& c : s.events->columns()) turned->add(c.name(), c.kind(), c.unit());
  for (std::size_t row = s.events->rows(); row-- > 0;) {
    for (std::size_t i = 0; i < turned->columns().size(); ++i) {
      const column& from = s.events->columns()[i];
      column& to = turned->columns()[i];
      if (!from.present(row)) {
        to.push_absent();
      } else if (from.kind() == type::utf8) {
        to.push(from.text(row));
      } else if (from.kind() == type::f64) {
        to.push(from.numbers()[row]);
      } else {
        to.push(from.integers()[row]);
      }
    }
  }
  EXPECT_EQ(number(effect_of(s), "effect"),
            number(effect_of({turned, s.after, nullptr}), "effect"));
}

}  // namespace
}  // namespace clv::test

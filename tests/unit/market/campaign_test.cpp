// The past campaign of report `market`: randomised as it says, and in the log as it says.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "clv/time.hpp"
#include "market_cases.hpp"
#include "retention/reports.hpp"

namespace clv::test {
namespace {

const char* const all_in = R"({"customers":30000,"experiment_share":1,"seed":11})";

// Hajek mean and its standard error.
struct mean {
  double value = 0, se = 0;
};
mean weighted(const std::vector<double>& y, const std::vector<double>& w) {
  double total = 0, sum = 0, squares = 0;
  for (std::size_t i = 0; i < y.size(); ++i) total += w[i], sum += w[i] * y[i];
  const double m = sum / total;
  for (std::size_t i = 0; i < y.size(); ++i) squares += w[i] * w[i] * (y[i] - m) * (y[i] - m);
  return {m, std::sqrt(squares) / total};
}

struct arm {
  std::vector<double> weight, tau;
  std::map<std::string, std::vector<double>> seen;
  mean of(const std::string& column) const { return weighted(seen.at(column), weight); }
};

std::map<std::string, arm> arms_of(const outcome& made) {
  const table& e = named(made, "experiment");
  const table& hidden = named(made, "experiment_truth");
  std::map<std::string, arm> out;
  const auto outcomes = e.integers("outcome", type::i64);
  const auto left = e.integers("unsubscribed", type::i64);
  for (std::size_t row = 0; row < e.rows(); ++row) {
    arm& a = out[std::string(e.find("treatment")->text(row))];
    a.weight.push_back(1 / e.numbers("propensity")[row]);
    a.tau.push_back(hidden.numbers("tau")[row]);
    a.seen["outcome"].push_back(static_cast<double>(outcomes[row]));
    a.seen["unsubscribed"].push_back(static_cast<double>(left[row]));
    for (const char* c : {"orders", "days_since_order", "tenure_days", "opens", "value"}) {
      a.seen[c].push_back(e.numbers(c)[row]);
    }
  }
  return out;
}

TEST(campaign, draws_every_arm_with_the_chance_it_logs) {
  const outcome made = run_market(all_in);
  const auto arms = arms_of(made);
  ASSERT_EQ(arms.size(), 6u) << "five actions and none";
  const auto people = static_cast<double>(named(made, "experiment").rows());
  EXPECT_GT(people, 5000);
  for (const auto& [name, a] : arms) {
    const auto n = static_cast<double>(a.weight.size());
    EXPECT_NEAR(n, people / 6, 4 * std::sqrt(people * 5 / 36)) << name;
  }
  for (const double p : named(made, "experiment").numbers("propensity")) {
    ASSERT_DOUBLE_EQ(p, 1.0 / 6);
  }
}

TEST(campaign, is_balanced_in_what_was_seen_before) {
  const auto arms = arms_of(run_market(all_in));
  for (const auto& [name, a] : arms) {
    for (const char* covariate : {"orders", "days_since_order", "tenure_days", "opens"}) {
      const mean treated = a.of(covariate), control = arms.at("none").of(covariate);
      EXPECT_NEAR(treated.value, control.value, 4.5 * std::hypot(treated.se, control.se))
          << name << ", " << covariate;  // 24 comparisons: 4.5 is exceeded once in 6,000 seeds
    }
  }
}

TEST(campaign, recovers_the_average_effect_by_the_difference_in_means) {
  const auto arms = arms_of(run_market(all_in));
  const mean control = arms.at("none").of("outcome");
  for (const auto& [name, a] : arms) {
    if (name == "none") continue;
    const mean treated = a.of("outcome"), tau = weighted(a.tau, a.weight);
    EXPECT_NEAR(treated.value - control.value, tau.value, 4 * std::hypot(treated.se, control.se))
        << name;
  }
  // Large enough to be seen at all: else this test could not fail.
  const mean discount = arms.at("winback.discount").of("outcome");
  EXPECT_GT(discount.value - control.value, 4 * std::hypot(discount.se, control.se));
}

TEST(campaign, has_outcomes_that_are_in_the_log) {
  const outcome made = run_market(R"({"customers":3000,"experiment_share":1})");
  const table& log = named(made, "");
  const table& e = named(made, "experiment");
  std::map<std::string, std::vector<std::int64_t>> orders;
  for (std::size_t row = 0; row < log.rows(); ++row) {
    if (log.find("kind")->text(row) != "purchase") continue;
    orders[std::string(log.find("customer")->text(row))].push_back(
        log.integers("time", type::time)[row]);
  }
  const std::int64_t window = 90 * us_per_day;
  for (std::size_t row = 0; row < e.rows(); ++row) {
    const std::int64_t sent = e.integers("time", type::time)[row];
    bool first = false, next = false;
    for (const std::int64_t t : orders.at(std::string(e.find("customer")->text(row)))) {
      first = first || (t > sent && t <= sent + window);
      next = next || (t > sent + window && t <= sent + 2 * window);
    }
    ASSERT_EQ(e.integers("outcome", type::i64)[row], first ? 1 : 0) << row;
    ASSERT_EQ(e.integers("later_outcome", type::i64)[row], next ? 1 : 0) << row;
    ASSERT_TRUE(first || e.numbers("value")[row] == 0) << row;
  }
}

TEST(campaign, pulls_orders_forward_from_the_next_window) {
  // All orders that the persuaded would have made later are gone: fewer there than in the control.
  const outcome made = run_market(
      R"({"customers":30000,"experiment_share":1,"seed":2,"actions":[
          {"name":"early","channel":"post","pull_forward":1,
           "effect":{"light":0.5,"heavy":0.5}}]})");
  const table& e = named(made, "experiment");
  std::vector<double> later_treated, later_control, ones, other_ones;
  for (std::size_t row = 0; row < e.rows(); ++row) {
    const bool treated = e.find("treatment")->text(row) == "early";
    (treated ? later_treated : later_control)
        .push_back(static_cast<double>(e.integers("later_outcome", type::i64)[row]));
    (treated ? ones : other_ones).push_back(1);
  }
  const mean t = weighted(later_treated, ones), c = weighted(later_control, other_ones);
  EXPECT_LT(t.value - c.value, -4 * std::hypot(t.se, c.se));
}

TEST(campaign, is_in_the_contacts_and_nobody_is_sent_what_was_not_drawn) {
  const outcome made = run_market(R"({"customers":4000,"experiment_share":0.5})");
  const table& e = named(made, "experiment");
  const table& contacts = named(made, "contacts");
  std::map<std::string, std::string> drawn;
  double treated = 0, sent = 0, left = 0, unsubscribed = 0;
  for (std::size_t row = 0; row < e.rows(); ++row) {
    drawn[std::string(e.find("customer")->text(row))] = std::string(e.find("treatment")->text(row));
    treated += e.find("treatment")->text(row) != "none" ? 1 : 0;
    left += static_cast<double>(e.integers("unsubscribed", type::i64)[row]);
  }
  for (std::size_t row = 0; row < contacts.rows(); ++row) {
    ASSERT_EQ(contacts.find("action")->text(row),
              drawn.at(std::string(contacts.find("customer")->text(row))));
    sent += contacts.find("kind")->text(row) == "sent" ? 1 : 0;
    unsubscribed += contacts.find("kind")->text(row) == "unsubscribed" ? 1 : 0;
  }
  EXPECT_EQ(sent, treated);
  EXPECT_EQ(unsubscribed, left);
  EXPECT_GT(sent, 0);
}

TEST(campaign, is_an_experiment_that_report_effects_takes_as_it_is) {
  const outcome made = run_market(all_in);
  const outcome found = run_report(effects_report,
                                   {{"experiment", made.tables.at("experiment")}},
                                   R"({"covariates":["orders","days_since_order","opens"]})");
  const table& ratio = named(found, "sample_ratio");
  ASSERT_EQ(ratio.rows(), 6u);
  for (const double p : ratio.numbers("p_value")) EXPECT_GT(p, 1e-4) << "no mismatch of samples";
  EXPECT_EQ(named(found, "").find("action")->text(0), "blanket_20pct.discount");
}

TEST(campaign, does_not_happen_without_a_share) {
  const outcome made = run_market(R"({"customers":500,"experiment_share":0})");
  EXPECT_EQ(named(made, "experiment").rows(), 0u);
  EXPECT_EQ(named(made, "contacts").rows(), 0u);
}

}  // namespace
}  // namespace clv::test

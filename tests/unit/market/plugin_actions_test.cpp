// What the market knows for the sample plugins: their actions by name, responses that are no
// orders, and the facts these rest on.
#include <algorithm>
#include <set>

#include "market/truth.hpp"
#include "market_cases.hpp"

namespace clv::test {
namespace {

std::set<std::string> actions_of(const outcome& made) {
  const table& truth = named(made, "truth");
  std::set<std::string> names;
  for (std::size_t row = 0; row < truth.rows(); ++row) {
    names.emplace(truth.find("action")->text(row));
  }
  return names;
}

TEST(plugin_actions, are_taken_by_the_name_of_the_set_or_of_one_plugin) {
  const auto all = actions_of(run_market(R"({"customers":1,"actions":"plugins"})"));
  EXPECT_GT(all.size(), 20u);
  EXPECT_EQ(all.count("holiday_hold.hold"), 1u);
  EXPECT_EQ(actions_of(run_market(R"({"customers":1,"actions":"clv.winback"})")),
            (std::set<std::string>{"winback.discount", "winback.nudge"}));
  for (const std::string& name : actions_of(run_market(R"({"customers":1})"))) {
    EXPECT_EQ(all.count(name), 1u) << name;
  }
  const std::string said = complaint([] { run_market(R"({"actions":"clv.nobody"})"); });
  EXPECT_NE(said.find("'actions' is \"clv.nobody\""), std::string::npos) << said;
}

TEST(plugin_actions, are_effects_on_customers_who_are_the_same_under_any) {
  const outcome five = run_market(R"({"customers":200,"experiment_share":0})");
  const outcome all = run_market(R"({"customers":200,"experiment_share":0,"actions":"plugins"})");
  for (const char* name : {"", "customers", "tickets", "touches"}) {
    const table &a = named(five, name), &b = named(all, name);
    ASSERT_EQ(a.rows(), b.rows()) << name;
    for (const column& c : a.columns()) {
      for (std::size_t row = 0; row < a.rows() && c.kind() == type::f64; ++row) {
        if (!c.present(row)) continue;
        ASSERT_EQ(c.numbers()[row], b.find(c.name())->numbers()[row]) << c.name();
      }
    }
  }
}

TEST(plugin_actions, name_a_response_that_does_not_exist) {
  const std::string said =
      complaint([] { run_market(R"({"actions":[{"name":"a","response":"love"}]})"); });
  EXPECT_NE(said.find("actions[0].response' is \"love\", expected order, renewal"),
            std::string::npos)
      << said;
}

// By customer, of table "customers".
struct known {
  explicit known(const outcome& made) : rows(named(made, "customers")) {
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      at.emplace(std::string(rows.find("customer")->text(row)), row);
    }
  }
  bool has(const std::string& who, std::string_view column) const {
    return rows.find(column)->present(at.at(who));
  }
  double number(const std::string& who, std::string_view column) const {
    const std::size_t row = at.at(who);
    const bool whole = rows.find(column)->kind() == type::i64;
    return whole ? static_cast<double>(rows.integers(column, type::i64)[row])
                 : rows.numbers(column)[row];
  }
  const table& rows;
  std::map<std::string, std::size_t> at;
};

TEST(plugin_actions, renew_contracts_that_end_within_60_days_and_no_others) {
  const outcome made = run_market(R"({"customers":3000,"actions":"clv.renewal_guard"})");
  const known facts(made);
  const table& truth = named(made, "truth");
  const auto tau = truth.numbers("tau"), p0 = truth.numbers("p0"), net = truth.numbers("net");
  int renewals = 0;
  for (std::size_t row = 0; row < truth.rows(); ++row) {
    if (truth.find("action")->text(row) != "renewal_guard.review") continue;
    const std::string who(truth.find("customer")->text(row));
    const bool ends = facts.has(who, "renewal_days") && facts.number(who, "renewal_days") <= 60;
    renewals += ends ? 1 : 0;
    if (ends) {
      EXPECT_EQ(p0[row], facts.number(who, "p_renew"));
    } else {
      EXPECT_EQ(tau[row], 0);
      EXPECT_EQ(net[row], -5);  // the review is paid all the same
    }
  }
  EXPECT_GT(renewals, 30);
}

TEST(plugin_actions, answer_a_survey_where_one_is_out) {
  const outcome made =
      run_market(R"({"customers":2000,"ticket_rate":3,"actions":"clv.feedback_reward"})");
  const known facts(made);
  const table& truth = named(made, "truth");
  const auto tau = truth.numbers("tau");
  int out = 0;
  for (std::size_t row = 0; row < truth.rows(); ++row) {
    const bool asked =
        facts.number(std::string(truth.find("customer")->text(row)), "survey_sent") > 0;
    out += asked ? 1 : 0;
    EXPECT_EQ(tau[row] > 0, asked);
  }
  EXPECT_GT(out, 10);
  EXPECT_LT(out, 1000);
}

TEST(plugin_actions, that_are_no_orders_change_no_past_order) {
  const outcome made =
      run_market(R"({"customers":1000,"experiment_share":1,"actions":"clv.renewal_guard"})");
  for (const double tau : named(made, "experiment_truth").numbers("tau")) EXPECT_EQ(tau, 0);
  const outcome moved =
      run_market(R"({"customers":1000,"experiment_share":1,"actions":"clv.winback"})");
  const auto taus = named(moved, "experiment_truth").numbers("tau");
  EXPECT_GT(std::count_if(taus.begin(), taus.end(), [](double t) { return t != 0; }), 100);
}

// p0 benefit = B chance(order in valid_days), and an added order costs all of B.
TEST(plugin_actions, are_paid_for_by_orders_in_time_only) {
  market::world w;
  w.seed = 3, w.acquisition_days = 180, w.history_days = 540, w.horizon_days = 90, w.margin = .4;
  market::take_population(nullptr, w);
  market::action offer{.name = "a", .channel = "web", .benefit = 4.9};
  offer.effect = {.05, .05, .05, .05, .05, .05};
  market::action brief = offer;
  brief.valid_days = 2;
  int compared = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const market::person who = market::draw_person(w, i);
    const market::habits h = market::draw_habits(w, i, who);
    const market::truth all = market::truth_of(w, who, h, offer, 540);
    const market::truth soon = market::truth_of(w, who, h, brief, 540);
    EXPECT_EQ(all.benefit, 4.9);
    EXPECT_EQ(soon.p0, all.p0);
    const double early = market::chance_of_order(who.hidden, 540, 2);
    // A few roundings of numbers up to 100.
    EXPECT_NEAR(soon.cannibalisation(), 4.9 * early, 1e-12);
    EXPECT_NEAR(soon.gross_lift(), all.gross_lift(), 1e-12);
    compared += early > 0 ? 1 : 0;
  }
  EXPECT_GT(compared, 50);
}

// The tier is that of the last review, so the next one may have been reached since.
TEST(market, has_a_tier_for_everyone_and_the_points_to_the_next) {
  const outcome made = run_market(R"({"customers":3000})");
  const table& facts = named(made, "customers");
  const auto points = facts.numbers("tier_points"), gap = facts.numbers("tier_gap");
  std::map<std::string, int> met;
  int risen = 0;
  for (std::size_t row = 0; row < facts.rows(); ++row) {
    const std::string tier(facts.find("tier")->text(row));
    ++met[tier];
    EXPECT_EQ(facts.find("tier_gap")->present(row), tier != "gold");
    if (tier == "gold") continue;
    EXPECT_EQ(gap[row], std::max(0.0, (tier == "basic" ? 150 : 400) - points[row]));
    risen += gap[row] == 0 ? 1 : 0;
  }
  EXPECT_EQ(met.size(), 3u);
  EXPECT_GT(risen, 10);
}

}  // namespace
}  // namespace clv::test

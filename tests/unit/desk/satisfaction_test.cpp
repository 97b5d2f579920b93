// Satisfaction: normalised, recent first, shrunk; and the report on it.
#include "desk/care/satisfaction.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "care_tables.hpp"
#include "desk/reports.hpp"
#include "features/reports.hpp"

namespace clv::desk {
namespace {

using test::at;

constexpr std::int64_t now = 1'800'000'000LL * us_per_second;

answer said(std::string agent, double score, double days_ago = 0, std::string team = "one") {
  answer a{.time = now - static_cast<std::int64_t>(days_ago * us_per_day),
           .customer = "c",
           .kind = "CSAT",
           .score = score,
           .satisfaction = (score - 1) / 4,
           .complaint = score <= 2};
  a.about.agent = std::move(agent);
  a.about.team = std::move(team);
  return a;
}

satisfaction_figures figures_of(const std::vector<answer>& all, satisfaction_rules rules = {}) {
  return {all, "", now, rules};
}

// The only answer there is moves all to 2/3, the team to 13/18 and the agent to 83/108.
TEST(satisfaction, of_one_five_star_answer_is_not_all_of_it) {
  const auto figures = figures_of({said("ada", 5)});
  const satisfaction_figure& ada = *figures.agent("ada");
  EXPECT_EQ(ada.mean, 1);
  EXPECT_NEAR(ada.shrunk, 83.0 / 108, 1e-15);
  EXPECT_LT(ada.low, 0.5);
}

TEST(satisfaction, of_one_bad_answer_is_not_zero) {
  const auto figures = figures_of({said("ada", 1)});
  EXPECT_NEAR(figures.agent("ada")->shrunk, 25.0 / 108, 1e-15);
  EXPECT_GT(figures.agent("ada")->high, 0.5);
}

// By hand: all (2 + 1) / (2 + 2) = .75 of two full answers, team (2 + 5 x .75) / 7, agent
// (1 + 5 team) / 6.
TEST(satisfaction, is_shrunk_to_the_team_and_the_team_to_all) {
  const auto figures = figures_of({said("ada", 5), said("bob", 5)});
  const double team = (2 + 5 * 0.75) / 7;
  EXPECT_NEAR(figures.all()->shrunk, 0.75, 1e-15);
  EXPECT_NEAR(figures.teams().at("one").shrunk, team, 1e-15);
  EXPECT_NEAR(figures.agent("ada")->toward, team, 1e-15);
  EXPECT_NEAR(figures.agent("ada")->shrunk, (1 + 5 * team) / 6, 1e-15);
  EXPECT_NEAR(figures.agent("ada")->own, 1.0 / 6, 1e-15);
}

TEST(satisfaction, forgets_what_is_long_ago) {
  std::vector<answer> all;
  for (int i = 0; i < 10; ++i) all.push_back(said("ada", 1, 2000));
  for (int i = 0; i < 10; ++i) all.push_back(said("ada", 5, 1));
  const auto figures = figures_of(all);
  EXPECT_DOUBLE_EQ(figures.agent("ada")->mean, 0.5);
  EXPECT_GT(figures.agent("ada")->recent, 0.99);
  EXPECT_EQ(figures.agent("ada")->answers, 20);
  EXPECT_EQ(figures.agent("ada")->detractors, 10);
}

TEST(satisfaction, comes_to_rest_on_the_own_answers_when_there_are_many) {
  std::vector<answer> all(2000, said("ada", 5));
  all.push_back(said("bob", 1));
  EXPECT_GT(figures_of(all).agent("ada")->shrunk, 0.995);
  EXPECT_GT(figures_of(all).agent("ada")->own, 0.99);
}

TEST(satisfaction, does_not_depend_on_order_or_on_who_else_was_asked_elsewhere) {
  const std::vector<answer> some{said("ada", 5), said("bob", 2), said("ada", 3)};
  const std::vector<answer> turned(some.rbegin(), some.rend());
  EXPECT_NEAR(figures_of(some).agent("ada")->shrunk,
              figures_of(turned).agent("ada")->shrunk,
              1e-15);  // the sum of two rounded products in another order
}

TEST(satisfaction, of_nobody_asked_is_absent) {
  EXPECT_FALSE(figures_of({}).all().has_value());
  EXPECT_EQ(figures_of({said("ada", 5)}).agent("bob"), nullptr);
}

std::vector<std::vector<weighted_answer>> drawn(double between_sd, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> unit(0, 1);
  std::vector<std::vector<weighted_answer>> groups(400);
  for (auto& g : groups) {
    const double mean = 0.7 + between_sd * unit(random);
    for (int i = 0; i < 25; ++i) g.push_back({mean + 0.2 * unit(random), 1});
  }
  return groups;
}

// k = s^2 / t^2 = .2^2 / .1^2 = 4. With 400 groups the standard error of t^2 is about 8 % of it.
TEST(prior_strength, is_recovered_from_simulated_groups) {
  const prior_strength k = strength_between(drawn(0.1, 7), 5);
  EXPECT_TRUE(k.estimated);
  EXPECT_NEAR(k.answers, 4, 4 * 3 * 0.08);
}

// Hand: groups {0, 1}, {1, 1}, {0, 0}: s^2 = .5 / 3, means .5 1 0, sum w_j (m_j - m)^2 = 1,
// t^2 = (1 - 2/6) / (6 - 12/6) = 1/6, k = 1.
TEST(prior_strength, is_the_one_counted_by_hand) {
  const std::vector<std::vector<weighted_answer>> groups{
      {{0, 1}, {1, 1}}, {{1, 1}, {1, 1}}, {{0, 1}, {0, 1}}};
  const prior_strength k = strength_between(groups, 5);
  EXPECT_TRUE(k.estimated);
  EXPECT_NEAR(k.answers, 1, 1e-12);
}

TEST(prior_strength, of_groups_that_do_not_differ_trusts_the_mean_of_all) {
  const std::vector<std::vector<weighted_answer>> groups{
      {{0, 1}, {1, 1}}, {{1, 1}, {0, 1}}, {{0, 1}, {1, 1}}};
  EXPECT_EQ(strength_between(groups, 5).answers, 1000);
}

TEST(prior_strength, is_given_where_there_is_too_little_to_estimate_it) {
  const std::vector<std::vector<weighted_answer>> two{{{0, 1}, {1, 1}}, {{1, 1}, {1, 1}}};
  EXPECT_EQ(strength_between(two, 5).answers, 5);
  EXPECT_FALSE(strength_between(two, 5).estimated);
  EXPECT_EQ(strength_between({}, 5).answers, 5);
}

// Never under one answer's worth, or a single five-star answer would be 100 % again.
TEST(prior_strength, is_never_nothing) {
  const std::vector<std::vector<weighted_answer>> groups{
      {{0, 1}, {0, 1}}, {{1, 1}, {1, 1}}, {{.5, 1}, {.5, 1}}};
  EXPECT_EQ(strength_between(groups, 5).answers, 1);
}

// Shrinking pays: over 200 simulated agents with 5 answers each, the shrunk figures are nearer to
// the truth than the raw means in the sum of squares.
TEST(satisfaction, shrunk_is_nearer_to_the_truth_than_the_mean) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> agent(0.7, 0.08);
  std::vector<answer> all;
  std::map<std::string, double> truth;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "a" + std::to_string(i);
    truth[name] = std::clamp(agent(random), 0.05, 0.95);
    std::binomial_distribution<int> stars(4, truth[name]);
    for (int j = 0; j < 5; ++j) all.push_back(said(name, 1 + stars(random)));
  }
  const auto figures = figures_of(all);
  double raw = 0, shrunk = 0, inside = 0;
  for (const auto& [name, f] : figures.agents()) {
    raw += std::pow(f.mean - truth[name], 2);
    shrunk += std::pow(f.shrunk - truth[name], 2);
    inside += f.low <= truth[name] && truth[name] <= f.high ? 1 : 0;
  }
  EXPECT_LT(shrunk, 0.75 * raw);
  EXPECT_GE(inside / 200, 0.95);
}

constexpr std::string_view satisfaction_log =
    "t1,c1,2026-03-02T09:00Z,created,,north,invoice,,,,\n"
    "t1,c1,2026-03-02T09:10Z,assigned,ada,,,,,,\n"
    "t1,c1,2026-03-02T10:00Z,resolved,ada,,,,,,\n"
    "t2,c2,2026-03-02T09:00Z,created,,north,parcel,,,,\n"
    "t2,c2,2026-03-02T10:00Z,resolved,bob,,,,,,\n"
    "t1,c1,2026-03-02T12:00Z,unassigned,,,,,,,\n";
constexpr std::string_view answers =
    "c1,2026-03-03,CSAT,5,t1,,a1\n"
    "mail:c2,2026-03-03,CSAT,2,t2,,a2\n"
    "mail:c2,2026-03-04,NPS,6,t2,,a3\n";

outcome satisfaction_of_log(std::string_view options = R"({"as_of":"2026-03-05"})",
                            std::string_view events = satisfaction_log,
                            std::string_view feedback = answers) {
  return test::run_report(
      desk_satisfaction_report,
      {.tables = {{"ticket_events", test::events_of(events)},
                  {"feedback", test::feedback_of(feedback)},
                  {"identities", test::identities_of("c2,mail:c2,2026-01-01,1\n")}}},
      options);
}

std::size_t figure_row(const outcome& o, std::string level, std::string name, std::string kind) {
  for (std::size_t row = 0; row < test::rows_in(o); ++row) {
    if (test::text(o, "level", row) == level && test::text(o, "group", row) == name &&
        test::text(o, "kind", row) == kind) {
      return row;
    }
  }
  ADD_FAILURE() << level << " " << name << " " << kind;
  return 0;
}

TEST(desk_satisfaction, is_per_level_and_kind_with_frozen_credit) {
  const outcome o = satisfaction_of_log();
  EXPECT_EQ(test::number(o, "mean", figure_row(o, "agent", "ada", "CSAT")), 1);
  EXPECT_EQ(test::number(o, "mean", figure_row(o, "agent", "bob", "CSAT")), 0.25);
  EXPECT_EQ(test::number(o, "answers", figure_row(o, "team", "north", "all")), 3);
  EXPECT_EQ(test::number(o, "detractors", figure_row(o, "category", "parcel", "all")), 2);
  EXPECT_EQ(test::number(o, "satisfied", figure_row(o, "overall", "all", "CSAT")), 1);
  EXPECT_EQ(test::number(o, "mean", figure_row(o, "overall", "all", "NPS")), 0.6);
}

TEST(desk_satisfaction, the_order_of_rows_changes_no_bit) {
  test::expect_same_tables(
      satisfaction_of_log(),
      satisfaction_of_log(
          R"({"as_of":"2026-03-05"})", test::turned(satisfaction_log), test::turned(answers)));
}

// An agent who left is in no table of agents any more, and keeps every figure.
TEST(desk_satisfaction, needs_no_table_of_agents_so_the_deleted_keep_their_history) {
  const outcome o = satisfaction_of_log();
  EXPECT_EQ(test::number(o, "answers", figure_row(o, "agent", "bob", "all")), 2);
}

TEST(desk_satisfaction, gives_the_answers_of_the_customer_and_of_the_agent) {
  const outcome o = satisfaction_of_log();
  const std::size_t row = test::row_of(o, "event_id", "a2", "feedback");
  EXPECT_EQ(test::text(o, "customer", row, "feedback"), "c2");
  EXPECT_EQ(test::text(o, "agent", row, "feedback"), "bob");
  EXPECT_EQ(test::text(o, "category", row, "feedback"), "parcel");
}

TEST(desk_satisfaction, refuses_what_is_out_of_range_by_name) {
  const std::string told = test::complaint_of(
      [] { satisfaction_of_log(R"({"as_of":"2026-03-05","satisfaction_days":0})"); });
  EXPECT_NE(told.find("satisfaction_days"), std::string::npos) << told;
}

// The churn feature `satisfaction`, read from the table that this report gives, is the figure of
// the customer here: one number for both.
TEST(desk_satisfaction, of_a_customer_is_the_churn_feature) {
  const outcome o = satisfaction_of_log();
  const auto orders =
      test::table_of("customer,time,amount\nc1,2026-01-05,10\nc2,2026-01-06,10\n", "transactions");
  job vector = features_report.begin(
      {.tables = {{"transactions", orders}, {"feedback", o.tables.find("feedback")->second}}},
      R"({"as_of":"2026-03-05T00:00Z"})");
  vector.run();
  for (const char* customer : {"c1", "c2"}) {
    const std::size_t here = test::row_of(o, "customer", customer, "customers");
    const std::size_t there = test::row_of(vector.result(), "customer", customer);
    EXPECT_DOUBLE_EQ(test::number(o, "satisfaction", here, "customers"),
                     test::number(vector.result(), "satisfaction", there));
  }
}

}  // namespace
}  // namespace clv::desk

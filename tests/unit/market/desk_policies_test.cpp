// Report `desk_policies`: the order of work and the assignment of this library against how help
// desks route today, on the same tickets, agents and absences. CLV_DESK_SEEDS desks of
// CLV_DESK_DAYS days each: a few by default, many with tests/run.sh --long.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "desk/reports.hpp"
#include "desk_cases.hpp"
#include "support/shared_data.hpp"

namespace clv::test {
namespace {

const std::string size =
    R"("seeds":)" + std::to_string(CLV_DESK_SEEDS) + R"(,"days":)" + std::to_string(CLV_DESK_DAYS);

// Two weeks, in which a backlog can grow as old as the bound.
const std::string two_weeks = R"("seeds":3,"days":14)";

constexpr std::array<const char*, 3> today{"fifo", "round_robin", "least_busy"};

void expect_better(const outcome& o, const char* than) {
  // Differences are ours less the other within a seed; intervals are Student's over the seeds.
  EXPECT_LT(difference(o, than, "delay_cost", "upper"), 0) << than;
  EXPECT_LT(difference(o, than, "churned_value", "upper"), 0) << than;
  EXPECT_GT(difference(o, than, "sla_kept", "mean"), 0) << than;
  EXPECT_GT(difference(o, than, "satisfaction", "mean"), 0) << than;
}

void expect_within_the_rules(const outcome& o) {
  const table& runs = named(o, "runs");
  for (std::size_t row = 0; row < runs.rows(); ++row) {
    if (cell(runs, "policy", row) != "ours") continue;
    EXPECT_EQ(runs.numbers("constraints_broken")[row], 0) << "run " << row;
    EXPECT_EQ(runs.numbers("passed_over")[row], 0) << "run " << row;
  }
}

TEST(desk_policies, lose_less_value_than_help_desks_of_today) {
  for (const char* load : {"0.75", "1"}) {
    const outcome o = desk_policies(
        "{" + size + R"(,"policies":"ours,fifo,round_robin,least_busy","load":)" + load + "}");
    for (const char* than : today) expect_better(o, than);
    expect_within_the_rules(o);
  }
}

TEST(desk_policies, let_nobody_wait_beyond_the_bound_where_the_agents_suffice) {
  const outcome o = desk_policies("{" + size + R"(,"policies":"ours","load":0.75})");
  EXPECT_EQ(mean_under(o, "ours", "beyond_share"), 0);
  expect_within_the_rules(o);
}

TEST(desk_policies, bound_the_wait_by_the_bound_alone) {
  std::string rules = market_desk::default_rules(.004);
  const std::string bound = R"("max_wait": 900, )";
  rules.erase(rules.find(bound), bound.size());
  const std::string options = "{" + two_weeks + R"(,"policies":"ours","load":1)";
  const outcome with = desk_policies(options + "}");
  const outcome without = desk_policies(options + R"(,"desk":)" + rules + "}");
  EXPECT_GT(mean_under(without, "ours", "longest_wait_hours"),
            1.3 * mean_under(with, "ours", "longest_wait_hours"));
  EXPECT_GT(mean_under(with, "ours", "delay_cost"), mean_under(without, "ours", "delay_cost"))
      << "what the bound costs";
}

TEST(desk_policies, pass_nobody_over_who_has_waited_too_long) {
  const outcome o = desk_policies("{" + two_weeks + R"(,"policies":"ours,oracle","load":1.15})");
  expect_within_the_rules(o);
  EXPECT_GT(mean_under(o, "ours", "beyond_share"), 0) << "for want of agents";
  EXPECT_GT(mean_under(o, "oracle", "passed_over"), 0) << "the count is not idle";
}

TEST(desk_policies, lie_between_first_come_first_served_and_who_knows_the_truth) {
  const outcome o = desk_policies("{" + size + R"(,"policies":"ours,oracle,fifo,sla_first"})");
  EXPECT_GT(difference(o, "oracle", "delay_cost", "mean"), 0);
  EXPECT_LT(difference(o, "fifo", "delay_cost", "upper"), 0);
  EXPECT_LT(difference(o, "sla_first", "delay_cost", "upper"), 0);
  // Most of what the truth could save is saved without knowing it.
  const double saved = -difference(o, "fifo", "delay_cost", "mean");
  const double could = saved + difference(o, "oracle", "delay_cost", "mean");
  EXPECT_GT(saved, .6 * could);
}

// The rules may be wrong about what an hour costs by a factor of four, and are still better than
// rules that know nothing of value.
TEST(desk_policies, stand_a_wrong_belief_about_the_effect_of_delay) {
  for (const char* believed : {"0.001", "0.016"}) {
    const outcome o = desk_policies("{" + size + R"(,"policies":"ours,fifo,least_busy","desk":)" +
                                    market_desk::default_rules(std::stod(believed)) + "}");
    EXPECT_LT(difference(o, "fifo", "delay_cost", "upper"), 0) << believed;
    EXPECT_LT(difference(o, "least_busy", "delay_cost", "upper"), 0) << believed;
  }
}

TEST(desk_policies, count_what_routing_without_skills_breaks) {
  const outcome o = desk_policies(
      "{" + size + R"(,"policies":"ours,round_robin_unskilled,least_busy_unskilled"})");
  for (const char* than : {"round_robin_unskilled", "least_busy_unskilled"}) {
    EXPECT_GT(mean_under(o, than, "constraints_broken"), 100) << than;
    expect_better(o, than);
  }
}

TEST(desk_policies, compare_the_same_tickets_with_the_same_bits) {
  const std::string options = R"({"seeds":2,"days":4,"agents":4})";
  const outcome a = desk_policies(options), b = desk_policies(options);
  for (const auto& [name, rows] : a.tables) {
    EXPECT_EQ(rows->fingerprint(), b.tables.at(name)->fingerprint()) << name;
  }
  const table& runs = named(a, "runs");
  std::map<std::int64_t, double> tickets;
  for (std::size_t row = 0; row < runs.rows(); ++row) {
    const auto seed = runs.integers("seed", type::i64)[row];
    const double n = runs.numbers("tickets")[row];
    EXPECT_EQ(tickets.emplace(seed, n).first->second, n);
  }
  EXPECT_EQ(tickets.size(), 2U);
}

TEST(desk_policies, have_no_error_from_one_run) {
  const outcome o = desk_policies(R"({"seeds":1,"days":2,"policies":"ours,fifo"})");
  EXPECT_FALSE(named(o, "").find("delay_cost_standard_error")->present(0));
  EXPECT_FALSE(named(o, "differences").find("upper")->present(0));
  EXPECT_NE(complaint([] { desk_policies(R"({"policies":"fifo,luck"})"); }).find("'luck'"),
            std::string::npos);
}

// An IT service desk's own log: when incidents came, their category, priority and team, and how
// many hands each went through. Values of customers are drawn, the rest is theirs.
TEST(desk_policies, lose_less_value_on_the_arrivals_of_a_real_service_desk) {
  CLV_REQUIRE_SHARED_DATA(path, "incident_event_log.csv");
  std::ifstream file(path, std::ios::binary);
  const std::string csv{std::istreambuf_iterator<char>(file), {}};
  report_inputs in;
  in.tables["rows"] = table_of(csv);
  const outcome imported =
      run_report(desk_import_report, std::move(in), R"({"shape":"log","time_format":"dmy"})");
  const rows_of events = imported.tables.at("events");
  const std::string rules = R"("desk":{
    "calendars":{"office":{"week":{"mon":["08:00-18:00"],"tue":["08:00-18:00"],
      "wed":["08:00-18:00"],"thu":["08:00-18:00"],"fri":["08:00-18:00"]}}},"calendar":"office",
    "severities":["4 - low","3 - moderate","2 - high","1 - critical"],
    "policies":[
      {"name":"top","when":{"severity":["1 - critical","2 - high"]},
       "first_response":60,"resolution":600},
      {"name":"rest","first_response":300,"resolution":1800}],
    "priority":{"delay_cost":{"4 - low":0.5,"3 - moderate":1,"2 - high":4,"1 - critical":15},
      "sla_cost":5,"churn_per_hour":0.004,"max_wait":1740,"handle_minutes":15}})";
  const outcome o = desk_policies(
      R"({"seeds":)" + std::to_string(CLV_DESK_SEEDS) +
          R"(,"agents":25,"load":0.95,"policies":"ours,fifo,round_robin,least_busy",)" + rules +
          "}",
      {{"ticket_events", events}});
  EXPECT_GT(named(o, "").numbers("tickets")[0], 800);
  for (const char* than : today) {
    EXPECT_LT(difference(o, than, "delay_cost", "upper"), 0) << than;
    EXPECT_GT(difference(o, than, "sla_kept", "mean"), 0) << than;
  }
  expect_within_the_rules(o);
}

}  // namespace
}  // namespace clv::test

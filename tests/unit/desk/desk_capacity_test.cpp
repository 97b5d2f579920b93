// Agent minutes as one budget: the report desk_capacity.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "math/random.hpp"
#include "retention/reports.hpp"
#include "routing_support.hpp"

namespace clv {
namespace {

using test::number;
using test::office;
using test::options;
using test::row_of;
using test::run_report;
using test::table_of;
using test::text;

// Monday 09:00 to 17:00 of the office: 480 minutes an agent.
constexpr const char* a_day =
    R"("as_of": "2026-03-02T09:00Z", "to": "2026-03-03T00:00Z", "averted": 1)";

std::string with(const char* members) {
  std::string json = office;
  json.pop_back();
  return json + ", " + members + "}";
}

TEST(desk_capacity, counts_minutes_in_business_time_while_agents_are_there) {
  report_inputs in;
  in.tables["ticket_events"] =
      table_of("ticket,customer,time,kind\nT1,ada,2026-03-02T08:00Z,created\n", "ticket_events");
  in.tables["agents"] = table_of(
      "agent,team,status,until,cost_hour\n"
      "a,x,,,30.00\nb,x,absent,2026-03-02T13:00Z,60.00\nc,y,absent,,\nd,y,deleted,2026-01-01,\n"
      "e,y,away,,\nf,,away,2026-03-02T16:30Z,\n",
      "agents");
  const outcome o = run_report(desk_capacity_report, in, options(office, a_day));
  const auto minutes = [&](const char* agent) {
    return number(o, "minutes", row_of(o, agent, "agent", "agents"), "agents");
  };
  EXPECT_EQ(minutes("a"), 480);
  EXPECT_EQ(minutes("b"), 240);
  EXPECT_EQ(minutes("c"), 0);
  EXPECT_EQ(minutes("d"), 0);
  EXPECT_EQ(minutes("e"), 480) << "a break ends";
  EXPECT_EQ(minutes("f"), 30);
  EXPECT_EQ(text(o, "resource"), "agent_minutes");
  EXPECT_EQ(number(o, "available"), 480 + 240 + 480 + 30);
  EXPECT_DOUBLE_EQ(number(o, "cost_minute"), (480 * 0.5 + 240 * 1.0) / 720);
  EXPECT_EQ(number(o, "desk"), 15) << "the only ticket takes what the rules say";
  EXPECT_EQ(number(o, "shadow_price"), 0) << "there is plenty";
}

TEST(desk_capacity, values_a_ticket_by_the_cost_of_delay_that_it_saves) {
  report_inputs in;
  in.tables["ticket_events"] =
      table_of("ticket,customer,time,kind,severity\nT1,ada,2026-03-02T08:00Z,created,high\n",
               "ticket_events");
  in.tables["agents"] = table_of("agent\na\n", "agents");
  const std::string desk = with(
      R"("severities": ["high"], "priority": {"delay_cost": {"high": 5}, "handle_minutes": 20})");
  const outcome all = run_report(desk_capacity_report, in, options(desk, a_day));
  EXPECT_EQ(number(all, "value", 0, "choices"), 5 * 8) << "8 hours of the office";
  EXPECT_EQ(number(all, "minutes", 0, "choices"), 20);
  const outcome half =
      run_report(desk_capacity_report,
                 in,
                 options(desk, R"("as_of": "2026-03-02T09:00Z", "to": "2026-03-03T00:00Z")"));
  EXPECT_EQ(number(half, "value", 0, "choices"), 20) << "served evenly over the day";
}

// 5 agent hours; what is worth most a minute gets them, whichever side it is of.
TEST(desk_capacity, balances_tickets_and_proposals_at_one_price) {
  report_inputs in;
  in.tables["ticket_events"] = table_of(
      "ticket,customer,time,kind,severity\nT1,ada,2026-03-02T08:00Z,created,high\n"
      "T2,bob,2026-03-02T08:00Z,created,low\n",
      "ticket_events");
  in.tables["agents"] =
      table_of("agent,status,until\na,absent,2026-03-02T16:20Z\n", "agents");  // 40 minutes
  in.tables["options"] =
      table_of("customer,action,net,agent_minutes\ncid,call,20,20\neve,call,9,20\neve,mail,1,0\n");
  const std::string desk = with(
      R"("severities": ["low", "high"],
         "priority": {"delay_cost": {"low": 1, "high": 5}, "handle_minutes": 20})");
  const outcome o = run_report(desk_capacity_report, in, options(desk, a_day));
  EXPECT_EQ(number(o, "available"), 40);
  EXPECT_EQ(number(o, "desk"), 20);
  EXPECT_EQ(number(o, "retention"), 20);
  EXPECT_NEAR(number(o, "shadow_price"), 8.0 / 20, 1e-9)
      << "T2 and eve's call would be next: 8 / 20 and (9 - 1) / 20";
  const auto taken = [&](const char* id) {
    const table& t = *o.tables.at("choices");
    for (std::size_t row = 0; row < t.rows(); ++row) {
      if (t.find("id")->text(row) == id && t.find("taken")->integers()[row] == 1) {
        return std::string(t.find("action")->text(row));
      }
    }
    return std::string("nothing");
  };
  EXPECT_EQ(taken("T1"), "answer");
  EXPECT_EQ(taken("T2"), "nothing");
  EXPECT_EQ(taken("cid"), "call");
  EXPECT_EQ(taken("eve"), "mail");
  EXPECT_EQ(number(o, "value", 0, "totals"), 40 + 20 + 1);
  EXPECT_EQ(number(o, "value_desk", 0, "totals"), 40);
  EXPECT_EQ(number(o, "value_retention", 0, "totals"), 21);
}

TEST(desk_capacity, can_hold_teams_to_their_own_minutes) {
  report_inputs in;
  in.tables["ticket_events"] = table_of(
      "ticket,customer,time,kind,team\nT1,ada,2026-03-02T08:00Z,created,x\n"
      "T2,bob,2026-03-02T08:00Z,created,x\nT3,bob,2026-03-02T08:00Z,created,\n",
      "ticket_events");
  in.tables["agents"] =
      table_of("agent,team,status,until\na,x,absent,2026-03-02T16:40Z\nb,y,,\n", "agents");
  const std::string desk = with(R"("priority": {"handle_minutes": 20})");
  const outcome one = run_report(desk_capacity_report, in, options(desk, a_day));
  EXPECT_EQ(one.tables.at("")->rows(), 1U);
  EXPECT_EQ(number(one, "desk"), 60);
  const outcome o = run_report(
      desk_capacity_report, in, options(desk, std::string(a_day) + R"(, "teams": true)"));
  ASSERT_EQ(o.tables.at("")->rows(), 3U);
  EXPECT_EQ(number(o, "desk", row_of(o, "agent_minutes", "resource")), 40);
  EXPECT_EQ(number(o, "desk", row_of(o, "agent_minutes:x", "resource")), 20);
  EXPECT_GT(number(o, "shadow_price", row_of(o, "agent_minutes:x", "resource")), 0);
  EXPECT_EQ(number(o, "shadow_price", row_of(o, "agent_minutes:y", "resource")), 0);
}

// --- one pool against every fixed split ---------------------------------------------------------

struct item {
  double value = 0;
  int minutes = 0;
};

// Most value of at most so many minutes, by trying every set.
double best_of(const std::vector<item>& items, int minutes) {
  double best = 0;
  for (unsigned set = 0; set < (1U << items.size()); ++set) {
    double value = 0;
    int used = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if ((set >> i & 1U) == 0) continue;
      value += items[i].value;
      used += items[i].minutes;
    }
    if (used <= minutes) best = std::max(best, value);
  }
  return best;
}

struct two_sides {
  std::vector<item> tickets, proposals;
  int minutes = 0;
};

two_sides desk_capacity_draw(std::uint64_t seed) {
  random_source random(seed, 8);
  two_sides s;
  s.minutes = 20 * static_cast<int>(1 + random.bits() % 6);
  for (auto n = random.bits() % 6; n > 0; --n) {
    s.tickets.push_back({8.0 * double(1 + random.bits() % 9), 20});
  }
  for (auto n = random.bits() % 6; n > 0; --n) {
    s.proposals.push_back(
        {double(1 + random.bits() % 70), 5 * static_cast<int>(random.bits() % 9)});
  }
  return s;
}

outcome plan_for(const two_sides& s) {
  std::string log =
      "ticket,customer,time,kind,severity\nT,x,2026-03-02T08:00Z,created,s1\n"
      "T,x,2026-03-02T08:01Z,closed,\n";
  for (std::size_t i = 0; i < s.tickets.size(); ++i) {
    log += "T" + std::to_string(i) + ",x,2026-03-02T08:00Z,created,s" +
           std::to_string(int(s.tickets[i].value / 8)) + "\n";
  }
  std::string offers = "customer,action,net,agent_minutes\n";
  for (std::size_t i = 0; i < s.proposals.size(); ++i) {
    offers += "c" + std::to_string(i) + ",call," + std::to_string(int(s.proposals[i].value)) + "," +
              std::to_string(s.proposals[i].minutes) + "\n";
  }
  report_inputs in;
  in.tables["ticket_events"] = table_of(log, "ticket_events");
  const int from = 17 * 60 - s.minutes;
  in.tables["agents"] =
      table_of("agent,status,until\na,absent,2026-03-02T" + std::to_string(from / 60) + ":" +
                   (from % 60 < 10 ? "0" : "") + std::to_string(from % 60) + "Z\n",
               "agents");
  in.tables["options"] = table_of(offers);
  return run_report(desk_capacity_report,
                    in,
                    options(with(R"("severities": ["s1","s2","s3","s4","s5","s6","s7","s8","s9"],
                      "priority": {"handle_minutes": 20, "delay_cost": {"s1": 1, "s2": 2, "s3": 3,
                      "s4": 4, "s5": 5, "s6": 6, "s7": 7, "s8": 8, "s9": 9}})"),
                            a_day));
}

TEST(desk_capacity, with_one_pool_is_never_worse_than_any_fixed_split) {
  std::size_t better_than_halves = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const two_sides s = desk_capacity_draw(seed);
    const outcome o = plan_for(s);
    ASSERT_EQ(number(o, "available"), s.minutes);
    const double value = number(o, "value", 0, "totals");
    ASSERT_LE(number(o, "desk") + number(o, "retention"), s.minutes + 1e-6);
    ASSERT_LE(value, number(o, "bound", 0, "totals") + 1e-9);
    for (int desk = 0; desk <= s.minutes; desk += 5) {
      const double split = best_of(s.tickets, desk) + best_of(s.proposals, s.minutes - desk);
      ASSERT_GE(value, split - 1e-9) << "seed " << seed << ", " << desk << " for the desk";
      if (2 * desk == s.minutes && value > split + 1e-9) ++better_than_halves;
    }
  }
  EXPECT_GT(better_than_halves, 300U) << "the cases must be hard ones";
}

}  // namespace
}  // namespace clv

// The run of the simulated desk: it counts broken constraints, the c-mu order comes out where it is
// the best, and what our policy sees is what the desk would read from the log.
#include "market/desk/desk_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "desk/priority/index.hpp"
#include "desk_cases.hpp"
#include "market/desk/desk_tables.hpp"
#include "market/desk/live_book.hpp"

namespace clv::test {
namespace {

using namespace market_desk;  // NOLINT: the run is of that room

// Everything that the policy cannot know is switched off, so that costs are linear and known.
constexpr std::string_view plain =
    R"({"score_noise":0,"cost_noise":0,"sensitivity_sd":0,
        "churn_per_breach":0,"churn_per_hour":0.01,"question_share":0,"reopen_share":0,"absence_share":0,"desk":{"priority":{
        "sla_cost":0,"churn_per_hour":0.01,"delay_cost":{"a":1,"b":2,"c":5,"d":9,"e":14}}}})";

// Three kinds of tickets, each always of the same length: 40 of each are history, and then `n` come
// in at one instant, while the only agent is busy.
rows_of rush(int n) {
  std::string csv = "ticket,customer,time,kind,category,severity,minutes\n";
  const std::vector<std::string> kinds{"short", "middle", "long"};
  const std::vector<int> minutes{6, 20, 55};
  const auto add = [&](const std::string& id, const std::string& time, std::size_t kind, int i) {
    const std::string severity(1, static_cast<char>('a' + (i * 7 + i / 5) % 5));
    csv += id + ",c" + std::to_string(i % 37) + "," + time + ",created," + kinds[kind] + "," +
           severity + "," + std::to_string(minutes[kind]) + "\n";
  };
  for (int i = 0; i < 120; ++i) {
    add("h" + std::to_string(100 + i), "2026-03-01T00:00Z", static_cast<std::size_t>(i % 3), i);
  }
  add("blocker", "2026-03-10T07:59Z", 2, 0);
  for (int i = 0; i < n; ++i) {
    add("r" + std::to_string(100 + i), "2026-03-10T08:00Z", static_cast<std::size_t>(i % 3), i);
  }
  return table_of(csv, "ticket_events");
}

const rows_of& one_agent() {
  static const rows_of rows = table_of("agent\nanna\n", "agents");
  return rows;
}

bool is_rush(const sim_ticket& t) {
  return t.id[0] == 'r';
}

// The tickets of the rush in the order in which they were answered.
std::vector<std::size_t> order_of_answers(const scenario& s, const run_result& r) {
  std::vector<std::size_t> out;
  for (const sim_event& e : r.events) {
    if (e.kind == desk::event_kind::resolved && is_rush(s.tickets[e.ticket])) {
      out.push_back(e.ticket);
    }
  }
  return out;
}

TEST(desk_run, brings_out_the_c_mu_order_exactly_where_costs_are_linear) {
  const scenario s = draw_scenario(world_of(plain), rush(90).get(), one_agent().get());
  const auto policy = make_value_dispatcher(s);
  const run_result r = play(s, *policy);
  std::vector<std::size_t> best;
  for (std::size_t i = 0; i < s.tickets.size(); ++i) {
    if (is_rush(s.tickets[i])) best.push_back(i);
  }
  ASSERT_EQ(best.size(), 90U);
  // By the truth: cost of an hour over the minutes of work; equal ones as they came, by id.
  std::stable_sort(best.begin(), best.end(), [&](std::size_t a, std::size_t b) {
    return s.delay_cost(s.tickets[a]) / s.tickets[a].minutes() >
           s.delay_cost(s.tickets[b]) / s.tickets[b].minutes();
  });
  EXPECT_EQ(order_of_answers(s, r), best);
}

// What a permutation of the rush costs when one agent answers it without a break.
double cost_of(const scenario& s, const std::vector<std::size_t>& order) {
  double minutes = 0, cost = 0;
  for (const std::size_t t : order) {
    minutes += s.tickets[t].minutes();
    cost += s.delay_cost(s.tickets[t]) * minutes / 60;
  }
  return cost;
}

TEST(desk_run, pays_as_little_as_the_best_of_all_orders_of_seven_tickets) {
  const scenario s = draw_scenario(world_of(plain), rush(7).get(), one_agent().get());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < s.tickets.size(); ++i) {
    if (is_rush(s.tickets[i])) order.push_back(i);
  }
  double least = std::numeric_limits<double>::infinity(), first_come = cost_of(s, order);
  do {
    least = std::min(least, cost_of(s, order));
  } while (std::next_permutation(order.begin(), order.end()));
  for (const auto make : {make_value_dispatcher, make_oracle}) {
    const auto policy = make(s);
    const run_result r = play(s, *policy);
    EXPECT_DOUBLE_EQ(cost_of(s, order_of_answers(s, r)), least);
  }
  EXPECT_GT(first_come, 1.02 * least) << "the order matters here";
  const auto fifo = make_fifo(s);
  EXPECT_GT(cost_of(s, order_of_answers(s, play(s, *fifo))), 1.02 * least);
}

// Gives every ticket to one agent at once, whatever the rules say.
class blind : public dispatcher {
 public:
  explicit blind(std::size_t agent) : agent_(agent) {}
  std::optional<assignment> next(const desk_now& desk) override {
    return assignment{desk.waiting.front(), agent_};
  }

 private:
  std::size_t agent_;
};

TEST(desk_run, counts_every_constraint_that_is_broken) {
  const rows_of agents = table_of(
      "agent,skills,channels,max_tickets\na1,blue:1,phone:2,\na2,red:1,phone:2,\n", "agents");
  const rows_of log = table_of(
      "ticket,customer,time,kind,category,channel,minutes\n"
      "t1,c1,2026-03-16T10:00Z,created,blue,phone,30\n"
      "t2,c1,2026-03-16T10:00Z,created,blue,phone,30\n"
      "t3,c1,2026-03-16T10:00Z,created,blue,phone,30\n",
      "ticket_events");
  desk_world w = world_of(R"({"question_share":0,"absence_share":0})");
  const scenario s = draw_scenario(w, log.get(), agents.get());
  blind able_but_full(0);
  EXPECT_EQ(play(s, able_but_full).constraints_broken, 1) << "two calls at a time, three given";
  const auto ours = make_value_dispatcher(s);
  EXPECT_EQ(play(s, *ours).constraints_broken, 0);
}

TEST(desk_run, loses_time_with_agents_who_cannot_help) {
  const auto s = draw_scenario(world_of(R"({"days":5,"load":0.6})"), nullptr, nullptr);
  const auto policy = make_round_robin_unskilled(s);
  const run_result r = play(s, *policy);
  const auto skilled_policy = make_round_robin(s);
  const run_result skilled = play(s, *skilled_policy);
  EXPECT_GT(r.constraints_broken, 50);
  EXPECT_EQ(skilled.constraints_broken, 0);
  EXPECT_GT(measures_of(s, r)[static_cast<std::size_t>(measure::handle_minutes)],
            measures_of(s, skilled)[static_cast<std::size_t>(measure::handle_minutes)]);
}

// Compares, from time to time, what the live book tells with what the desk reads from the log.
class witness : public dispatcher {
 public:
  explicit witness(const scenario& s) : s_(s), book_(s), policy_(make_value_dispatcher(s)) {}

  void happened(const sim_event& e) override {
    events_.push_back(e);
    book_.happened(e);
    policy_->happened(e);
  }
  void begin(const desk_now& desk) override {
    if (++instants_ % 40 == 0) compare(desk.now);
    policy_->begin(desk);
  }
  std::optional<assignment> next(const desk_now& desk) override { return policy_->next(desk); }
  int compared() const { return compared_; }

 private:
  void compare(std::int64_t now) {
    run_result so_far;
    so_far.tickets.resize(s_.tickets.size());
    so_far.events = events_;
    outcome o;
    write_tables(s_, so_far, "so far", o);
    desk::desk_view view;
    view.policy = s_.world.rules;
    view.now = now;
    view.book = desk::read_tickets(o.tables.at(""), nullptr, now);
    view.at_risk = desk::values_at_risk(*o.tables.at("scores"), "test");
    view.tiers = desk::tiers_of(*o.tables.at("segments"), "test");
    const auto read = desk::rank_tickets(view);
    const desk::desk_view& live = book_.view(now);
    const auto ours = desk::rank_tickets(live);
    ASSERT_EQ(ours.size(), read.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      EXPECT_EQ(live.book.tickets[ours[i].ticket].id, view.book.tickets[read[i].ticket].id);
      EXPECT_EQ(ours[i].index, read[i].index);
      EXPECT_EQ(ours[i].wait_minutes, read[i].wait_minutes);
      EXPECT_EQ(ours[i].due, read[i].due);
      compared_ += 1;
    }
  }

  const scenario& s_;
  live_book book_;
  std::unique_ptr<dispatcher> policy_;
  std::vector<sim_event> events_;
  int instants_ = 0, compared_ = 0;
};

TEST(desk_run, shows_its_policy_what_the_desk_would_read_from_the_log) {
  const auto s = draw_scenario(
      world_of(R"({"days":4,"load":1.1,"agents":5,"reopen_share":0.3,"absence_share":0.2})"),
      nullptr,
      nullptr);
  ASSERT_LT(s.tickets.size(), live_book::finished_kept) << "then it forgets some on purpose";
  witness policy(s);
  play(s, policy);
  EXPECT_GT(policy.compared(), 100);
}

TEST(desk_run, gives_the_tickets_of_an_absent_agent_back) {
  const auto s = draw_scenario(world_of(R"({"days":10,"absence_share":0.3})"), nullptr, nullptr);
  for (const named_dispatcher& each : dispatchers()) {
    const auto policy = each.make(s);
    const run_result r = play(s, *policy);
    for (const served& t : r.tickets) EXPECT_NE(t.agent, nobody) << each.name;
    EXPECT_GT(measures_of(s, r)[static_cast<std::size_t>(measure::handed_over)], 0) << each.name;
  }
}

}  // namespace
}  // namespace clv::test

// The order of work: the c-mu rule, its parts, and nobody beyond the bound.
#include "desk/priority/index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "desk/priority/delay_cost.hpp"
#include "desk/priority/waiting.hpp"
#include "desk/priority/why_now.hpp"
#include "math/random.hpp"

namespace clv::desk {
namespace {

constexpr std::int64_t minute = 60 * us_per_second;
constexpr std::int64_t monday_nine = 20'458LL * us_per_day + 9 * 60 * minute;  // 2026-01-05

ticket_event event(std::int64_t time,
                   event_kind kind,
                   ticket_status after,
                   bool automatic = false) {
  return {.time = time, .kind = kind, .status = after, .automatic = automatic};
}

// Created `ago` minutes before now, untouched since.
ticket fresh(std::string id, std::int64_t ago = 0) {
  ticket t;
  t.id = std::move(id);
  t.customer = "c-" + t.id;
  t.created = monday_nine - ago * minute;
  t.events = {event(t.created, event_kind::created, ticket_status::fresh)};
  return t;
}

desk_view view_of(std::vector<ticket> tickets, std::string_view rules = "{}") {
  desk_view view;
  view.policy = read_desk_policy(rules);
  view.now = monday_nine;
  std::ranges::sort(tickets, {}, &ticket::id);
  view.book.tickets = std::move(tickets);
  return view;
}

std::vector<std::string> order(const desk_view& view) {
  std::vector<std::string> ids;
  for (const ticket_index& x : rank_tickets(view)) {
    ids.push_back(view.book.tickets[x.ticket].id);
  }
  return ids;
}

using ids = std::vector<std::string>;

// The total cost of delay when the jobs are done one after another in this order.
double delay_cost_of(const std::vector<std::size_t>& sequence,
                     const std::vector<double>& cost,
                     const std::vector<double>& hours) {
  double clock = 0, total = 0;
  for (const std::size_t job : sequence) {
    clock += hours[job];
    total += cost[job] * clock;
  }
  return total;
}

double least_delay_cost(const std::vector<double>& cost, const std::vector<double>& hours) {
  std::vector<std::size_t> sequence(cost.size());
  std::iota(sequence.begin(), sequence.end(), 0);
  double least = delay_cost_of(sequence, cost, hours);
  while (std::next_permutation(sequence.begin(), sequence.end())) {
    least = std::min(least, delay_cost_of(sequence, cost, hours));
  }
  return least;
}

// Costs as severities s0, s1, ... of a desk without clocks and ageing.
desk_policy linear_desk(const std::vector<double>& cost) {
  desk_policy desk = read_desk_policy("{}");
  for (std::size_t i = 0; i < cost.size(); ++i) {
    desk.priority.delay_cost["s" + std::to_string(i)] = cost[i];
  }
  return desk;
}

// Twenty finished tickets of each category, so that open ones differ in what they will take.
void add_finished(std::vector<ticket>& tickets, const std::vector<double>& minutes) {
  for (std::size_t k = 0; k < minutes.size(); ++k) {
    for (int i = 0; i < 20; ++i) {
      ticket t = fresh("done-" + std::to_string(k) + "-" + std::to_string(10 + i), 600);
      t.category = "k" + std::to_string(k);
      t.status = ticket_status::resolved;
      t.has_minutes = true;
      t.minutes = minutes[k];
      tickets.push_back(std::move(t));
    }
  }
}

TEST(ticket_order, is_the_c_mu_rule_and_no_other_order_costs_less) {
  for (std::uint64_t draw = 0; draw < 60; ++draw) {
    random_source random(5, draw);
    const std::size_t n = 2 + random.bits() % 6;
    std::vector<double> cost, minutes;
    std::vector<ticket> tickets;
    for (std::size_t i = 0; i < n; ++i) {
      cost.push_back(0.1 + 10 * random.uniform());
      minutes.push_back(2 + 90 * random.uniform());
      tickets.push_back(fresh("open-" + std::to_string(i)));
      tickets.back().severity = "s" + std::to_string(i);
      tickets.back().category = "k" + std::to_string(i);
    }
    add_finished(tickets, minutes);
    desk_view view = view_of(std::move(tickets));
    view.policy = linear_desk(cost);
    std::vector<std::size_t> sequence;
    std::vector<double> hours(n);
    for (const ticket_index& x : rank_tickets(view)) {
      const std::string& id = view.book.tickets[x.ticket].id;
      sequence.push_back(static_cast<std::size_t>(id.back() - '0'));
      hours[sequence.back()] = x.handle.left / 60;
      EXPECT_DOUBLE_EQ(x.index, cost[sequence.back()] / hours[sequence.back()]);
    }
    ASSERT_EQ(sequence.size(), n);
    for (std::size_t i = 1; i < n; ++i) {
      EXPECT_GE(cost[sequence[i - 1]] / hours[sequence[i - 1]],
                cost[sequence[i]] / hours[sequence[i]]);
    }
    const double least = least_delay_cost(cost, hours);
    EXPECT_NEAR(delay_cost_of(sequence, cost, hours), least, 1e-12 * least) << "sums of 8 numbers";
  }
}

constexpr std::string_view rules = R"({
  "severities": ["low", "high"],
  "policies": [{"name": "all", "first_response": 120, "resolution": 600}],
  "priority": {"delay_cost": {"low": 1, "high": 6}, "sla_cost": 10, "sla_horizon": 240,
               "words": {"down": 8, "not working": 4}, "outage_cost": 30, "value_weight": 2,
               "churn_per_hour": 0.001, "ageing": 0.5, "max_wait": 2880, "handle_minutes": 30}})";

TEST(ticket_order, shows_parts_that_sum_to_the_number) {
  ticket t = fresh("a", 60);
  t.severity = "high";
  t.subject = "Server is DOWN!";
  t.outage = true;
  desk_view view = view_of({t}, rules);
  view.at_risk["c-a"] = 500;
  const auto ranked = rank_tickets(view);
  ASSERT_EQ(ranked.size(), 1u);
  const ticket_index& x = ranked[0];
  EXPECT_EQ(x.severity_cost, 6);
  EXPECT_EQ(x.words_cost, 8);
  EXPECT_EQ(x.outage_cost, 30);
  EXPECT_EQ(x.slack_minutes, 60);
  EXPECT_EQ(x.due, monday_nine + 60 * minute);
  EXPECT_DOUBLE_EQ(x.sla_cost, 7.5);
  EXPECT_DOUBLE_EQ(x.value_cost, 1);
  EXPECT_EQ(x.at_risk, 500);
  EXPECT_EQ(x.wait_minutes, 60);
  EXPECT_DOUBLE_EQ(x.ageing, 0.5);
  EXPECT_DOUBLE_EQ(x.index, (6 + 8 + 30 + 7.5 + 1) / 0.5 + 0.5);
}

// What one change does to the index of a ticket that has everything.
double index_with(void (*change)(ticket&, desk_view&)) {
  ticket t = fresh("a", 60);
  t.severity = "low";
  desk_view view = view_of({t}, rules);
  view.at_risk["c-a"] = 100;
  change(view.book.tickets[0], view);
  return rank_tickets(view).at(0).index;
}

TEST(ticket_order, rises_with_each_driver) {
  const double plain = index_with([](ticket&, desk_view&) {});
  const auto rises = [&](void (*change)(ticket&, desk_view&)) {
    return index_with(change) > plain;
  };
  EXPECT_TRUE(rises([](ticket& t, desk_view&) { t.severity = "high"; }));
  EXPECT_TRUE(rises([](ticket& t, desk_view&) { t.subject = "all down"; }));
  EXPECT_TRUE(rises([](ticket& t, desk_view&) { t.outage = true; }));
  EXPECT_TRUE(rises([](ticket&, desk_view& v) { v.at_risk["c-a"] = 101; }));
  EXPECT_TRUE(rises([](ticket&, desk_view& v) { v.now += minute; })) << "wait and due time";
  EXPECT_TRUE(rises([](ticket&, desk_view& v) { v.policy.priority.handle_minutes = 29; }));
  EXPECT_TRUE(rises([](ticket&, desk_view& v) { v.policy.policies[0].targets[0] = 100 * minute; }))
      << "less slack";
}

TEST(ticket_order, a_higher_number_is_more_urgent) {
  std::vector<ticket> tickets;
  for (std::size_t i = 0; i < 200; ++i) {
    random_source random(3, i);
    ticket t =
        fresh("t" + std::to_string(1000 + i), static_cast<std::int64_t>(random.bits() % 900));
    t.severity = random.bits() % 2 == 0 ? "low" : "high";
    t.outage = random.bits() % 7 == 0;
    tickets.push_back(t);
  }
  const auto ranked = rank_tickets(view_of(tickets, rules));
  ASSERT_EQ(ranked.size(), 200u);
  for (std::size_t i = 1; i < ranked.size(); ++i) {
    EXPECT_GE(ranked[i - 1].index, ranked[i].index);
    EXPECT_FALSE(ranked[i].beyond_bound);
  }
}

TEST(ticket_order, lets_nobody_wait_beyond_the_bound) {
  ticket urgent = fresh("urgent", 10);
  urgent.severity = "high";
  urgent.outage = true;
  const desk_view view =
      view_of({urgent, fresh("old", 2880), fresh("older", 2881), fresh("nearly", 2879)}, rules);
  EXPECT_EQ(order(view), (ids{"older", "old", "urgent", "nearly"}));
  const auto ranked = rank_tickets(view);
  EXPECT_TRUE(ranked[0].beyond_bound && ranked[1].beyond_bound);
  EXPECT_FALSE(ranked[2].beyond_bound || ranked[3].beyond_bound);
}

TEST(ticket_order, lets_ageing_win_in_the_end_without_a_bound) {
  const std::string slow = R"({"priority": {"delay_cost": {"vip": 50}, "ageing": 2}})";
  ticket vip = fresh("vip");
  vip.severity = "vip";
  // 50 an hour over 15 minutes: 200; a plain one starts at 4 and gains 2 an hour.
  EXPECT_EQ(order(view_of({vip, fresh("plain", 97 * 60)}, slow)), (ids{"vip", "plain"}));
  EXPECT_EQ(order(view_of({vip, fresh("plain", 99 * 60)}, slow)), (ids{"plain", "vip"}));
}

TEST(ticket_order, breaks_ties_by_age_and_then_by_id) {
  const desk_view view = view_of({fresh("b"), fresh("a"), fresh("c", 5)});
  EXPECT_EQ(order(view), (ids{"c", "a", "b"})) << "no ageing: the older one only breaks the tie";
}

TEST(ticket_order, holds_only_those_whose_turn_is_ours) {
  std::vector<ticket> tickets;
  for (const ticket_status s : {ticket_status::fresh,
                                ticket_status::open,
                                ticket_status::reopened,
                                ticket_status::pending,
                                ticket_status::waiting_customer,
                                ticket_status::resolved,
                                ticket_status::closed,
                                ticket_status::merged}) {
    ticket t = fresh(std::string(status_names[static_cast<std::size_t>(s)]));
    t.status = s;
    tickets.push_back(t);
  }
  auto found = order(view_of(tickets));
  std::ranges::sort(found);
  EXPECT_EQ(found, (ids{"new", "open", "reopened"}));
}

TEST(delay_rules, find_whole_words_of_any_case_once) {
  const delay_rules by(read_desk_policy(rules).priority);
  const auto cost = [&](std::string_view subject) { return by.words().of(subject); };
  EXPECT_EQ(cost("The site is down"), 8);
  EXPECT_EQ(cost("DOWN, Down; down?"), 8);
  EXPECT_EQ(cost("download my invoice"), 0);
  EXPECT_EQ(cost("shutdown"), 0);
  EXPECT_EQ(cost("Not  working: printer down"), 12);
  EXPECT_EQ(cost("not quite working"), 0);
  EXPECT_EQ(cost(""), 0);
  EXPECT_EQ(cost("down"), 8);
  EXPECT_EQ(cost("not"), 0) << "the beginning of a phrase is not the phrase";
}

TEST(delay_rules, find_words_of_other_alphabets) {
  EXPECT_EQ(
      folded_words("K\u00dcNDIGUNG \u0416\u0410\u041b\u041e\u0411\u0410 \u0394\u0399\u039a\u0397"),
      " k\u00fcndigung \u0436\u0430\u043b\u043e\u0431\u0430 \u03b4\u03b9\u03ba\u03b7 ");
  EXPECT_EQ(folded_words("\u0178\u0141\u0130 \u00d7\xff\xc3"),
            " \u00ff\u0142\u0130 \u00d7\xff\xc3 ")
      << "what is no letter of these, or no UTF-8, stays";
  EXPECT_EQ(folded_words("\u0386\u03a3 \u03ac\u03c2 \u0406\u0490\u04d8"),
            " \u03ac\u03c3 \u03ac\u03c3 \u0456\u0491\u04d9 ")
      << "accents, both small sigmas, Ukrainian, Kazakh";
  priority_rules p;
  p.words["k\u00fcndigung"] = 3;
  EXPECT_EQ(delay_rules(p).words().of("Meine K\u00dcNDIGUNG!"), 3);
}

TEST(delay_rules, charge_a_due_time_from_a_horizon_before_it) {
  const delay_rules by(read_desk_policy(rules).priority);
  EXPECT_EQ(by.sla(std::nullopt), 0);
  EXPECT_EQ(by.sla(240), 0);
  EXPECT_EQ(by.sla(1000), 0);
  EXPECT_DOUBLE_EQ(by.sla(60), 7.5);
  EXPECT_EQ(by.sla(0), 10);
  EXPECT_EQ(by.sla(-5), 10);
}

TEST(delay_rules, serve_nobody_later_for_being_worth_less_than_nothing) {
  const delay_rules by(read_desk_policy(rules).priority);
  EXPECT_EQ(by.value(-1000), 0);
  EXPECT_EQ(by.value(std::nullopt), 0);
  EXPECT_DOUBLE_EQ(by.value(1000), 2);
  EXPECT_EQ(by.severity("unheard"), 1);
  EXPECT_EQ(by.severity(""), 1);
}

double waited_minutes(const std::vector<ticket_event>& events) {
  ticket t;
  t.events = events;
  return static_cast<double>(waited(t, business_calendar(), monday_nine)) / minute;
}

TEST(waiting, is_counted_from_the_last_answer) {
  using enum ticket_status;
  using kind = event_kind;
  const auto ago = [](std::int64_t minutes) { return monday_nine - minutes * minute; };
  EXPECT_EQ(waited_minutes({event(ago(90), kind::created, ticket_status::fresh)}), 90);
  EXPECT_EQ(waited_minutes({event(ago(90), kind::created, ticket_status::fresh),
                            event(ago(60), kind::message_in, ticket_status::fresh)}),
            90)
      << "asking again makes no wait shorter";
  EXPECT_EQ(waited_minutes({event(ago(90), kind::created, ticket_status::fresh),
                            event(ago(60), kind::message_out, open)}),
            60);
  EXPECT_EQ(waited_minutes({event(ago(90), kind::created, ticket_status::fresh),
                            event(ago(60), kind::message_out, ticket_status::fresh, true)}),
            90)
      << "an automatic answer is none";
  EXPECT_EQ(waited_minutes({event(ago(90), kind::created, ticket_status::fresh),
                            event(ago(80), kind::pending, pending),
                            event(ago(30), kind::opened, open)}),
            40)
      << "a pause does not count, the wait before it does";
  EXPECT_EQ(waited_minutes({event(ago(90), kind::created, ticket_status::fresh),
                            event(ago(80), kind::message_out, open),
                            event(ago(80), kind::waiting_customer, waiting_customer),
                            event(ago(20), kind::message_in, open),
                            event(ago(10), kind::note, open)}),
            20);
  EXPECT_EQ(waited_minutes({event(ago(90), kind::created, ticket_status::fresh),
                            event(ago(80), kind::resolved, resolved),
                            event(ago(15), kind::reopened, reopened)}),
            15);
}

TEST(why_now, names_the_two_parts_that_add_most) {
  ticket t = fresh("a", 155);
  t.severity = "high";
  t.subject = "all down";
  const desk_view view = view_of({t}, rules);
  const delay_rules by(view.policy.priority);
  const ticket_index x = rank_tickets(view).at(0);
  EXPECT_EQ(
      why_now(x, {t.severity, t.subject}, by),
      "Its due time is past by 35 minutes (10.00 an hour) and its subject says 'down' (8.00 an "
      "hour); 30 minutes of work left.");
}

TEST(why_now, says_of_the_due_time_itself_that_it_is_due_now) {
  ticket_index x;
  x.slack_minutes = 0;
  x.sla_cost = 10;
  x.handle.left = 30;
  const desk_view view = view_of({}, rules);
  EXPECT_EQ(why_now(x, {}, delay_rules(view.policy.priority)),
            "It is due now (10.00 an hour); 30 minutes of work left.");
}

TEST(why_now, says_first_that_a_ticket_has_waited_too_long) {
  const desk_view view = view_of({fresh("a", 3000)}, rules);
  const std::string text = why_now(rank_tickets(view).at(0), {}, delay_rules(view.policy.priority));
  EXPECT_EQ(text.find("It has waited 50.0 hours, as long as anybody may"), 0u) << text;
}

TEST(why_now, does_not_invent_urgency) {
  desk_view view = view_of({fresh("a")});
  view.policy.priority.delay_cost[""] = 0;
  const std::string text = why_now(rank_tickets(view).at(0), {}, delay_rules(view.policy.priority));
  EXPECT_EQ(text, "Nothing makes it urgent; 15 minutes of work left.");
}

}  // namespace
}  // namespace clv::desk

// The customers every plugin is tried on: usual ones and absurd ones.
#include <array>
#include <string>

#include "plugin_harness.hpp"

namespace clv::test {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double none = -777;  // this fact is absent

struct person {
  double p_alive, x, t_x, T, clv, p10;
  const char* segment;
};

constexpr person people[] = {
    {.1, 10, 70, 91, 120, 30, "low"},         // weekly buyer, three weeks silent
    {.9, 3, 1095, 1116, 900, 400, "high"},    // yearly buyer, three weeks silent
    {.3, 3, 1095, 1481, 900, 400, "high"},    // yearly buyer, three weeks late
    {.02, 1, 2, 300, 15, 0, "low"},           // tried twice long ago
    {.4, 0, 0, 250, 8, 0, ""},                // never came back
    {.8, 0, 0, 24, 30, 2, "low"},             // bought for the first time three weeks ago
    {.99, 80, 360, 361, 5400, 3100, "high"},  // buys all the time
    {.49, 2, 100, 200, 60, 10, "m\xc3\xa9\x64ium"},
    {0, 5, 50, 500, 0, 0, "low"},
    {1, 5, 50, 50, 70, 20, "low"},           // bought today
    {nan, nan, nan, nan, nan, nan, "high"},  // nothing is known
    {.1, inf, inf, inf, inf, inf, "high"},
    {-1, -3, -5, -9, -100, -200, "low"},
    {.1, 3, 20, 10, 50, 20, "low"},  // t_x after T
    {1e-300, 1e300, 1e-300, 1e300, 1e300, 1e300, "high"},
};
constexpr int score_columns = 9;  // those that can be absent: see add_person

// Columns of schema "customers" that plugins read.
struct facts {
  double complaint_open = none, orders = none, discounted_orders = none;
  double order_value = none, order_cost = none, days_since_order = none;
  double last_order_delivered = none, open_tickets = none, ticket_severity = none;
  double days_since_resolution = none, sla_breached = none, csat = none, nps = none;
  double days_since_feedback = none, survey_sent = none, ticket_cost = none, cart_value = none;
  double shipping_threshold = none, shipping_cost = none, renewal_days = none, p_renew = none;
  double contract_value = none, plan_use = none, margin_year = none, service_cost_year = none;
  double next_category_p = none, next_category_margin = none, next_category_support = none;
  double next_category_lift_low = none, tier_points = none, tier_gap = none, tier_review = none;
  double tier_margin_gain = none, referral_value = none, referrals_pending = none;
  double second_order_day = none;
  const char *tags = nullptr, *launch = nullptr, *next_category = nullptr, *tier = nullptr;
};

struct fact_column {
  const char* name;
  double facts::*number;
  const char* facts::*text;
  clv_type type;
};
constexpr fact_column number(const char* name, double facts::*of) {
  return {name, of, nullptr, CLV_T_F64};
}
constexpr fact_column flag(const char* name, double facts::*of) {
  return {name, of, nullptr, CLV_T_I64};
}
constexpr fact_column money(const char* name, double facts::*of) {
  return {name, of, nullptr, CLV_T_MONEY};
}
constexpr fact_column text(const char* name, const char* facts::*of) {
  return {name, nullptr, of, CLV_T_UTF8};
}

constexpr fact_column fact_columns[] = {
    flag("complaint_open", &facts::complaint_open),
    number("orders", &facts::orders),
    number("discounted_orders", &facts::discounted_orders),
    money("order_value", &facts::order_value),
    money("order_cost", &facts::order_cost),
    number("days_since_order", &facts::days_since_order),
    flag("last_order_delivered", &facts::last_order_delivered),
    number("open_tickets", &facts::open_tickets),
    number("ticket_severity", &facts::ticket_severity),
    number("days_since_resolution", &facts::days_since_resolution),
    flag("sla_breached", &facts::sla_breached),
    number("csat", &facts::csat),
    number("nps", &facts::nps),
    number("days_since_feedback", &facts::days_since_feedback),
    flag("survey_sent", &facts::survey_sent),
    money("ticket_cost", &facts::ticket_cost),
    money("cart_value", &facts::cart_value),
    money("shipping_threshold", &facts::shipping_threshold),
    money("shipping_cost", &facts::shipping_cost),
    number("renewal_days", &facts::renewal_days),
    number("p_renew", &facts::p_renew),
    money("contract_value", &facts::contract_value),
    number("plan_use", &facts::plan_use),
    money("margin_year", &facts::margin_year),
    money("service_cost_year", &facts::service_cost_year),
    number("next_category_p", &facts::next_category_p),
    money("next_category_margin", &facts::next_category_margin),
    number("next_category_support", &facts::next_category_support),
    number("next_category_lift_low", &facts::next_category_lift_low),
    number("tier_points", &facts::tier_points),
    number("tier_gap", &facts::tier_gap),
    flag("tier_review", &facts::tier_review),
    money("tier_margin_gain", &facts::tier_margin_gain),
    money("referral_value", &facts::referral_value),
    number("referrals_pending", &facts::referrals_pending),
    number("second_order_day", &facts::second_order_day),
    text("tags", &facts::tags),
    text("launch", &facts::launch),
    text("next_category", &facts::next_category),
    text("tier", &facts::tier),
};

// Every number of a story at once, for the absurd ones.
constexpr facts all_numbers(double value, const char* words) {
  facts f{.tags = words, .launch = words, .next_category = words, .tier = words};
  for (const fact_column& c : fact_columns) {
    if (c.number != nullptr) f.*c.number = value;
  }
  return f;
}

// One customer that each plugin knows what to do with; values that the others do not read are set,
// too, so that a plugin that reads too much is seen.
constexpr facts happy{.complaint_open = 0,
                      .orders = 8,
                      .discounted_orders = 1,
                      .order_value = 4'200,
                      .order_cost = 2'500,
                      .days_since_order = 20,
                      .last_order_delivered = 1,
                      .open_tickets = 0,
                      .days_since_resolution = 200,
                      .sla_breached = 0,
                      .csat = 5,
                      .nps = 10,
                      .days_since_feedback = 5,
                      .survey_sent = 1,
                      .ticket_cost = 800,
                      .cart_value = 4'200,
                      .shipping_threshold = 5'000,
                      .shipping_cost = 490,
                      .renewal_days = 45,
                      .p_renew = .95,
                      .contract_value = 120'000,
                      .plan_use = .8,
                      .margin_year = 20'000,
                      .service_cost_year = 1'000,
                      .next_category_p = .2,
                      .next_category_margin = 1'500,
                      .next_category_support = 400,
                      .next_category_lift_low = 1.4,
                      .tier_points = 900,
                      .tier_gap = 100,
                      .tier_review = 1,
                      .tier_margin_gain = 3'000,
                      .referral_value = 9'000,
                      .referrals_pending = 0,
                      .second_order_day = 25,
                      .tags = "b2c, newsletter",
                      .launch = "spring-2026",
                      .next_category = "garden \"tools\"",
                      .tier = "silver"};

constexpr facts unhappy() {
  facts f = happy;
  f.complaint_open = 1;
  f.open_tickets = 2;
  f.ticket_severity = 3;
  f.sla_breached = 1;
  f.csat = 1;
  f.nps = 3;
  f.p_renew = .6;
  f.plan_use = .2;
  f.tags = "bereavement";
  return f;
}
constexpr facts costly() {
  facts f = happy;
  f.margin_year = -4'000;
  f.service_cost_year = 12'000;
  f.tier_margin_gain = -2'500;
  f.tier_gap = 5'000;
  f.plan_use = 1.4;
  f.csat = 2;
  f.tags = "hold";
  return f;
}
constexpr facts bargain_hunter() {
  facts f = happy;
  f.discounted_orders = 8;
  f.tier_gap = -10;
  f.nps = 6;
  f.p_renew = .5;
  f.ticket_severity = 1;
  f.open_tickets = 1;
  return f;
}

constexpr std::array stories{
    happy,
    unhappy(),
    costly(),
    bargain_hunter(),
    facts{},  // the CRM says nothing
    all_numbers(0, ""),
    all_numbers(1, "\xe2\x98\x95\xe2\x98\x95 \\ \t\n"),
    all_numbers(-50, "-"),
    all_numbers(nan, "x"),
    all_numbers(inf, "y"),
    all_numbers(-inf, "z"),
    all_numbers(1e300, "bereavement|hold"),
    all_numbers(1e15, "hold"),
};

void add_number(sample& s, const char* name, double value, bool known, const char* unit = "") {
  s[name].numbers.push_back(value);
  s[name].known.push_back(known);
  s[name].unit = unit;
}

void add_text(sample& s, const char* name, const std::string& value, bool known) {
  s[name].type = CLV_T_UTF8;
  s[name].texts.push_back(value);
  s[name].known.push_back(known);
}

void add_scores(sample& s, const person& p, int absent) {
  const auto known = [&](int column) { return column != absent; };
  add_number(s, "x", p.x, known(0));
  add_number(s, "t_x", p.t_x, known(1), "day");
  add_number(s, "T", p.T, known(2), "day");
  add_number(s, "mean_spend", 40, known(3), "EUR");
  add_number(s, "log_likelihood", -10, true);
  add_number(s, "p_alive", p.p_alive, known(4));
  add_number(s, "expected_purchases", 2 * p.p_alive, true);
  add_number(s, "no_purchase", 1 - p.p_alive / 2, known(8));
  add_number(s, "expected_spend", 42, known(3), "EUR");
  add_number(s, "clv", p.clv, known(5), "EUR");
  add_number(s, "clv_p10", p.p10, known(6), "EUR");
  add_number(s, "clv_p50", p.clv, known(5), "EUR");
  add_number(s, "clv_p90", 2 * p.clv, known(5), "EUR");
  add_number(s, "clv_mu", 4, known(5));
  add_number(s, "clv_sigma", 1, known(5));
  add_text(s, "clv_status", "OK", true);
  add_text(s, "segment", p.segment, known(7));
}

void add_facts(sample& s, const facts& of, int absent) {
  int column = 0;
  for (const fact_column& c : fact_columns) {
    const bool wanted = column++ != absent;
    if (c.type == CLV_T_UTF8) {
      const char* value = of.*c.text;
      add_text(s, c.name, value == nullptr ? "" : value, wanted && value != nullptr);
      continue;
    }
    const double value = of.*c.number;
    add_number(s, c.name, value, wanted && value != none, c.type == CLV_T_MONEY ? "EUR" : "");
    s[c.name].type = c.type;
  }
}

void add_customer(sample& s) {
  const std::string id = "c" + std::to_string(rows_of(s));
  add_text(s, "#who", id, true);
  add_text(s, "customer", id, true);
}

}  // namespace

sample sample_market() {
  sample s;
  // Everybody as they are and once without each score, under one story after the other.
  std::size_t story = 0;
  for (int absent = -1; absent < score_columns; ++absent) {
    for (const person& p : people) {
      add_customer(s);
      add_scores(s, p, absent);
      add_facts(s, stories[story++ % 4], -1);
    }
  }
  // Every story as it is and once without each fact, told of one person after the other.
  std::size_t told_of = 0;
  for (int absent = -1; absent < static_cast<int>(std::size(fact_columns)); ++absent) {
    for (const facts& of : stories) {
      add_customer(s);
      add_scores(s, people[told_of++ % std::size(people)], -1);
      add_facts(s, of, absent);
    }
  }
  return s;
}

}  // namespace clv::test

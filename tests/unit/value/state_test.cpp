#include "clv/state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "math/random.hpp"

namespace clv {
namespace {

struct event {
  std::string customer;
  std::int64_t day, amount;
};

// Customers who buy on the same day again, for nothing, and give back.
std::vector<event> shop(std::uint64_t seed) {
  std::vector<event> log;
  for (std::uint64_t c = 0; c < 60; ++c) {
    random_source random(seed, c);
    auto day = static_cast<std::int64_t>(9'000 + 40 * random.uniform());
    const auto name = "c" + std::to_string(1000 + c);
    log.push_back({name, day, static_cast<std::int64_t>(1 + 5'000 * random.uniform())});
    for (int i = 0; i < static_cast<int>(12 * random.uniform()); ++i) {
      if (random.uniform() > 0.3) day += static_cast<std::int64_t>(1 + 30 * random.uniform());
      const double kind = random.uniform();
      const auto amount = static_cast<std::int64_t>(9'000 * random.uniform());
      log.push_back({name, day, kind < 0.2 ? 0 : kind < 0.3 ? -1 - amount : amount});
    }
  }
  return log;
}

std::shared_ptr<table> table_of(const std::vector<event>& log) {
  auto t = std::make_shared<table>();
  t->add("customer", type::utf8);
  t->add("time", type::time, "us");
  t->add("amount", type::money, "EUR");
  for (const event& e : log) {
    t->find("customer")->push(std::string_view(e.customer));
    t->find("time")->push(e.day * us_per_day + 3'600 * us_per_second);
    t->find("amount")->push(e.amount);
  }
  return t;
}

std::shared_ptr<const table> summary_of(std::vector<event> log, const char* unit) {
  random_source random(5);
  for (std::size_t i = log.size(); i > 1; --i) {
    std::swap(log[i - 1], log[static_cast<std::size_t>(random.uniform() * static_cast<double>(i))]);
  }
  job j = summarize(table_of(log), {.unit = unit, .as_of_us = 9'400 * us_per_day});
  j.run();
  return j.result().tables.at("");
}

std::map<std::string, customer_state> states_of(const std::vector<event>& log) {
  std::map<std::string, customer_state> states;
  for (const event& e : log) states[e.customer].add(e.day, e.amount);
  return states;
}

TEST(state, equals_the_summary_of_the_shuffled_log) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto log = shop(seed);
    const auto states = states_of(log);
    for (const char* unit : {"day", "week"}) {
      const auto t = summary_of(log, unit);
      ASSERT_EQ(t->rows(), states.size());
      for (std::size_t row = 0; row < t->rows(); ++row) {
        const customer_state& s = states.at(std::string(t->find("customer")->text(row)));
        const observation o = s.observation_at(9'400, unit, "EUR");
        EXPECT_EQ(o.x, t->numbers("x")[row]);
        EXPECT_EQ(o.t_x, t->numbers("t_x")[row]);
        EXPECT_EQ(o.T, t->numbers("T")[row]);
        EXPECT_EQ(o.mean_spend, t->numbers("mean_spend")[row]);
        const double litt = t->numbers("litt")[row];
        // In weeks ln 7 is taken off once instead of x times: a few roundings.
        EXPECT_NEAR(o.litt, litt, std::string_view(unit) == "day" ? 0.0 : 1e-13 * (1 + 4 * o.x));
        EXPECT_EQ(s.refund_minor, t->integers("refunds", type::money)[row]);
        EXPECT_EQ(s.first_day_minor + s.spend_minor, t->integers("revenue", type::money)[row]);
      }
    }
  }
}

TEST(state, counts_days_not_events) {
  customer_state s;
  s.add(10, 500);
  s.add(10, 200);
  EXPECT_EQ(s.purchases, 1);
  EXPECT_EQ(s.first_day_minor, 700);
  s.add(12, 0);
  EXPECT_EQ(s.spend_days, 0);
  s.add(12, 300);
  s.add(12, 100);
  EXPECT_EQ(s.purchases, 2);
  EXPECT_EQ(s.spend_days, 1);
  EXPECT_EQ(s.spend_minor, 400);
  s.add(20, -150);
  EXPECT_EQ(s.refund_minor, 150);
  EXPECT_EQ(s.last_day, 12);
  EXPECT_EQ(s.litt_days, std::log(2.0));
}

template <typename Work>
std::string complaint(const Work& work) {
  try {
    work();
  } catch (const error& e) {
    return std::string(e.what()) + " | " + e.details().hint;
  }
  return "nothing";
}

TEST(state, refuses_events_out_of_order_and_stays_as_it_was) {
  customer_state s;
  s.add(10, 5);
  s.add(20, 5);
  const std::string text = complaint([&] { s.add(19, 5); });
  EXPECT_NE(text.find("19, before the last purchase day 20"), std::string::npos) << text;
  EXPECT_NE(text.find("build the state again"), std::string::npos) << text;
  EXPECT_EQ(s.purchases, 2);
  EXPECT_NE(complaint([&] { s.add(200'000, 5); }).find("200000"), std::string::npos);
}

TEST(state, refuses_sums_beyond_exact_doubles) {
  customer_state s;
  s.add(10, 1);
  s.add(11, std::int64_t{1} << 53);
  EXPECT_NE(complaint([&] { s.add(12, 1); }).find("2^53"), std::string::npos);
  EXPECT_EQ(s.purchases, 2);
  EXPECT_NE(complaint([&] { s.add(12, INT64_MIN); }).find("2^53"), std::string::npos);
}

TEST(state, has_no_observation_before_a_purchase_or_before_its_last_one) {
  customer_state s;
  EXPECT_NE(complaint([&] { s.observation_at(10, "day", ""); }).find("without a purchase"),
            std::string::npos);
  s.add(10, 5);
  EXPECT_NE(complaint([&] { s.observation_at(9, "day", ""); }).find("as_of_day is 9"),
            std::string::npos);
  s.spend_days = 4;
  EXPECT_NE(complaint([&] { s.observation_at(10, "day", ""); }).find("no events lead to"),
            std::string::npos);
}

void expect_equal(const tuples& a, const tuples& b) {
  EXPECT_EQ(a.x, b.x);
  EXPECT_EQ(a.t_x, b.t_x);
  EXPECT_EQ(a.T, b.T);
  EXPECT_EQ(a.mean_spend, b.mean_spend);
  EXPECT_EQ(a.weight, b.weight);
  EXPECT_EQ(a.customers, b.customers);
  EXPECT_EQ(a.cell_first, b.cell_first);
  EXPECT_EQ(a.covariates, b.covariates);
  EXPECT_NEAR(a.litt, b.litt, 1e-12 * (1 + std::abs(b.litt)));
}

TEST(forget, leaves_what_a_summary_without_the_customer_gives) {
  const auto log = shop(7);
  const auto states = states_of(log);
  const auto all = summary_of(log, "week");
  for (const tuple_key key : {tuple_key::purchases, tuple_key::spend}) {
    for (const char* name : {"c1000", "c1017", "c1059"}) {
      std::vector<event> others;
      std::ranges::copy_if(
          log, std::back_inserter(others), [&](const event& e) { return e.customer != name; });
      tuples t = distinct(*all, key);
      forget(t, key, states.at(name).observation_at(9'400, "week", "EUR"));
      expect_equal(t, distinct(*summary_of(others, "week"), key));
    }
  }
}

table with_cells(std::size_t without) {
  table t;
  for (const char* name : {"x", "t_x", "T", "Gender"}) t.add(name, type::f64);
  for (std::size_t i = 0; i < 9; ++i) {
    if (i == without) continue;
    const double x = static_cast<double>(i % 2);
    t.find("x")->push(x);
    t.find("t_x")->push(x);
    t.find("T")->push(4.0);
    t.find("Gender")->push(i == 8 ? 2.0 : static_cast<double>(i / 4));
  }
  return t;
}

TEST(forget, keeps_the_cells_of_covariates_right_also_when_one_empties) {
  const std::vector<std::string> names{"Gender"};
  for (const std::size_t gone : {1U, 5U, 8U}) {
    tuples t = distinct(with_cells(99), tuple_key::purchases, names);
    const double x = static_cast<double>(gone % 2);
    const std::vector<double> cell{gone == 8 ? 2.0 : static_cast<double>(gone / 4)};
    forget(t, tuple_key::purchases, {.x = x, .t_x = x, .T = 4}, 1, cell);
    expect_equal(t, distinct(with_cells(gone), tuple_key::purchases, names));
  }
}

TEST(forget, refuses_a_customer_who_was_not_counted) {
  tuples t = distinct(with_cells(99), tuple_key::purchases);
  const tuples before = t;
  const std::string text =
      complaint([&] { forget(t, tuple_key::purchases, {.x = 3, .t_x = 1, .T = 4}); });
  EXPECT_NE(text.find("hold 0 customers like (3, 1, 4)"), std::string::npos) << text;
  EXPECT_NE(complaint([&] { forget(t, tuple_key::purchases, {.x = 1, .t_x = 1, .T = 4}, 99); }),
            "nothing");
  expect_equal(t, before);
}

TEST(state, refuses_what_no_events_lead_to_before_adding_to_it) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  customer_state good;
  good.add(100, 5);
  for (std::int64_t customer_state::*each : {&customer_state::purchases,
                                             &customer_state::spend_minor,
                                             &customer_state::last_day_minor,
                                             &customer_state::refund_minor}) {
    customer_state bad = good;
    bad.*each = most;
    EXPECT_THROW(bad.add(100, 5), error);
    EXPECT_THROW(bad.add(100, -5), error);
    EXPECT_EQ(bad.*each, most);
  }
  customer_state early = good;
  early.first_day = -most;
  EXPECT_THROW(early.observation_at(100, "day", "EUR"), error);
  EXPECT_THROW(good.observation_at(most, "day", "EUR"), error);
}

}  // namespace
}  // namespace clv

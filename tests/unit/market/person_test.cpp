// The latent customer: its chances against what then happens to it. A longer history is the same
// customers for longer, so that a chance at the end of a short one can be counted.
#include "market/person.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <set>

#include "clv/error.hpp"

namespace clv::market {
namespace {

constexpr std::uint64_t people = 20'000;
constexpr double now = 540, window = 90;

world of(leaving how, double days) {
  world w;
  w.seed = 7;
  w.acquisition_days = 180;
  w.history_days = days;
  w.horizon_days = window;
  w.margin = .4;
  w.ticket_rate = .8;
  w.refund_share = .1;
  take_population(nullptr, w);
  w.how = how;
  if (how == leaving::at_any_time) w.a = .8, w.b = 30;  // weeks: a mean life of about half a year
  return w;
}

std::size_t orders_in(const person& who, double from, double to) {
  std::size_t n = 0;
  for (const order& o : who.orders) n += o.day > from && o.day <= to ? 1 : 0;
  return n;
}

class every_way_of_leaving : public testing::TestWithParam<leaving> {};

// 4 standard errors of the count: one seed in 16,000 would fail by chance.
void expect_close(double counted, double expected, double variance) {
  EXPECT_NEAR(counted, expected, 4 * std::sqrt(variance));
  EXPECT_GT(expected, 100) << "nothing was tested";
}

TEST_P(every_way_of_leaving, has_the_chance_of_an_order_that_the_log_then_shows) {
  const world longer = of(GetParam(), now + 2 * window);
  double counted = 0, expected = 0, variance = 0, gone = 0;
  for (std::uint64_t i = 0; i < people; ++i) {
    const person who = draw_person(longer, i);
    const double p = chance_of_order(who.hidden, now, window);
    ASSERT_GE(p, 0);
    ASSERT_LE(p, 1);
    const bool ordered = orders_in(who, now, now + window) > 0;
    counted += ordered ? 1 : 0;
    expected += p;
    variance += p * (1 - p);
    if (p == 0 && ordered) ++gone;
  }
  EXPECT_EQ(gone, 0) << "who has left does not order by itself";
  expect_close(counted, expected, variance);
}

TEST_P(every_way_of_leaving, has_the_chance_of_a_later_order_after_a_silent_window) {
  const world longer = of(GetParam(), now + 2 * window);
  double counted = 0, expected = 0, variance = 0;
  for (std::uint64_t i = 0; i < people; ++i) {
    const person who = draw_person(longer, i);
    if (orders_in(who, now, now + window) > 0) continue;
    const double p = chance_of_later_order(who.hidden, now, window);
    counted += orders_in(who, now + window, now + 2 * window) > 0 ? 1 : 0;
    expected += p;
    variance += p * (1 - p);
  }
  expect_close(counted, expected, variance);
}

TEST_P(every_way_of_leaving, expects_the_orders_of_a_year_that_then_come) {
  const world longer = of(GetParam(), now + 365);
  double counted = 0, expected = 0, squares = 0;
  for (std::uint64_t i = 0; i < people; ++i) {
    const person who = draw_person(longer, i);
    if (now >= who.hidden.left_day) continue;
    const double n = static_cast<double>(orders_in(who, now, now + 365));
    const double e = expected_orders(who.hidden, 365);
    counted += n;
    expected += e;
    squares += (n - e) * (n - e);
  }
  expect_close(counted, expected, squares);
}

TEST_P(every_way_of_leaving, is_the_same_customer_in_a_longer_history) {
  const world shorter = of(GetParam(), now), longer = of(GetParam(), now + window);
  for (std::uint64_t i = 0; i < 200; ++i) {
    const person a = draw_person(shorter, i), b = draw_person(longer, i);
    ASSERT_LE(a.orders.size(), b.orders.size());
    for (std::size_t n = 0; n < a.orders.size(); ++n) {
      ASSERT_EQ(a.orders[n].day, b.orders[n].day);
      ASSERT_EQ(a.orders[n].amount, b.orders[n].amount);
      ASSERT_EQ(a.orders[n].returned, b.orders[n].returned);
    }
    EXPECT_EQ(a.hidden.sensitivity, b.hidden.sensitivity);
    EXPECT_EQ(a.hidden.order_mean, b.hidden.order_mean);
  }
}

INSTANTIATE_TEST_SUITE_P(market,
                         every_way_of_leaving,
                         testing::Values(leaving::after_repeat,
                                         leaving::after_any,
                                         leaving::at_any_time));

TEST(person, is_sensitive_independently_of_its_risk) {
  const world w = of(leaving::after_repeat, now);
  double n = 0, s = 0, p = 0, ss = 0, pp = 0, sp = 0;
  for (std::uint64_t i = 0; i < people; ++i) {
    const person who = draw_person(w, i);
    const double x = who.hidden.sensitivity, y = chance_of_order(who.hidden, now, window);
    ++n, s += x, p += y, ss += x * x, pp += y * y, sp += x * y;
  }
  EXPECT_NEAR(s / n, 1, 4 * std::sqrt((ss / n - 1) / n)) << "mean 1";
  const double r = (sp - s * p / n) / std::sqrt((ss - s * s / n) * (pp - p * p / n));
  EXPECT_NEAR(r, 0, 4 / std::sqrt(n));  // the standard error of no correlation is 1/sqrt n
}

TEST(person, spends_around_its_own_mean_and_returns_its_own_share) {
  const world w = of(leaving::after_repeat, now);
  double returned = 0, orders = 0, difference = 0, variance = 0;
  for (std::uint64_t i = 0; i < people; ++i) {
    const person who = draw_person(w, i);
    const double m = who.hidden.order_mean;
    for (const order& o : who.orders) {
      returned += o.returned ? 1 : 0;
      ++orders;
      difference += o.amount / m - 1;
      variance += 1 / w.p;  // of Gamma(p) with mean 1
    }
  }
  EXPECT_NEAR(difference, 0, 4 * std::sqrt(variance));
  // Uneven between customers: about 1.4 times the binomial deviation.
  EXPECT_NEAR(returned / orders, w.refund_share, 6 * std::sqrt(.1 * .9 / orders));
}

TEST(person, is_of_every_kind) {
  const world w = of(leaving::after_repeat, now);
  std::set<kind> seen;
  for (std::uint64_t i = 0; i < people; ++i) {
    const person who = draw_person(w, i);
    const kind k = kind_at(w, who, now);
    seen.insert(k);
    const bool gone = k == kind::lapsing || k == kind::lost;
    ASSERT_EQ(gone, now >= who.hidden.left_day);
  }
  EXPECT_EQ(seen.size(), kind_count);
}

TEST(person, keeps_every_changed_chance_a_chance) {
  action a{.name = "x", .plugin = "x", .channel = "x"};
  traits t;
  for (const double e : {-1.0, -.6, 0.0, .3, 1.0}) {
    for (const double s : {.3, 1.0, 1.7}) {
      for (const double p0 : {0.0, .2, 1.0}) {
        a.effect.fill(e);
        t.sensitivity = s;
        const double p1 = p0 + change_of_chance(a, kind::top, t, p0);
        EXPECT_GE(p1, 0);
        EXPECT_LE(p1, 1);
      }
    }
  }
}

TEST(person, is_not_drawn_from_a_model_that_does_not_say_how) {
  auto m = std::make_shared<fitted_model>();
  m->purchase.which = &find_model("gg_nbd");
  world w;
  EXPECT_THROW(take_population(m.get(), w), error);
  m->purchase.which = &find_model("bg_nbd");
  m->purchase.parameters = {.24, 4.4, .8, 2.4};
  EXPECT_THROW(take_population(m.get(), w), error) << "no spend part";
}

}  // namespace
}  // namespace clv::market

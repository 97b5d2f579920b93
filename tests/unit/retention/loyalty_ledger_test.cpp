// The ledger of a loyalty programme: rules by hand, and what must hold for any events.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "loyalty_events.hpp"

namespace clv {
namespace {

using test::balance_of;
using test::club;
using test::day;
using test::entries_of;
using test::ledger_of;
using test::shop_event;

constexpr std::size_t streams = 2000;

std::int64_t balance(const std::vector<shop_event>& events,
                     const std::string& programme,
                     const std::string& more = "") {
  return balance_of(entries_of(ledger_of(events, programme, more)), "a");
}

shop_event buy(const char* id, std::int64_t at, std::int64_t cents) {
  return {"a", id, "", day(at), cents, 0};
}
shop_event refund(const char* id, const char* of, std::int64_t at, std::int64_t cents) {
  return {"a", id, of, day(at), -cents, 0};
}
shop_event redeem(const char* id, std::int64_t at, std::int64_t points, const char* order = "") {
  return {"a", id, order, day(at), 0, points};
}

TEST(loyalty_ledger, gives_points_by_rate_and_rounding_in_whole_numbers) {
  const auto points = [](const char* rate, const char* round, std::int64_t cents) {
    return balance({buy("o1", 1, cents)},
                   club("",
                        std::string("\"base\":\"after_redemption\",\"points_per_unit\":") + rate +
                            ",\"rounding\":\"" + round + "\""));
  };
  EXPECT_EQ(points("1", "down", 1999), 19);
  EXPECT_EQ(points("1", "up", 1901), 20);
  EXPECT_EQ(points("1", "half_even", 1950), 20);
  EXPECT_EQ(points("1", "half_even", 2050), 20);
  EXPECT_EQ(points("0.1", "down", 3000), 3);  // in binary 0.1 x 30 is above, 0.7 x 10 below
  EXPECT_EQ(points("0.7", "down", 1000), 7);
  EXPECT_EQ(points("0.29", "down", 10000), 29);  // 0.29 x 100 is 28.999999999999996 in doubles
}

TEST(loyalty_ledger, reverses_exactly_what_an_order_earned_however_it_is_split) {
  for (std::int64_t parts = 1; parts <= 7; ++parts) {
    std::vector<shop_event> events{buy("o0", 1, 5000), buy("o1", 2, 9999)};
    for (std::int64_t i = 0; i < parts; ++i) {
      const std::int64_t cents = i + 1 < parts ? 9999 / parts : 9999 - 9999 / parts * (parts - 1);
      events.push_back({"a", "f" + std::to_string(i), "o1", day(3 + i), -cents, 0});
    }
    EXPECT_EQ(balance(events, club()), 50) << parts << " parts";
  }
}

TEST(loyalty_ledger, takes_what_was_spent_from_other_lots_and_then_makes_a_debt) {
  const std::vector<shop_event> events{buy("o1", 1, 10'000),
                                       redeem("r1", 2, 80),
                                       buy("o2", 3, 3'000),
                                       refund("f1", "o1", 4, 10'000)};
  EXPECT_EQ(balance(events, club()), 100 - 80 + 30 - 100);
  auto later = events;
  later.push_back(buy("o3", 5, 7'000));
  const auto rows = entries_of(ledger_of(later, club()));
  EXPECT_EQ(balance_of(rows, "a"), 20);
  EXPECT_EQ(rows[rows.size() - 2].lot, "") << "the debt is paid first";
  EXPECT_EQ(rows[rows.size() - 2].points, 50);
  EXPECT_EQ(rows.back().points, 20);
}

TEST(loyalty_ledger, does_not_take_expired_points_a_second_time) {
  const std::string yearly = club("\"expiry\":{\"days\":365,\"after\":\"earning\"}");
  const std::vector<shop_event> events{
      buy("o1", 1, 10'000), buy("o2", 360, 2'000), refund("f1", "o1", 370, 10'000)};
  EXPECT_EQ(balance(events, yearly), 20);
  EXPECT_EQ(balance({events[0], events[1]}, yearly, R"(,"as_of":"1971-01-06")"), 20);
}

TEST(loyalty_ledger, gives_points_back_once_when_the_order_they_paid_is_refunded) {
  std::vector<shop_event> events{buy("o1", 1, 10'000),
                                 redeem("r1", 2, 60, "o2"),
                                 buy("o2", 2, 1'000),
                                 refund("f1", "o2", 3, 1'000)};
  EXPECT_EQ(balance(events, club()), 100);
  events.push_back(refund("f2", "o2", 4, 1'000));
  const outcome twice = ledger_of(events, club());
  EXPECT_EQ(balance_of(entries_of(twice), "a"), 100);
  EXPECT_EQ(test::text(twice, "what", 0, "exceptions"), "refunds 'o2' again: no points move");
}

TEST(loyalty_ledger, gives_back_points_that_paid_for_all_of_an_order) {
  EXPECT_EQ(balance({buy("o1", 1, 10'000),
                     redeem("r1", 2, 60, "o2"),
                     buy("o2", 2, 0),
                     refund("f1", "o2", 3, 0)},
                    club()),
            100);
}

TEST(loyalty_ledger, lets_points_given_back_live_a_while_when_their_lot_is_over) {
  const std::vector<shop_event> events{buy("o1", 1, 10'000),
                                       redeem("r1", 90, 60, "o2"),
                                       buy("o2", 90, 1'000),
                                       refund("f1", "o2", 120, 1'000)};
  const std::string club_90 =
      club("\"expiry\":{\"days\":100,\"after\":\"earning\"},\"refunds\":{\"restore_days\":20}");
  EXPECT_EQ(balance(events, club_90, R"(,"as_of":"1970-05-20")"), 60);
  EXPECT_EQ(balance(events, club_90, R"(,"as_of":"1970-05-22")"), 0);
}

TEST(loyalty_ledger, expires_the_oldest_lot_first_and_spends_it_first) {
  const std::string club_100 = club("\"expiry\":{\"days\":100,\"after\":\"earning\"}");
  const std::vector<shop_event> events{
      buy("o1", 0, 5'000), buy("o2", 50, 5'000), redeem("r1", 60, 70)};
  EXPECT_EQ(balance(events, club_100, R"(,"as_of":"1970-05-20")"), 30);
  EXPECT_EQ(balance(events, club_100, R"(,"as_of":"1970-05-31")"), 0);
  const auto rows = entries_of(ledger_of(events, club_100, R"(,"as_of":"1970-05-31")"));
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[2].lot, "o1");
  EXPECT_EQ(rows[2].points, 50);
  EXPECT_EQ(rows[3].lot, "o2");
  EXPECT_EQ(rows[4].kind, "expire");
}

TEST(loyalty_ledger, keeps_points_alive_while_the_member_is_active) {
  const std::string idle = club("\"expiry\":{\"days\":100,\"after\":\"inactivity\"}");
  const std::vector<shop_event> events{
      buy("o1", 0, 5'000), buy("o2", 90, 100), buy("o3", 180, 100)};
  EXPECT_EQ(balance(events, idle), 52);
  EXPECT_EQ(balance({events[0], events[2]}, idle), 1);
}

TEST(loyalty_ledger, refuses_to_spend_what_is_not_there) {
  const outcome o =
      ledger_of({buy("o1", 1, 5'000), redeem("r1", 2, 40), redeem("r2", 2, 40)}, club());
  EXPECT_EQ(balance_of(entries_of(o), "a"), 10);
  EXPECT_EQ(test::text(o, "what", 0, "exceptions"),
            "redemption of 40 points refused: the balance was 10");
}

TEST(loyalty_ledger, does_not_let_points_of_an_order_pay_for_it) {
  const outcome o = ledger_of({buy("o1", 1, 5'000), redeem("r1", 2, 40, "o1")}, club());
  EXPECT_EQ(balance_of(entries_of(o), "a"), 50);
}

TEST(loyalty_ledger, earns_before_or_after_redemption_as_the_programme_says) {
  const std::vector<shop_event> events{
      buy("o1", 1, 100'000), redeem("r1", 2, 1'000, "o2"), buy("o2", 2, 5'000)};
  const auto with = [&](const char* base) {
    return balance(
        events,
        club("",
             std::string("\"points_per_unit\":1,\"rounding\":\"down\",\"base\":\"") + base + "\""));
  };
  EXPECT_EQ(with("after_redemption"), 50);
  EXPECT_EQ(with("before_redemption"), 60) << "1000 points pay 10.00";
}

TEST(loyalty_ledger, reaches_a_tier_with_the_next_order_and_lands_softly) {
  const std::string tiers = club(
      "\"tiers\":{\"by\":\"spend\",\"window_days\":100,\"review_days\":100,\"soft_landing\":true,"
      "\"levels\":[{\"name\":\"one\",\"threshold\":0},{\"name\":\"two\",\"threshold\":100,"
      "\"multiplier\":2},{\"name\":\"three\",\"threshold\":200,\"multiplier\":3}]}");
  EXPECT_EQ(balance({buy("o1", 0, 20'000), buy("o2", 1, 1'000)}, tiers), 200 + 30);
  EXPECT_EQ(balance({buy("o1", 0, 20'000), buy("o2", 101, 1'000)}, tiers), 200 + 20);
  EXPECT_EQ(balance({buy("o1", 0, 20'000), buy("o2", 201, 1'000)}, tiers), 200 + 10);
}

TEST(loyalty_ledger, leaves_out_shipping_and_tax_and_pays_by_category) {
  const std::string programme =
      club("",
           "\"points_per_unit\":1,\"rounding\":\"down\",\"base\":\"after_redemption\","
           "\"exclude\":[\"shipping\",\"tax\"],\"rules\":[{\"category\":\"books\","
           "\"points_per_unit\":2}]");
  report_inputs in;
  in.tables["transactions"] = test::table_of(
      "customer,time,amount,event_id,category,shipping,tax\n"
      "a,2020-01-01,50.00,o1,books,4.90,3.10\n"
      "a,2020-01-02,50.00,o2,toys,4.90,\n");
  const outcome o =
      test::run_report(loyalty_ledger_report, in, "{\"programme\":" + programme + "}");
  EXPECT_EQ(test::number(o, "points", 0), 84);
  EXPECT_EQ(test::number(o, "points", 1), 45);
}

TEST(loyalty_ledger, says_what_it_did_not_count) {
  std::vector<shop_event> events{buy("o1", 1, 5'000), refund("f1", "o9", 2, 100)};
  events.push_back({"b", "f2", "o1", day(2), -100, 0});
  const outcome o = ledger_of(events, club());
  EXPECT_EQ(balance_of(entries_of(o), "a"), 50);
  EXPECT_EQ(test::text(o, "what", 0, "exceptions"),
            "names 'o9', which is not there: no points move");
  EXPECT_EQ(test::text(o, "what", 1, "exceptions"),
            "names 'o1', which is another customer's: no points move");
}

TEST(loyalty_ledger, refuses_one_event_id_for_two_events) {
  try {
    ledger_of({buy("o1", 1, 5'000), buy("o1", 1, 6'000)}, club());
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("row 2"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("'o1'"), std::string::npos) << e.what();
  }
}

// ---- for any events

// Holdings by lot while the rows go by: no lot is ever overdrawn, no balance below 0 is spent.
void expect_no_point_is_spent_twice(const std::vector<test::ledger_entry>& rows) {
  std::map<std::string, std::map<std::string, std::int64_t>> held;
  for (const auto& r : rows) {
    ASSERT_GT(r.points, 0);
    ASSERT_NE(r.from, r.to);
    auto& lots = held[r.customer];
    lots[r.lot] += r.to.starts_with("customer:") ? r.points : -r.points;
    std::int64_t sum = 0;
    for (const auto& [lot, points] : lots) {
      ASSERT_TRUE(lot.empty() ? points <= 0 : points >= 0) << lot << " " << points;
      sum += points;
    }
    if (r.kind == "burn") {
      ASSERT_GE(sum, 0);
    }
    if (lots[""] < 0 && r.from != "expired") {  // the next row takes those again
      ASSERT_EQ(sum, lots[""]) << "a debt while points are held";
    }
  }
}

TEST(loyalty_ledger, balances_in_every_stream) {
  for (std::size_t i = 0; i < streams; ++i) {
    SCOPED_TRACE(i);
    const auto o = ledger_of(test::event_stream(i).draw(24), test::club_number(i));
    const auto rows = entries_of(o);
    std::int64_t all = 0;
    for (std::size_t row = 0; row < 4; ++row) {
      all += static_cast<std::int64_t>(test::number(o, "points", row, "accounts"));
    }
    ASSERT_EQ(all, 0);
    std::map<std::string, std::int64_t> by_kind;
    for (const auto& r : rows) by_kind[r.kind] += r.points;
    ASSERT_EQ(balance_of(rows, "a") + balance_of(rows, "b"),
              by_kind["earn"] - by_kind["reverse"] - by_kind["burn"] - by_kind["expire"] +
                  by_kind["restore"]);
    ASSERT_EQ(test::number(o, "points", 1, "accounts"),
              static_cast<double>(balance_of(rows, "a") + balance_of(rows, "b")));
    expect_no_point_is_spent_twice(rows);
  }
}

TEST(loyalty_ledger, is_the_same_for_any_order_of_rows_and_any_copies) {
  for (std::size_t i = 0; i < streams; ++i) {
    const auto events = test::event_stream(i).draw(24);
    ASSERT_EQ(test::dump(ledger_of(events, test::club_number(i))),
              test::dump(ledger_of(test::shuffled_and_doubled(events, i), test::club_number(i))))
        << "stream " << i;
  }
}

TEST(loyalty_ledger, returns_all_of_an_order_that_is_wholly_refunded_and_never_more) {
  std::size_t whole = 0, paid = 0;
  for (std::size_t i = 0; i < streams; ++i) {
    const auto events = test::event_stream(i).draw(24);
    std::map<std::string, std::int64_t> cents, refunded, refunds;
    for (const shop_event& e : events) {
      if (e.points > 0) continue;
      if (e.order.empty()) cents[e.id] = e.cents;
      refunded[e.order] -= e.cents;
      refunds[e.order] += 1;
    }
    std::map<std::string, std::map<std::string, std::int64_t>> moved;
    for (const auto& r : entries_of(ledger_of(events, test::club_number(i)))) {
      moved[r.order][r.kind + (r.from == "redeemed" ? " redeemed" : "")] += r.points;
    }
    for (const auto& [id, amount] : cents) {
      auto& m = moved[id];
      ASSERT_LE(m["reverse"], m["earn"]) << "stream " << i << " " << id;
      ASSERT_LE(m["restore redeemed"], m["burn"]) << "stream " << i << " " << id;
      if (refunds[id] == 0 || refunded[id] < amount) continue;
      ASSERT_EQ(m["reverse"], m["earn"]) << "stream " << i << " " << id;
      ASSERT_EQ(m["restore redeemed"], m["burn"]) << "stream " << i << " " << id;
      whole += 1;
      paid += m["burn"] > 0 ? 1 : 0;
    }
  }
  EXPECT_GT(whole, streams) << "the streams must contain what is tested";
  EXPECT_GT(paid, streams / 20);
}

TEST(loyalty_ledger, is_unchanged_by_an_order_that_was_paid_with_points_and_wholly_refunded) {
  for (std::size_t i = 0; i < streams; ++i) {
    if (i % 4 == 2) continue;  // an order is activity, and keeps other points alive
    test::event_stream stream(i);
    auto events = stream.draw(24);
    // Nothing happens after it but its refund, so no expiry comes between.
    const std::int64_t now = stream.now() + us_per_second;
    events.push_back({"b", "mark", "", now + 10, 0, 0});  // gives both ledgers the same last moment
    const std::int64_t before =
        balance_of(entries_of(ledger_of(events, test::club_number(i))), "a");
    if (before > 0) {
      events.push_back({"a", "x_redeem", "x", now, 0, 1 + stream.below(before)});
    }
    events.push_back({"a", "x", "", now, 7'777, 0});
    events.push_back({"a", "x_back_1", "x", now + 1, -2'500, 0});
    events.push_back({"a", "x_back_2", "x", now + 2, -5'277, 0});
    ASSERT_EQ(before, balance_of(entries_of(ledger_of(events, test::club_number(i))), "a"))
        << "stream " << i;
  }
}

}  // namespace
}  // namespace clv

// What members hold and what it will cost: by hand, against the ledger, and against known breakage.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "clv/error.hpp"
#include "loyalty_events.hpp"

namespace clv {
namespace {

using test::club;
using test::day;
using test::number;
using test::shop_event;
using test::text;

const std::string yearly = club("\"expiry\":{\"days\":365,\"after\":\"earning\"}");

outcome balances_of(const outcome& ledger,
                    const std::string& programme,
                    const std::string& more = "",
                    const report_inputs& events = {}) {
  report_inputs in;
  in.tables["ledger"] = ledger.tables.at("");
  if (events.has("transactions")) in.tables["transactions"] = events.tables.at("transactions");
  return test::run_report(loyalty_balances_report, in, "{\"programme\":" + programme + more + "}");
}

outcome balances_of(const std::vector<shop_event>& events,
                    const std::string& programme,
                    const std::string& more = "") {
  return balances_of(test::ledger_of(events, programme), programme, more, test::tables_of(events));
}

TEST(loyalty_balances, tell_lots_by_when_they_end) {
  const auto o = balances_of({{"a", "o1", "", day(0), 10'000},
                              {"a", "r1", "", day(5), 0, 30},
                              {"a", "o2", "", day(350), 2'000}},
                             yearly,
                             R"(,"expiring_days":20)");
  EXPECT_EQ(number(o, "balance"), 90);
  EXPECT_EQ(number(o, "lots"), 2);
  EXPECT_EQ(number(o, "expiring"), 70) << "within twenty days of the last row";
  EXPECT_EQ(number(o, "points", 0, "lots"), 70);
  EXPECT_EQ(number(o, "points", 1, "lots"), 20);
  EXPECT_EQ(number(o, "expires", 0, "lots"), static_cast<double>(day(365)));
}

TEST(loyalty_balances, tell_a_debt) {
  const auto o = balances_of({{"a", "o1", "", day(0), 10'000},
                              {"a", "r1", "", day(1), 0, 100},
                              {"a", "f1", "o1", day(2), -10'000}},
                             club());
  EXPECT_EQ(number(o, "balance"), -100);
  EXPECT_EQ(number(o, "debt"), 100);
  EXPECT_EQ(number(o, "points", 0, "liability"), 0) << "what members owe is no negative liability";
  EXPECT_EQ(number(o, "debt", 0, "liability"), 100);
}

TEST(loyalty_balances, roll_forward_from_opening_to_closing) {
  const auto o = balances_of({{"a", "o1", "", day(0), 10'000},
                              {"a", "o2", "", day(40), 5'000},
                              {"a", "r1", "", day(41), 0, 20},
                              {"a", "f1", "o2", day(42), -5'000},
                              {"b", "o3", "", day(43), 700}},
                             club(),
                             R"(,"from":"1970-02-01")");
  const char* items[] = {
      "opening", "earned", "restored", "burned", "expired", "reversed", "adjusted", "closing"};
  const double points[] = {100, 57, 0, -20, 0, -50, 0, 87};
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(text(o, "item", i, "roll_forward"), items[i]);
    EXPECT_EQ(number(o, "points", i, "roll_forward"), points[i]) << items[i];
  }
}

TEST(loyalty_balances, agree_with_the_ledger_for_any_events) {
  for (std::size_t i = 0; i < 1000; ++i) {
    SCOPED_TRACE(i);
    const auto events = test::event_stream(i).draw(24);
    const auto ledger = test::ledger_of(events, test::club_number(i));
    const auto rows = test::entries_of(ledger);
    const auto o = balances_of(ledger, test::club_number(i));
    double sum = 0, lots = 0, rolled = 0;
    for (std::size_t row = 0; row < o.tables.at("")->rows(); ++row) {
      ASSERT_EQ(number(o, "balance", row),
                static_cast<double>(test::balance_of(rows, text(o, "customer", row))));
      sum += number(o, "balance", row);
      if (number(o, "debt", row) > 0) {
        ASSERT_EQ(number(o, "lots", row), 0);
      }
    }
    for (std::size_t row = 0; row < o.tables.at("lots")->rows(); ++row) {
      ASSERT_GT(number(o, "points", row, "lots"), 0);
      lots += number(o, "points", row, "lots");
    }
    for (std::size_t row = 0; row < 7; ++row) rolled += number(o, "points", row, "roll_forward");
    ASSERT_EQ(number(o, "points", 0, "liability"), lots);
    ASSERT_EQ(lots - number(o, "debt", 0, "liability"), sum);
    ASSERT_EQ(rolled, sum);
    ASSERT_EQ(number(o, "points", 7, "roll_forward"), sum);
  }
}

TEST(loyalty_balances, do_not_depend_on_the_order_of_the_rows) {
  const auto events = test::event_stream(5).draw(60);
  const auto ledger = test::ledger_of(events, yearly);
  auto turned = std::make_shared<table>();
  const table& t = *ledger.tables.at("");
  for (const column& c : t.columns()) {
    column& to = turned->add(c.name(), c.kind(), c.unit());
    for (std::size_t row = t.rows(); row-- > 0;) {
      if (!c.present(row)) {
        to.push_absent();
      } else if (c.kind() == type::utf8) {
        to.push(c.text(row));
      } else {
        to.push(c.integers()[row]);
      }
    }
  }
  outcome reversed;
  reversed.tables[""] = turned;
  EXPECT_EQ(test::dump(balances_of(ledger, yearly)), test::dump(balances_of(reversed, yearly)));
}

TEST(loyalty_balances, find_the_same_tier_by_points_as_the_ledger_paid_for) {
  // The multiplier of the last earning is the tier that the ledger held: two at 200 points.
  const std::string tiers = club(
      "\"tiers\":{\"by\":\"points\",\"window_days\":100,\"review_days\":100,\"soft_landing\":true,"
      "\"levels\":[{\"name\":\"one\",\"threshold\":0},{\"name\":\"two\",\"threshold\":100,"
      "\"multiplier\":2},{\"name\":\"three\",\"threshold\":500,\"multiplier\":3}]}");
  const auto o =
      balances_of({{"a", "o1", "", day(0), 20'000}, {"a", "o2", "", day(1), 1'000}}, tiers);
  EXPECT_EQ(text(o, "tier"), "two");
  EXPECT_EQ(number(o, "balance"), 220);
  EXPECT_EQ(text(o, "next_tier"), "three");
  EXPECT_EQ(number(o, "to_next_tier"), 280);
  EXPECT_EQ(number(o, "next_review"), static_cast<double>(day(100)));
}

TEST(loyalty_balances, find_the_tier_by_spend_from_the_transactions_and_ask_for_them) {
  const std::string tiers = club(
      "\"tiers\":{\"by\":\"spend\",\"levels\":[{\"name\":\"one\",\"threshold\":0},"
      "{\"name\":\"two\",\"threshold\":100.50}]}");
  const std::vector<shop_event> events{{"a", "o1", "", day(0), 12'000},
                                       {"a", "f1", "o1", day(1), -2'000}};
  const auto o = balances_of(events, tiers);
  EXPECT_EQ(text(o, "tier"), "two") << "reached, and kept until the review";
  EXPECT_EQ(number(o, "tier_sum"), 100);
  try {
    balances_of(test::ledger_of(events, tiers), tiers);
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("'transactions' is missing"), std::string::npos);
  }
}

TEST(loyalty_balances, refuse_a_ledger_that_has_not_booked_what_ended) {
  const auto ledger = test::ledger_of({{"a", "o1", "", day(0), 10'000}}, yearly);
  try {
    balances_of(ledger, yearly, R"(,"as_of":"1971-06-01")");
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("lot 'o1' of customer 'a' ended on 1971-01-01"),
              std::string::npos)
        << e.what();
  }
}

TEST(loyalty_balances, book_no_breakage_without_data) {
  const auto o = balances_of({{"a", "o1", "", day(0), 10'000}}, yearly);
  EXPECT_EQ(text(o, "method", 0, "liability"), "fallback");
  EXPECT_EQ(number(o, "redeemed", 0, "liability"), 100);
  EXPECT_EQ(number(o, "breakage", 0, "liability"), 0);
  EXPECT_DOUBLE_EQ(number(o, "liability", 0, "liability"), 1.0) << "100 points pay 1.00";
  const auto cautious = balances_of({{"a", "o1", "", day(0), 10'000}},
                                    yearly,
                                    R"(,"fallback_redemption":0.8,"cost_per_point":0.005)");
  EXPECT_DOUBLE_EQ(number(cautious, "liability", 0, "liability"), 0.4);
}

TEST(loyalty_balances, follow_the_hazards_of_earlier_lots_by_age) {
  // Of 200 points 80 were burned in the first thirty days and 120 ended on day 45, so a new point
  // has 0.4; the lot of 30 points that is 31 days old has nothing left to hope for.
  const std::string short_club = club("\"expiry\":{\"days\":45,\"after\":\"earning\"}");
  const auto o = balances_of({{"a", "o1", "", day(0), 10'000},
                              {"a", "r1", "", day(3), 0, 40},
                              {"b", "o2", "", day(0), 10'000},
                              {"b", "r2", "", day(29), 0, 40},
                              {"c", "o3", "", day(169), 3'000},
                              {"d", "o4", "", day(200), 1'000}},
                             short_club,
                             R"(,"min_customers":2)");
  EXPECT_EQ(text(o, "method", 0, "liability"), "observed");
  EXPECT_EQ(number(o, "lots", 0, "liability"), 2);
  // Lot o3 has been watched through its first bin, without a burn: 80 of 230.
  EXPECT_DOUBLE_EQ(number(o, "redeemed", 0, "liability"), 10 * 80.0 / 230);
  EXPECT_DOUBLE_EQ(number(o, "breakage", 0, "liability"), 40 - 10 * 80.0 / 230);
}

TEST(loyalty_balances, refuse_two_ledgers_in_one_table) {
  const auto early = test::ledger_of({{"a", "o1", "", day(0), 10'000}}, club());
  const auto later = test::ledger_of({{"a", "o1", "", day(1), 20'000}}, club());
  auto joined = std::make_shared<table>();
  for (const char* name : {"customer", "kind", "from", "to", "event_id"}) {
    joined->add(name, type::utf8);
    for (const outcome* o : {&early, &later}) {
      joined->find(name)->push(o->tables.at("")->find(name)->text(0));
    }
  }
  joined->add("time", type::time);
  joined->add("points", type::i64);
  for (const outcome* o : {&early, &later}) {
    joined->find("time")->push(o->tables.at("")->find("time")->integers()[0]);
    joined->find("points")->push(o->tables.at("")->find("points")->integers()[0]);
  }
  outcome both;
  both.tables[""] = joined;
  try {
    balances_of(both, club());
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("row 2, column 'event_id': 'earn:o1' is there before"),
              std::string::npos)
        << e.what();
  }
}

TEST(loyalty_balances, find_the_tier_that_the_ledger_pays_the_next_order_by) {
  for (std::size_t i = 3; i < 1200; i += 4) {
    test::event_stream stream(i);
    auto events = stream.draw(24);
    const std::int64_t now = stream.now() + us_per_second;
    events.push_back({"a", "mark", "", now, 0});  // both look at the same moment
    const auto before = balances_of(test::ledger_of(events, test::club_number(i)),
                                    test::club_number(i),
                                    ",\"as_of\":\"" + format_time(now) + "\"");
    std::string tier;
    for (std::size_t row = 0; row < before.tables.at("")->rows(); ++row) {
      if (text(before, "customer", row) == "a") tier = text(before, "tier", row);
    }
    events.back().cents = 10'000;
    std::int64_t earned = 0;
    for (const auto& r : test::entries_of(test::ledger_of(events, test::club_number(i)))) {
      if (r.order == "mark") earned += r.points;
    }
    // 100.00 at 1.37 points, times 1, 1.5 and 2.25, half to even.
    if (tier.empty()) tier = "one";
    ASSERT_EQ(earned, tier == "one" ? 137 : tier == "two" ? 206 : 308) << "stream " << i;
  }
}

// Members who earn once and redeem all at some age with chance 0.6, else let it expire.
std::vector<shop_event> members_who_redeem(std::size_t n, std::uint64_t seed, std::int64_t from) {
  random_source random(seed);
  std::vector<shop_event> out;
  for (std::size_t i = 0; i < n; ++i) {
    const std::string who = (from == 0 ? "old" : "new") + std::to_string(i);
    const std::int64_t start =
        day(from) + static_cast<std::int64_t>(random.uniform() * 300) * day(1);
    out.push_back({who, who + "o", "", start, 10'000});
    if (from == 0 && random.uniform() < 0.6) {
      const auto age = day(1 + static_cast<std::int64_t>(random.uniform() * 360));
      out.push_back({who, who + "r", "", start + age, 0, 100});
    }
  }
  return out;
}

TEST(loyalty_balances, estimate_breakage_from_what_became_of_earlier_lots) {
  int covered = 0;
  constexpr int runs = 40;
  for (int run = 0; run < runs; ++run) {
    auto events = members_who_redeem(400, static_cast<std::uint64_t>(run), 0);
    // All new lots begin on the last day, so that 60 % of them are the truth.
    for (int i = 0; i < 50; ++i) {
      const std::string who = "n" + std::to_string(i);
      events.push_back({who, who + "o", "", day(900), 10'000});
    }
    const auto o = balances_of(events, yearly);
    ASSERT_EQ(text(o, "method", 0, "liability"), "observed");
    ASSERT_EQ(number(o, "customers", 0, "liability"), 400);
    ASSERT_EQ(number(o, "points", 0, "liability"), 5000);
    const double low = number(o, "redeemed_low", 0, "liability");
    const double high = number(o, "redeemed_high", 0, "liability");
    ASSERT_GT(high, low);
    EXPECT_NEAR(number(o, "redeemed", 0, "liability"), 3000, 5 * 5000 * 0.0245)
        << "five standard errors of a share of 400";
    covered += low <= 3000 && 3000 <= high ? 1 : 0;
  }
  EXPECT_GE(covered, runs * 0.85) << "95 % intervals; below 34 of 40 has a chance of 0.3 %";
}

}  // namespace
}  // namespace clv

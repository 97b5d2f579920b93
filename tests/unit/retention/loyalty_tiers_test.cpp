// Reviews of tiers, and whether perks pay.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "loyalty_events.hpp"

namespace clv {
namespace {

using test::absent;
using test::club;
using test::day;
using test::number;
using test::shop_event;
using test::text;

std::string three_tiers(bool soft) {
  return club(std::string("\"tiers\":{\"by\":\"spend\",\"window_days\":100,\"review_days\":100,") +
              "\"soft_landing\":" + (soft ? "true" : "false") +
              ",\"levels\":[{\"name\":\"basic\",\"threshold\":0},{\"name\":\"silver\","
              "\"threshold\":100,\"perks\":[{\"name\":\"returns\",\"yearly_cost\":4},"
              "{\"name\":\"gift\",\"yearly_cost\":7.5}]},{\"name\":\"gold\",\"threshold\":300,"
              "\"perks\":[{\"name\":\"lounge\",\"yearly_cost\":50}]}]}");
}

outcome review_of(const std::vector<shop_event>& events,
                  const std::string& programme,
                  const std::string& more = "",
                  const std::string& members = "",
                  const std::string& gains = "") {
  report_inputs in;
  in.tables["ledger"] = test::ledger_of(events, programme).tables.at("");
  in.tables["transactions"] = test::tables_of(events).tables.at("transactions");
  if (!members.empty()) in.tables["members"] = test::table_of(members);
  if (!gains.empty()) in.tables["gains"] = test::table_of(gains);
  return test::run_report(loyalty_tiers_report, in, "{\"programme\":" + programme + more + "}");
}

TEST(loyalty_tiers, upgrade_keep_and_downgrade_with_reasons) {
  const std::vector<shop_event> events{{"down", "o1", "", day(0), 15'000},
                                       {"keep", "o2", "", day(0), 15'000},
                                       {"keep", "o3", "", day(90), 12'000},
                                       {"up", "o4", "", day(0), 1'000},
                                       {"up", "o5", "", day(95), 30'000}};
  const auto o =
      review_of(events, three_tiers(false), R"(,"review":"1970-04-11","previous":"1970-04-01")");
  ASSERT_EQ(o.tables.at("")->rows(), 3u);
  EXPECT_EQ(text(o, "decision", 0), "downgrade");
  EXPECT_EQ(text(o, "tier", 0), "silver");
  EXPECT_EQ(text(o, "new_tier", 0), "basic");
  EXPECT_EQ(text(o, "reason", 0),
            "0.00 EUR in 100 days: enough for basic, 100.00 EUR short of silver");
  EXPECT_EQ(text(o, "decision", 1), "keep");
  EXPECT_EQ(text(o, "new_tier", 1), "silver");
  EXPECT_EQ(text(o, "decision", 2), "upgrade");
  EXPECT_EQ(text(o, "new_tier", 2), "gold");
}

TEST(loyalty_tiers, land_softly_by_one_tier) {
  const std::vector<shop_event> events{{"a", "o1", "", day(0), 40'000}};
  const std::string when = R"(,"review":"1970-04-12","previous":"1970-04-01")";
  EXPECT_EQ(text(review_of(events, three_tiers(true), when), "new_tier"), "silver");
  EXPECT_EQ(text(review_of(events, three_tiers(false), when), "new_tier"), "basic");
}

TEST(loyalty_tiers, wait_for_the_members_own_review_unless_everyone_is_reviewed) {
  const std::vector<shop_event> events{{"a", "o1", "", day(0), 1'000},
                                       {"a", "o2", "", day(50), 12'000},
                                       {"a", "f1", "o2", day(60), -12'000}};
  const std::string when = R"(,"review":"1970-03-12","previous":"1970-02-25")";
  const auto waiting = review_of(events, three_tiers(false), when);
  EXPECT_EQ(text(waiting, "decision"), "keep");
  EXPECT_EQ(text(waiting, "reason"),
            "10.00 EUR in 100 days: enough for basic, kept until the review on "
            "1970-05-31T00:00:00Z");
  const auto now = review_of(events, three_tiers(false), when + R"(,"everyone":true)");
  EXPECT_EQ(text(now, "decision"), "downgrade");
}

TEST(loyalty_tiers, go_by_the_books_where_they_are_given_and_flag_negative_margin) {
  const std::vector<shop_event> events{{"a", "o1", "", day(0), 12'000},
                                       {"b", "o2", "", day(0), 100}};
  const auto o =
      review_of(events, three_tiers(true), "", "customer,tier,margin\na,basic,-3.50\nb,gold,20\n");
  EXPECT_EQ(text(o, "decision", 0), "upgrade");
  EXPECT_EQ(text(o, "flag", 0), "NEGATIVE_MARGIN");
  EXPECT_EQ(text(o, "new_tier", 1), "silver") << "one tier down at most";
  EXPECT_TRUE(absent(o, "flag", 1));
}

TEST(loyalty_tiers, weigh_perks_against_the_careful_incremental_margin) {
  const std::vector<shop_event> events{{"a", "o1", "", day(0), 12'000}};
  const auto verdict = [&](const std::string& gains) {
    const auto o = review_of(events, three_tiers(true), "", "", gains);
    return text(o, "verdict", 1, "tiers");
  };
  EXPECT_EQ(verdict("tier,margin_gain,margin_gain_sd\nsilver,15,3\n"), "pays");
  EXPECT_EQ(verdict("tier,margin_gain,margin_gain_sd\nsilver,12,3\n"), "not proven");
  EXPECT_EQ(verdict("tier,margin_gain,margin_gain_sd\nsilver,9,3\n"), "loses");
  EXPECT_EQ(verdict(""), "no evidence");
  const auto o = review_of(
      events, three_tiers(true), "", "", "tier,margin_gain,margin_gain_sd\nsilver,12,3\n");
  EXPECT_EQ(number(o, "perk_cost", 1, "tiers"), 11.5);
  EXPECT_EQ(number(o, "careful_gain", 1, "tiers"), 9);
  EXPECT_EQ(number(o, "members", 1, "tiers"), 1);
  EXPECT_EQ(text(o, "verdict", 0, "tiers"), "no perks");
  EXPECT_FALSE(o.tables.at("perks")->find("flag")->present(0)) << "4.00 is covered by 9.00";
  EXPECT_EQ(text(o, "flag", 1, "perks"), "ABOVE_GAIN");
  EXPECT_EQ(number(o, "cost_so_far", 1, "perks"), 11.5);
  EXPECT_EQ(text(o, "flag", 2, "perks"), "NO_EVIDENCE");
}

TEST(loyalty_tiers, take_the_change_of_a_comparison_group_off) {
  // Members rose by 20 and 30, the comparable others by 10 and 14: 25 - 12 = 13; the variances are
  // 50/2 and 8/2 of the means.
  const auto o = review_of({{"a", "o1", "", day(0), 12'000}},
                           three_tiers(true),
                           "",
                           "customer,tier,before,after,compared_with\n"
                           "a,silver,10,30,\nb,silver,20,50,\nc,,5,15,silver\nd,,6,20,silver\n");
  EXPECT_EQ(text(o, "source", 1, "tiers"), "comparison");
  EXPECT_DOUBLE_EQ(number(o, "margin_gain", 1, "tiers"), 13);
  EXPECT_DOUBLE_EQ(number(o, "margin_gain_sd", 1, "tiers"), std::sqrt(25.0 + 4.0));
}

TEST(loyalty_tiers, count_members_around_a_threshold) {
  std::vector<shop_event> events;
  for (int i = 0; i < 30; ++i) {
    const std::string who = "m" + std::to_string(i);
    events.push_back({who, who, "", day(0), i < 25 ? 10'500 : 9'500});
  }
  const auto o = review_of(events, three_tiers(true));
  EXPECT_EQ(number(o, "just_below", 0, "thresholds"), 5);
  EXPECT_EQ(number(o, "just_above", 0, "thresholds"), 25);
  EXPECT_GT(number(o, "share_above_low", 0, "thresholds"), 0.5);
  EXPECT_EQ(number(o, "just_above", 1, "thresholds"), 0);
}

TEST(loyalty_tiers, name_a_tier_that_is_not_there) {
  try {
    review_of({{"a", "o1", "", day(0), 100}}, three_tiers(true), "", "customer,tier\na,platinum\n");
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find(
                  "row 1, column 'tier': 'platinum' is no tier of the programme; it has: basic, "
                  "silver, gold"),
              std::string::npos)
        << e.what();
  }
}

}  // namespace
}  // namespace clv

// Report "lift" on small trials whose answer is computed by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "clv/csv.hpp"
#include "clv/error.hpp"
#include "math/proportion.hpp"
#include "retention/experiments/holdout.hpp"
#include "retention/experiments/sequence.hpp"
#include "trial.hpp"

namespace clv {
namespace {

using test::number;
using test::text;
using test::trial;
using test::trial_decision;

constexpr double z95 = 1.959963984540054;

std::size_t row_of(const outcome& o,
                   std::string_view kind,
                   std::string_view group,
                   std::string_view name = "") {
  const table& t = *o.tables.find(name)->second;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (text(o, "kind", row, name) == kind && text(o, "group", row, name) == group) return row;
  }
  ADD_FAILURE() << "no " << kind << " " << group;
  return 0;
}

double left_out(const outcome& o, std::string_view words) {
  const table& t = *o.tables.find("left_out")->second;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (text(o, "what", row, "left_out").find(words) != std::string::npos) {
      return number(o, "count", row, "left_out");
    }
  }
  ADD_FAILURE() << words;
  return -1;
}

// 60 treated: every third responds with value 9, each cost 1. 60 held out: every sixth, value 9.
trial by_hand(std::string_view treated_arm = "exploit") {
  trial t;
  for (int i = 0; i < 120; ++i) {
    const bool held = i >= 60;
    const std::string id = std::to_string(i);
    const trial_decision d{.id = "d" + id,
                           .customer = "c" + id,
                           .arm = held ? "holdout" : treated_arm,
                           .segment = i % 2 == 0 ? "new" : "old"};
    t.decide(d);
    if (!held) t.happen(d, 1, "cost", 1);
    if (i % (held ? 6 : 3) != 0) continue;
    t.happen(d, 2, "response", 1);
    t.happen(d, 2, "value", 4);
    t.happen(d, 3, "value", 5);
  }
  // Lets the windows pass.
  const trial_decision last{.id = "last", .customer = "later", .day = 40, .action = ""};
  t.decide(last);
  return t;
}

constexpr std::string_view half_share = R"({"share":0.5,"tuned_for":100})";

TEST(lift, compares_those_treated_with_those_held_out) {
  const outcome o = by_hand().lift(half_share);
  const std::size_t row = row_of(o, "system", "all");
  EXPECT_EQ(text(o, "status", row), "OK");
  EXPECT_EQ(number(o, "treated", row), 60);
  EXPECT_EQ(number(o, "held_out", row), 60);
  const auto t = math::wilson(20, 60, z95), h = math::wilson(10, 60, z95);
  const auto d = math::newcombe(t, h);
  EXPECT_NEAR(number(o, "response_treated", row), 20. / 60, 1e-15);
  EXPECT_NEAR(number(o, "response_treated_lower", row), t.lower, 1e-14);
  EXPECT_NEAR(number(o, "response_held_out_upper", row), h.upper, 1e-14);
  EXPECT_NEAR(number(o, "response_difference", row), 10. / 60, 1e-15);
  EXPECT_NEAR(number(o, "response_lower", row), d.lower, 1e-14);
  EXPECT_NEAR(number(o, "response_upper", row), d.upper, 1e-14);
  EXPECT_NEAR(number(o, "value_treated", row), 3, 1e-14);
  EXPECT_NEAR(number(o, "value_held_out", row), 1.5, 1e-14);
  // Variances of 9 x a share: 81 p (1 - p) 60/59.
  const double variance = 81 * (20. / 60 * 40 / 60 + 10. / 60 * 50 / 60) / 59;
  EXPECT_NEAR(number(o, "value_standard_error", row), std::sqrt(variance), 1e-13);
  EXPECT_NEAR(number(o, "value_upper", row), 1.5 + z95 * std::sqrt(variance), 1e-12);
  EXPECT_NEAR(number(o, "cost_treated", row), 1, 1e-15);
  EXPECT_NEAR(number(o, "net_difference", row), .5, 1e-14);
  const double factor = retention::sequence_factor(120, 100, .05);
  EXPECT_NEAR(number(o, "sequence_lower", row), .5 - factor * std::sqrt(variance), 1e-12);
  EXPECT_NEAR(number(o, "incremental", row), 30, 1e-12);
  EXPECT_NEAR(number(o, "incremental_upper", row), 60 * (.5 + factor * std::sqrt(variance)), 1e-10);
  EXPECT_TRUE(text(o, "verdict", row).starts_with("Not known yet: 0.5 per customer"))
      << text(o, "verdict", row);
  EXPECT_TRUE(test::absent(o, "theta", row));
}

TEST(lift, tells_plugins_actions_and_segments_apart) {
  const outcome o = by_hand().lift(half_share);
  EXPECT_EQ(number(o, "treated", row_of(o, "plugin", "win")), 60);
  EXPECT_EQ(number(o, "held_out", row_of(o, "action", "win/mail")), 60);
  EXPECT_EQ(number(o, "treated", row_of(o, "segment", "new")), 30);
  EXPECT_EQ(text(o, "status", row_of(o, "segment", "new")), "INSUFFICIENT");
  EXPECT_TRUE(test::absent(o, "net_difference", row_of(o, "segment", "new")));
  EXPECT_NE(text(o, "verdict", row_of(o, "segment", "new")).find("50 of each"), std::string::npos);
  const outcome only = by_hand().lift(R"({"share":0.5,"by":["plugin"]})");
  EXPECT_EQ(only.tables.at("")->rows(), 1u);
}

TEST(lift, explored_actions_were_done_too) {
  const outcome exploit = by_hand().lift(half_share), explore = by_hand("explore").lift(half_share);
  for (const char* column : {"treated", "net_difference", "sequence_upper"}) {
    EXPECT_EQ(number(explore, column, row_of(explore, "plugin", "win")),
              number(exploit, column, row_of(exploit, "plugin", "win")));
  }
}

// The log names of a withheld action only the action.
TEST(lift, finds_the_plugin_of_a_withheld_action_by_who_does_it_or_in_the_receipt) {
  trial t = by_hand();
  for (int i = 0; i < 60; ++i) {
    const std::string id = "o" + std::to_string(i);
    t.decide({.id = id, .customer = id, .plugin = "other"});  // another plugin's "mail"
    t.decide({.id = "h" + id,
              .customer = "h" + id,
              .arm = "holdout",
              .receipt = R"({"withheld":{"plugin":"other","action":"mail"}})"});
  }
  const outcome o = t.lift(half_share);
  EXPECT_EQ(number(o, "held_out", row_of(o, "plugin", "other")), 60);
  EXPECT_EQ(number(o, "treated", row_of(o, "action", "other/mail")), 60);
  EXPECT_EQ(number(o, "treated", row_of(o, "plugin", "win")), 60);
  // Those without a receipt cannot be told apart and are in the group of the bare action only.
  EXPECT_EQ(number(o, "held_out", row_of(o, "plugin", "win")), 0);
  EXPECT_EQ(text(o, "status", row_of(o, "plugin", "win")), "SRM");
}

TEST(lift, the_order_of_rows_changes_nothing) {
  trial forth, back;
  std::vector<trial_decision> all;
  for (int i = 0; i < 200; ++i) {
    all.push_back({.id = "d" + std::to_string(i),
                   .customer = "c" + std::to_string(i % 130),
                   .day = i * .7,
                   .arm = i % 130 < 65 ? "holdout" : "exploit"});
  }
  const auto play = [](trial& t, const trial_decision& d) {
    t.decide(d);
    const double amount = std::sin(d.day) * 10;
    t.happen(d, d.day + 1, "value", amount);
    t.happen(d, d.day + 2, "value", amount / 3);
    t.happen(d, d.day + 2, "cost", .1);
  };
  for (const trial_decision& d : all) play(forth, d);
  for (std::size_t i = all.size(); i-- > 0;) play(back, all[i]);
  const outcome a = forth.lift(half_share), b = back.lift(half_share);
  for (const auto& [name, rows] : a.tables) {
    EXPECT_EQ(to_csv(*rows), to_csv(*b.tables.at(name))) << name;
  }
}

TEST(lift, leaves_out_and_counts_what_is_not_over) {
  trial t = by_hand();
  const trial_decision late{.id = "late", .customer = "c7", .day = 35};
  t.decide(late);
  t.happen(late, 36, "value", 1000);
  const outcome o = t.lift(half_share);
  EXPECT_EQ(left_out(o, "not passed"), 2);  // "late" and "last"
  EXPECT_NEAR(number(o, "net_difference", row_of(o, "system", "all")), .5, 1e-14);
  // A day before the first windows end nothing is known at all.
  const outcome early = by_hand().lift(R"({"share":0.5,"as_of":"2024-11-02"})");
  EXPECT_EQ(left_out(early, "not passed"), 121);
  EXPECT_EQ(early.tables.at("")->rows(), 0u);
}

TEST(lift, outcomes_outside_the_window_or_of_no_decision_are_counted_and_left_out) {
  trial t = by_hand();
  t.happen({.id = "d1", .customer = "c1"}, 31, "value", 500);
  t.happen({.id = "d1", .customer = "c1"}, -1, "value", 500);
  t.happen({.id = "nowhere", .customer = "c1"}, 1, "value", 500);
  const outcome o = t.lift(half_share);
  EXPECT_EQ(left_out(o, "outside"), 2);
  EXPECT_EQ(left_out(o, "no decision"), 1);
  EXPECT_NEAR(number(o, "net_difference", row_of(o, "system", "all")), .5, 1e-14);
}

TEST(lift, since_leaves_out_what_was_before) {
  const outcome o = by_hand().lift(R"({"share":0.5,"since":"2024-10-05T00:00:01Z"})");
  EXPECT_EQ(left_out(o, "since"), 120);
}

TEST(lift, a_broken_split_withholds_every_number_that_compares) {
  const outcome o = by_hand().lift(R"({"share":0.1})");  // half are held out
  const std::size_t row = row_of(o, "system", "all");
  EXPECT_EQ(text(o, "status", row), "SRM");
  EXPECT_EQ(number(o, "treated", row), 60);
  for (const column& c : o.tables.at("")->columns()) {
    if (c.kind() != type::f64 || c.name() == "treated" || c.name() == "held_out" ||
        c.name() == "decisions") {
      continue;
    }
    EXPECT_FALSE(c.present(row)) << c.name();
  }
  EXPECT_NE(text(o, "verdict", row).find("50 % of 120 customers are held out, expected 10 %"),
            std::string::npos)
      << text(o, "verdict", row);
  const std::size_t split = row_of(o, "system", "all", "sample_ratio");
  EXPECT_NEAR(number(o, "chi_square", split, "sample_ratio"), 48. * 48 / (120 * .09), 1e-9);
  EXPECT_EQ(text(o, "status", split, "sample_ratio"), "SRM");
  const table& days = *o.tables.at("cumulative");
  for (std::size_t day = 0; day < days.rows(); ++day) {
    EXPECT_FALSE(days.find("incremental")->present(day));
  }
}

TEST(lift, an_action_with_a_holdout_of_its_own_is_expected_to_have_more_held_out) {
  const outcome o = by_hand().lift(
      R"({"share":0.1,"nested":["ma*"],"nested_shares":[0.4444444444444444],"by":["action"]})");
  EXPECT_NEAR(number(o, "expected_share", 0, "sample_ratio"), .5, 1e-15);  // 1 - .9 * 5/9
  EXPECT_EQ(text(o, "status"), "OK");
}

// One held out of a single action only belongs to the treated of the system, and a salt says who
// is held out of everything.
TEST(lift, nested_holdouts_do_not_enter_the_holdout_of_the_system) {
  trial t;
  for (int i = 0; i < 200; ++i) {
    const std::string id = std::to_string(i);
    const bool global = retention::held_out(retention::salted_hash("clv", "c" + id), .5);
    const bool nested = !global && i % 2 == 0;
    t.decide(
        {.id = "a" + id, .customer = "c" + id, .arm = global || nested ? "holdout" : "exploit"});
    t.decide({.id = "b" + id,
              .customer = "c" + id,
              .day = 31,
              .arm = global ? "holdout" : "exploit",
              .plugin = "other"});
  }
  t.decide({.id = "last", .customer = "later", .day = 90, .action = ""});
  const outcome by_arm = t.lift(half_share), by_salt = t.lift(R"({"share":0.5,"salt":"clv"})");
  EXPECT_EQ(number(by_arm, "held_out", row_of(by_arm, "system", "all")),
            number(by_salt, "held_out", row_of(by_salt, "system", "all")));
  const auto warned = [](const outcome& o) {
    for (const issue& i : o.notes) {
      if (i.message.find("some of their decisions only") != std::string::npos) return true;
    }
    return false;
  };
  EXPECT_TRUE(warned(by_arm));
  EXPECT_FALSE(warned(by_salt));
}

// One held out has no cooldown and would be a candidate again and again: only first decisions
// compare the same customers.
TEST(lift, by_plugin_only_the_first_decision_of_a_customer_counts) {
  trial t = by_hand();
  for (int i = 60; i < 120; ++i) {
    const trial_decision again{.id = "again" + std::to_string(i),
                               .customer = "c" + std::to_string(i),
                               .day = 31,
                               .arm = "holdout"};
    t.decide(again);
    t.happen(again, 32, "value", 100);
  }
  t.decide({.id = "end", .customer = "later", .day = 80, .action = ""});
  const outcome first = t.lift(half_share);
  EXPECT_NEAR(number(first, "value_held_out", row_of(first, "plugin", "win")), 1.5, 1e-14);
  const outcome each = t.lift(R"({"share":0.5,"decisions":"each"})");
  EXPECT_NEAR(number(each, "value_held_out", row_of(each, "plugin", "win")), 101.5, 1e-12);
}

TEST(lift, windows_that_overlap_are_not_counted_twice) {
  trial t = by_hand();
  for (int i = 0; i < 120; ++i) {
    const trial_decision again{.id = "again" + std::to_string(i),
                               .customer = "c" + std::to_string(i),
                               .day = 5,
                               .arm = i >= 60 ? "holdout" : "none",
                               .action = ""};
    t.decide(again);
    if (i < 60) t.happen(again, 6, "value", 7);
  }
  const outcome o = t.lift(half_share);
  EXPECT_EQ(left_out(o, "of another"), 120);
  EXPECT_NEAR(number(o, "value_treated", row_of(o, "system", "all")), 3, 1e-14);
  const outcome counted = t.lift(R"({"share":0.5,"overlapping":"counted"})");
  EXPECT_NEAR(number(counted, "value_treated", row_of(counted, "system", "all")), 10, 1e-13);
}

TEST(lift, costs_that_nobody_recorded_are_those_that_were_expected) {
  trial t;
  for (int i = 0; i < 120; ++i) {
    const std::string id = std::to_string(i);
    t.decide({.id = id, .customer = id, .arm = i < 60 ? "exploit" : "holdout", .cost = 2});
  }
  t.happen({.id = "0", .customer = "0"}, 1, "value", 12);
  t.decide({.id = "last", .customer = "later", .day = 40, .action = ""});
  const outcome o = t.lift(half_share);
  const std::size_t row = row_of(o, "system", "all");
  EXPECT_NEAR(number(o, "cost_treated", row), 2, 1e-15);
  EXPECT_NEAR(number(o, "net_difference", row), 12. / 60 - 2, 1e-14);
  ASSERT_EQ(o.notes.size(), 1u);
  EXPECT_NE(o.notes[0].message.find("expected costs"), std::string::npos);
  EXPECT_EQ(o.tables.at("")->find("net_difference")->unit(), "EUR");
  EXPECT_TRUE(text(o, "verdict", row).starts_with("It loses money")) << text(o, "verdict", row);
}

TEST(lift, the_last_day_is_the_total) {
  const outcome o = by_hand().lift(half_share);
  const std::size_t row = row_of(o, "system", "all"),
                    day = row_of(o, "system", "all", "cumulative");
  EXPECT_EQ(text(o, "day", day, "cumulative"), "2024-11-03");  // day 20,000 and 30 more
  EXPECT_NEAR(number(o, "incremental", day, "cumulative"), number(o, "incremental", row), 1e-11);
  EXPECT_NEAR(number(o, "lower", day, "cumulative"), number(o, "incremental_lower", row), 1e-10);
  EXPECT_NEAR(number(o, "upper", day, "cumulative"), number(o, "incremental_upper", row), 1e-10);
}

TEST(lift, forgotten_customers_are_counted_only) {
  trial t = by_hand();
  t.decide({.id = "gone", .customer = "", .arm = "exploit"});
  t.happen({.id = "gone", .customer = "whoever"}, 1, "value", 1000);
  const outcome o = t.lift(half_share);
  EXPECT_EQ(left_out(o, "forgotten"), 1);
  EXPECT_EQ(number(o, "treated", row_of(o, "system", "all")), 60);
}

TEST(lift, names_what_is_wrong) {
  const auto complaint = [](trial& t, std::string_view options) {
    try {
      t.lift(options);
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  trial twice = by_hand();
  twice.decide({.id = "d5", .customer = "c5"});
  EXPECT_NE(complaint(twice, half_share).find("row 122, column 'decision_id': 'd5' is there twice"),
            std::string::npos)
      << complaint(twice, half_share);
  trial stranger = by_hand();
  stranger.happen({.id = "d5", .customer = "c6"}, 1, "value", 1);
  EXPECT_NE(complaint(stranger, half_share).find("'c6', but decision 'd5' is about 'c5'"),
            std::string::npos);
  trial odd = by_hand();
  odd.happen({.id = "d5", .customer = "c5"}, 1, "joy", 1);
  EXPECT_NE(complaint(odd, half_share).find("'joy'"), std::string::npos);
  trial fine = by_hand();
  for (const char* options : {R"({"by":["week"]})",
                              R"({"as_of":"soon"})",
                              R"({"nested":["a"]})",
                              R"({"decisions":"last"})",
                              R"({"share":2})"}) {
    EXPECT_THROW(fine.lift(options), error) << options;
  }
}

}  // namespace
}  // namespace clv

// Report "holdout": the same members for every host and language.
#include <gtest/gtest.h>

#include <string>

#include "clv/error.hpp"
#include "retention/experiments/holdout.hpp"
#include "retention/reports.hpp"
#include "support/golden.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

using test::table_of;

std::shared_ptr<const table> customers(int n) {
  std::string csv = "customer\n";
  for (int i = 0; i < n; ++i) csv += "c" + std::to_string(i) + "\n";
  return table_of(csv);
}

outcome holdouts(std::shared_ptr<const table> rows, std::string_view options) {
  report_inputs in;
  in.tables["customers"] = std::move(rows);
  return test::run_report(holdout_report, std::move(in), options);
}

// Frozen: a change here moves customers between the arms of every running experiment.
TEST(holdout, equals_an_implementation_of_its_own_bit_for_bit) {
  for (const test::golden_row& row : test::golden("holdout.csv")) {
    const auto bar = row.function.find('|');
    const std::uint64_t hash =
        retention::salted_hash(row.function.substr(0, bar), row.function.substr(bar + 1));
    EXPECT_EQ(static_cast<double>(hash >> 32U), row["high"]) << row.inputs;
    EXPECT_EQ(static_cast<double>(hash & 0xffffffffU), row["low"]) << row.inputs;
    EXPECT_EQ(retention::held_out(hash, .01), row["held_1"] == 1) << row.inputs;
    EXPECT_EQ(retention::held_out(hash, .05), row["held_5"] == 1) << row.inputs;
    EXPECT_EQ(retention::held_out(hash, .1), row["held_10"] == 1) << row.inputs;
    EXPECT_EQ(retention::held_out(hash, .5), row["held_50"] == 1) << row.inputs;
    EXPECT_EQ(retention::held_out(hash, .9), row["held_90"] == 1) << row.inputs;
  }
}

TEST(holdout_report, shows_hash_and_membership) {
  const outcome o = holdouts(table_of("customer\nc000001\nc000030\n"), R"({"share":0.1})");
  EXPECT_EQ(test::text(o, "hash", 0), "2359445d47ecb8cd");
  EXPECT_EQ(test::number(o, "held_out", 0), 0);
  EXPECT_EQ(test::number(o, "held_out", 1), 1);
  EXPECT_EQ(test::text(o, "bar", 0, "scopes"), "1999999999999a00");  // floor(.1 2^64) of a double
}

TEST(holdout_report, pads_small_hashes_with_zeros) {
  const outcome o = holdouts(customers(20'000), "");
  bool small = false;
  for (std::size_t row = 0; row < 20'000; ++row) {
    const std::string hash = test::text(o, "hash", row);
    ASSERT_EQ(hash.size(), 16u);
    small = small || hash.starts_with("000");
    ASSERT_EQ(std::stoull(hash, nullptr, 16),
              retention::salted_hash("clv", test::text(o, "customer", row)));
  }
  EXPECT_TRUE(small);
}

// Nested: the action's own draw is independent of the global one; either leaves alone.
TEST(holdout_report, nested_holdouts_are_independent_of_the_global_one) {
  const int n = 40'000;
  const outcome o = holdouts(
      customers(n), R"({"share":0.1,"actions":["winback"],"salts":["w-1"],"shares":[0.2]})");
  EXPECT_NEAR(test::number(o, "held_out", 0, "scopes"), .1 * n, 5 * 60);  // sd 60
  EXPECT_NEAR(test::number(o, "held_out", 1, "scopes"), .2 * n, 5 * 80);
  EXPECT_EQ(test::number(o, "left_alone", 0, "scopes"), test::number(o, "held_out", 0, "scopes"));
  EXPECT_NEAR(test::number(o, "left_alone", 1, "scopes"), (1 - .9 * .8) * n, 5 * 90);
  // Where the action's own holdout applies, the global share is what it is elsewhere.
  double both = 0;
  for (std::size_t row = 0; row < 2 * static_cast<std::size_t>(n); row += 2) {
    both += test::number(o, "held_out", row) * test::number(o, "held_out", row + 1);
  }
  EXPECT_NEAR(both, .02 * n, 5 * 28);
}

TEST(holdout_report, does_not_depend_on_the_order_of_rows_or_on_other_customers) {
  const outcome all = holdouts(customers(500), "");
  const outcome one = holdouts(table_of("customer\nc321\n"), "");
  EXPECT_EQ(test::text(all, "hash", 321), test::text(one, "hash", 0));
  EXPECT_EQ(test::number(all, "held_out", 321), test::number(one, "held_out", 0));
}

TEST(holdout_report, refuses_salts_that_would_nest_the_draws) {
  const auto refused = [](std::string_view options) {
    try {
      holdouts(table_of("customer\na\n"), options);
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  EXPECT_NE(refused(R"({"actions":["a"],"salts":["clv"],"shares":[0.1]})").find("salts"),
            std::string::npos);
  EXPECT_NE(refused(R"({"actions":["a"],"salts":["b"]})").find("shares"), std::string::npos);
  EXPECT_NE(refused(R"({"share":1.5})").find("share"), std::string::npos);
}

TEST(holdout_report, a_share_of_one_holds_everybody_and_its_bar_is_two_to_the_64th) {
  const outcome o = holdouts(customers(50), R"({"share":1})");
  EXPECT_EQ(test::number(o, "held_out", 0, "scopes"), 50);
  EXPECT_EQ(test::text(o, "bar", 0, "scopes"), "10000000000000000");
}

}  // namespace
}  // namespace clv

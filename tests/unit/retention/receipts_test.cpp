// Replay: receipts computed again byte for byte, and a chain that shows what was touched.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "clv/decide.hpp"
#include "market_of_one.hpp"
#include "math/sha256.hpp"

namespace clv {
namespace {

using test::customer_row;
using test::everybody;
using test::proposal_row;
using test::proposals_of;
using test::scores_of;

constexpr std::int64_t noon = 1'767'268'800'000'000;

std::shared_ptr<const table> decided(const decide_options& o, int customers = 400) {
  std::mt19937_64 random(11);
  std::vector<customer_row> rows;
  std::vector<proposal_row> proposals;
  for (int i = 0; i < customers; ++i) {
    rows.push_back({.id = "c" + std::to_string(i),
                    .x = 1.0 + static_cast<double>(random() % 40),
                    .expected_spend = i % 29 == 0 ? -1.0 : 40.0});
    for (int k = 0; k < 4; ++k) {
      proposals.push_back({.row = i,
                           .action = "a" + std::to_string(k),
                           .effect_mean = static_cast<double>(random() % 1000) / 3000 - .05,
                           .effect_sd = k == 3 ? 0.0 : .03,
                           .benefit = static_cast<std::int64_t>(random() % 700),
                           .contact_cost = static_cast<std::int64_t>(random() % 60)});
    }
  }
  job j = decide(scores_of(rows), proposals_of(proposals), o);
  j.run();
  return j.result().tables.at("");
}

std::shared_ptr<const table> replayed(const std::shared_ptr<const table>& decisions) {
  job j = replay(decisions);
  j.run();
  return j.result().tables.at("");
}

std::int64_t mismatches(const table& t) {
  std::int64_t wrong = 0;
  for (const std::int64_t matches : t.integers("matches", type::i64)) wrong += 1 - matches;
  return wrong;
}

decide_options rich() {
  decide_options o = everybody();
  o.holdout_share = .2;
  o.budget_minor = 30'000;
  o.now_us = noon;
  o.policy = R"({"budgets": {"contacts": 90, "agent_minutes": 200},
    "holdouts": [{"action": "a1", "share": 0.3, "salt": "one"}],
    "levers": [{"action": "a2", "add": 0.4, "why": "campaign"}],
    "explore": {"share": 0.3, "method": "thompson", "floor": 0.02, "sd": 0.05}})";
  return o;
}

// A copy with one text of one column replaced.
std::shared_ptr<const table> with_text(const table& in,
                                       const char* name,
                                       std::size_t row,
                                       const std::string& value) {
  auto out = std::make_shared<table>();
  for (const column& c : in.columns()) {
    column& to = out->add(c.name(), c.kind(), c.unit());
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (!c.present(i)) {
        to.push_absent();
      } else if (c.kind() == type::utf8) {
        const bool here = c.name() == name && i == row;
        to.push(here ? std::string_view(value) : c.text(i));
      } else if (c.kind() == type::f64) {
        to.push(c.numbers()[i]);
      } else {
        to.push(c.integers()[i]);
      }
    }
  }
  return out;
}

std::string text(const table& t, const char* name, std::size_t row) {
  return std::string(t.get(name, type::utf8).text(row));
}

TEST(replay, gives_the_same_bytes_for_every_receipt) {
  EXPECT_EQ(mismatches(*replayed(decided(everybody()))), 0);
  EXPECT_EQ(mismatches(*replayed(decided(rich()))), 0);
}

TEST(replay, of_the_rich_run_has_every_arm_to_replay) {
  const auto decisions = decided(rich());
  int exploit = 0, explore = 0, holdout = 0, none = 0;
  for (std::size_t i = 0; i < decisions->rows(); ++i) {
    const std::string arm = text(*decisions, "arm", i);
    exploit += arm == "exploit";
    explore += arm == "explore";
    holdout += arm == "holdout";
    none += arm == "none";
  }
  EXPECT_GT(exploit, 5);
  EXPECT_GT(explore, 5);
  EXPECT_GT(holdout, 5);
  EXPECT_GT(none, 5);
}

TEST(replay, finds_a_changed_number_in_a_receipt) {
  const auto decisions = decided(everybody());
  std::string receipt = text(*decisions, "receipt", 7);
  const std::size_t at = receipt.find("\"delta\":") + 8;
  receipt[at] = receipt[at] == '9' ? '8' : '9';
  const auto found = replayed(with_text(*decisions, "receipt", 7, receipt));
  EXPECT_EQ(mismatches(*found), 1);
  EXPECT_EQ(found->integers("matches", type::i64)[7], 0);
  EXPECT_EQ(text(*found, "difference", 7), "the receipt was changed: its hash is another");
}

// Who changes the hashes as well still cannot make the numbers say something else.
TEST(replay, finds_a_decision_that_does_not_follow_from_its_numbers) {
  const auto decisions = decided(everybody(), 1);
  std::string receipt = text(*decisions, "receipt", 0);
  const std::size_t at = receipt.find("\"propensity\":1");
  ASSERT_NE(at, std::string::npos);
  receipt.replace(at, 14, "\"propensity\":0.5");
  const std::string hash = math::sha256_hex(receipt);
  auto forged = with_text(*decisions, "receipt", 0, receipt);
  forged = with_text(*forged, "receipt_hash", 0, hash);
  forged = with_text(*forged, "chain_hash", 0, math::sha256_hex(hash));
  const auto found = replayed(forged);
  EXPECT_EQ(mismatches(*found), 1);
  EXPECT_NE(text(*found, "difference", 0).find("its numbers give another receipt"),
            std::string::npos);
}

// JSON has no -0: what is not written is not read back.
TEST(replay, gives_the_same_bytes_for_an_effect_of_minus_zero) {
  job j = decide(scores_of({{"ann"}, {"bob"}}),
                 proposals_of({{.row = 0, .effect_mean = -0.0, .effect_sd = .1},
                               {.row = 1, .effect_mean = -0.0, .effect_sd = .1, .benefit = 100}}),
                 everybody());
  j.run();
  EXPECT_EQ(mismatches(*replayed(j.result().tables.at(""))), 0);
}

// What is measured by is the column, not the receipt.
TEST(replay, finds_a_column_that_says_something_else_than_its_receipt) {
  const auto decisions = decided(rich(), 50);
  std::size_t treated = 0;
  while (text(*decisions, "arm", treated) != "exploit") ++treated;
  for (const char* name : {"arm", "reason_code", "plugin", "action", "withheld"}) {
    const auto found = replayed(with_text(*decisions, name, treated, "another"));
    EXPECT_EQ(mismatches(*found), name == std::string("withheld") ? 0 : 1) << name;
  }
  auto moved = std::make_shared<table>(*decisions);
  for (column& c : moved->columns()) {
    if (c.name() != "propensity") continue;
    column values(c.name(), type::f64);
    for (const double p : c.numbers()) values.push(p / 2);
    c = values;
  }
  const auto found = replayed(moved);
  EXPECT_EQ(mismatches(*found), 50);
  EXPECT_NE(text(*found, "difference", 3).find("column 'propensity' says '"), std::string::npos);
}

TEST(replay, finds_a_receipt_taken_out_of_the_chain) {
  const auto decisions = decided(everybody(), 10);
  auto shorter = std::make_shared<table>();
  for (const column& c : decisions->columns()) {
    if (c.kind() != type::utf8) continue;
    column& to = shorter->add(c.name(), c.kind());
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (i != 4) c.present(i) ? to.push(c.text(i)) : to.push_absent();
    }
  }
  const auto found = replayed(shorter);
  EXPECT_EQ(mismatches(*found), 1);
  EXPECT_EQ(found->integers("matches", type::i64)[4], 0);
}

TEST(replay, a_forgotten_receipt_is_stood_for_by_its_hash) {
  const auto decisions = decided(everybody(), 10);
  auto tombstone = std::make_shared<table>();
  for (const column& c : decisions->columns()) {
    if (c.kind() != type::utf8) continue;
    column& to = tombstone->add(c.name(), c.kind());
    const bool personal = c.name() == "receipt" || c.name() == "customer";
    for (std::size_t i = 0; i < c.size(); ++i) {
      (i == 4 && personal) || !c.present(i) ? to.push_absent() : to.push(c.text(i));
    }
  }
  EXPECT_EQ(mismatches(*replayed(tombstone)), 0);
}

TEST(replay, goes_on_with_the_chain_of_an_earlier_run) {
  const auto first = decided(everybody(), 5);
  decide_options later = everybody();
  later.previous_hash = text(*first, "chain_hash", 4);
  const auto second = decided(later, 5);
  EXPECT_EQ(text(*second, "prev_hash", 0), text(*first, "chain_hash", 4));
  EXPECT_EQ(mismatches(*replayed(second)), 0);
  EXPECT_NE(text(*second, "chain_hash", 4), text(*first, "chain_hash", 4));
}

TEST(replay, survives_any_text_for_a_receipt) {
  const auto decisions = decided(everybody(), 3);
  const std::string good = text(*decisions, "receipt", 1);
  std::mt19937_64 random(3);
  for (int i = 0; i < 2000; ++i) {
    std::string bad = good.substr(0, i % 5 == 0 ? random() % good.size() : good.size());
    for (int k = 0; k < 3 && !bad.empty(); ++k) {
      bad[random() % bad.size()] = static_cast<char>(32 + random() % 95);
    }
    const std::string hash = math::sha256_hex(bad);
    auto forged = with_text(*decisions, "receipt", 1, bad);
    forged = with_text(*forged, "receipt_hash", 1, hash);
    const auto found = replayed(forged);
    ASSERT_EQ(found->rows(), 3U);
  }
}

}  // namespace
}  // namespace clv

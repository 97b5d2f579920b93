// The commands of retention: record, decide under a policy, explain, measure, replay, export,
// forget.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "command.hpp"

namespace clv::test {
namespace {

constexpr const char* policy = R"({
  "consent": ["email", "phone"],
  "protected": ["attr.gender"],
  "holdouts": [{"action": "winback.*", "share": 0.3, "salt": "test"}],
  "explore": {"share": 0.2, "method": "uniform", "budget": 500.00}
})";

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A simulated market in a store, scored, with what its CRM knows.
class market : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    made_ = new scratch;
    const std::string dir = made_->path("market"), store = made_->path("shop.clv");
    const std::vector<std::vector<std::string>> steps{
        {"simulate",
         "--market",
         "--customers",
         "1500",
         "--seed",
         "3",
         "--option",
         "start=2023-01-01",
         "--out-dir",
         dir},
        {"import", "--store", store, "--currency", "EUR", dir + "/transactions.csv"},
        {"record", "customers", dir + "/customers.csv", "--store", store, "--currency", "EUR"},
        {"record", "consent", dir + "/consent.csv", "--store", store},
        {"fit", "--store", store},
        {"score", "--store", store, "--margin", ".4", "--discount", ".1"},
        {"segment", "--store", store}};
    for (const auto& step : steps) {
      const outcome o = run_clv(step);
      ASSERT_EQ(o.status, 0) << step[0] << ": " << o.err;
    }
  }
  static void TearDownTestSuite() {
    delete made_;
    made_ = nullptr;
  }

  market() { std::filesystem::copy_file(made_->path("shop.clv"), store); }
  outcome run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--store", store});
    return run_clv(arguments);
  }
  outcome decide(std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"decide",
                                 "--plugin",
                                 "winback",
                                 "--margin",
                                 ".4",
                                 "--now",
                                 "2024-06-24",
                                 "--out",
                                 decisions,
                                 "--policy",
                                 folder.file("policy.json", policy)};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }
  // The first customer whose decision has this in `column` (0 customer, 1 arm, 2 code, 4 action).
  std::string someone(std::size_t column, const std::string& value) const {
    for (const auto& row : csv_cells(read_all(decisions))) {
      if (row.size() > 4 && row[column] == value) return row[0];
    }
    ADD_FAILURE() << "nobody has " << value;
    return "";
  }

  static const scratch* made_;
  scratch folder;
  std::string store = folder.path("shop.clv");
  std::string decisions = folder.path("decisions.csv");
};
const scratch* market::made_ = nullptr;

TEST_F(market, names_the_columns_that_nothing_reads) {
  const std::string typo = folder.file("typo.csv", "customer,complaint_opn\nc000001,1\n");
  const outcome o = run({"record", "customers", typo});
  EXPECT_EQ(o.status, 0);
  EXPECT_TRUE(says(o.err, "typo.csv: columns that nothing here reads: 'complaint_opn'")) << o.err;
}

TEST_F(market, keeps_the_attributes_of_customers_numbers_and_texts) {
  const std::string rows =
      folder.file("more.csv", "customer,attr.colour,attr.shoe\nc000001,red,42.5\n");
  ASSERT_EQ(run({"record", "customers", rows}).status, 0);
  const outcome o = run({"export", "c000001", "--json"});
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_TRUE(says(o.out, R"("attr.colour": "red")")) << o.out;
  EXPECT_EQ(json_number(o.out, "attr.shoe"), 42.5);
}

TEST_F(market, names_file_row_column_and_value_of_a_fact_that_is_none) {
  const std::string bad = folder.file("bad.csv",
                                      "customer,channel,time,granted\nc000001,email,2026-01-01,1\n"
                                      "c000002,email,2026-01-01,perhaps\n");
  const outcome o = run({"record", "consent", bad, "--json"});
  EXPECT_EQ(o.status, 1);
  EXPECT_TRUE(says(o.err, "bad.csv: row 2 (line 3), column 'granted': 'perhaps' is not")) << o.err;
  EXPECT_EQ(o.out, "");
  const outcome again = run({"record", "consent", bad, "--max-rejects", "1", "--json"});
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(json_number(again.out, "accepted"), 1);
  EXPECT_EQ(json_number(again.out, "rejected"), 1);
}

TEST_F(market, knows_facts_again_by_their_ids_and_warns_where_there_are_none) {
  const std::string head = "customer,time,kind,amount";
  const std::string with = folder.file("with.csv", head + ",event_id\nc000001,2026-01-01,a,5,e1\n");
  const std::string without = folder.file("without.csv", head + "\nc000001,2026-01-01,a,5\n");
  EXPECT_EQ(json_number(run({"record", "costs", with, "--json"}).out, "accepted"), 1);
  EXPECT_EQ(json_number(run({"record", "costs", with, "--json"}).out, "duplicates"), 1);
  const outcome o = run({"record", "costs", without});
  EXPECT_TRUE(says(o.err, "without.csv: there is no event_id: recording this file again")) << o.err;
  const outcome none = run({"record", "costs", folder.file("none.csv", head + "\n")});
  EXPECT_EQ(none.status, 0);
  EXPECT_TRUE(says(none.err, "none.csv: no row was recorded")) << none.err;
}

TEST_F(market, tells_a_wrong_call_from_a_wrong_file) {
  const outcome table = run({"record", "wishes", folder.file("f.csv", "customer\nc000001\n")});
  EXPECT_EQ(table.status, 2);
  EXPECT_TRUE(says(table.err, "known: customers, consent, contacts")) << table.err;
  const outcome plugin = run({"decide", "--plugin", "winbak"});
  EXPECT_EQ(plugin.status, 2);
  EXPECT_TRUE(says(plugin.err, "no plugin 'winbak'")) << plugin.err;
  EXPECT_TRUE(says(plugin.err, "winback")) << plugin.err;
  EXPECT_EQ(run_clv({"simulate", "--market"}).status, 2);
  EXPECT_EQ(run({"record", "consent", folder.path("nowhere.csv")}).status, 1);
}

TEST_F(market, names_the_file_of_a_policy_that_is_none) {
  const auto refused = [&](const std::string& text) {
    const std::string file = folder.file("wrong.json", text);
    const outcome o = run({"decide", "--plugin", "winback", "--policy", file});
    EXPECT_EQ(o.status, 1) << text;
    EXPECT_TRUE(says(o.err, "wrong.json: ")) << o.err;
    return o.err;
  };
  EXPECT_TRUE(says(refused(" \n"), "the policy is empty"));
  EXPECT_TRUE(says(refused(R"({"capz": []})"), "$.capz is not a member"));
  EXPECT_TRUE(says(refused(R"({"margin_floor": 5})"), "$.margin_floor is 5, expected a number"));
  EXPECT_TRUE(says(refused(R"({"caps": )"), "not JSON at line 1"));
}

TEST_F(market, asks_what_if_without_storing_anything) {
  const outcome little = decide({"--what-if", "--budget", "5.00", "--json"});
  ASSERT_EQ(little.status, 0) << little.err;
  const outcome much = decide({"--what-if", "--budget", "500.00", "--json"});
  EXPECT_LE(json_number(little.out, "spent"), 5.0);
  EXPECT_LT(json_number(little.out, "spent"), json_number(much.out, "spent"));
  EXPECT_LT(json_number(little.out, "expected_profit"), json_number(much.out, "expected_profit"));
  const outcome o = run({"explain", "c000001"});
  EXPECT_EQ(o.status, 1);
  EXPECT_TRUE(says(o.err, "nothing was ever decided about 'c000001'")) << o.err;
}

TEST_F(market, shows_the_totals_alone_when_no_customer_is_asked_for) {
  const outcome o = decide({"--what-if", "--top", "0"});
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_TRUE(says(o.out, "customers get an action"));
  EXPECT_FALSE(says(o.out, "expected to earn most"));
}

TEST_F(market, explains_an_action_a_holdout_a_lot_and_a_refusal) {
  ASSERT_EQ(decide().status, 0);
  const auto story = [&](std::size_t column, const std::string& value) {
    const std::string who = someone(column, value);
    const outcome o = run({"explain", who});
    EXPECT_EQ(o.status, 0) << o.err;
    EXPECT_TRUE(o.out.starts_with(who + ", 2024-06-24: ")) << o.out;
    EXPECT_TRUE(says(o.out, "likely to be still a customer, segment")) << o.out;
    EXPECT_TRUE(says(o.out, "chance of just this")) << o.out;
    EXPECT_FALSE(says(o.out, "?")) << "a control character: " << o.out;
    return o.out;
  };
  const std::string action = story(1, "exploit");
  EXPECT_TRUE(says(action, " by email (idea of clv.winback)")) << action;
  EXPECT_TRUE(says(action, "Left alone, ")) << action;
  EXPECT_TRUE(says(action, " of such customers buy in time. ")) << action;
  EXPECT_TRUE(says(action, "as the plugin believes")) << action;
  EXPECT_TRUE(says(action, "EUR after that, on average")) << action;
  EXPECT_TRUE(says(story(1, "explore"), "lot")) << story(1, "explore");
  const std::string held = story(2, "HOLDOUT");
  EXPECT_TRUE(says(held, ": nothing, on purpose.")) << held;
  EXPECT_TRUE(says(held, "Otherwise it would have been winback.")) << held;
  const std::string refused = story(2, "NOT_PROFITABLE");
  EXPECT_TRUE(says(refused, "it is not sure to pay (NOT_PROFITABLE). ")) << refused;
  EXPECT_TRUE(says(story(2, "NO_PROPOSAL"), "no plugin had an idea for them"));
}

// A friend who buys twice is no purchase of the customer's own: the plugin states that chance.
TEST_F(market, explains_a_response_that_is_no_purchase_as_one) {
  ASSERT_EQ(decide({"--plugin", "referral_ask"}).status, 0);
  std::string asked = run({"explain", someone(4, "referral_ask.ask")}).out;
  for (std::size_t at; (at = asked.find("\n  ")) != std::string::npos;) asked.replace(at, 3, " ");
  EXPECT_TRUE(says(asked, "Left alone, 0.20 % of such customers respond in time. ")) << asked;
  EXPECT_TRUE(says(asked, "EUR of what it gives goes to those who would respond anyway.")) << asked;
  const outcome replayed = run({"replay"});
  EXPECT_EQ(replayed.status, 0) << replayed.out << replayed.err;
}

TEST_F(market, names_the_rule_or_the_resource_that_stopped_an_action) {
  ASSERT_EQ(decide({"--budget", "1.00"}).status, 0);
  const outcome money = run({"explain", someone(2, "OVER_BUDGET")});
  EXPECT_TRUE(says(money.out, ": nothing: what is limited is better spent on others."))
      << money.out;
  EXPECT_TRUE(says(money.out, "(OVER_BUDGET). It would earn EUR ")) << money.out;
  std::string withdrawn = "customer,channel,time,granted\n";
  const std::string who = someone(2, "OVER_BUDGET");
  withdrawn += who + ",email,2024-06-23,0\n";
  ASSERT_EQ(run({"record", "consent", folder.file("no.csv", withdrawn)}).status, 0);
  ASSERT_EQ(decide().status, 0);
  const outcome o = run({"explain", who});
  EXPECT_TRUE(says(o.out, "nothing")) << o.out;
  EXPECT_TRUE(says(o.out, "consent is missing (NO_CONSENT). ")) << o.out;
  EXPECT_TRUE(says(o.out, "withdrawn")) << o.out;
  EXPECT_TRUE(says(o.out, "\nBefore\n  2024-06-24: nothing (OVER_BUDGET)\n")) << o.out;
}

TEST_F(market, tells_what_came_of_a_decision) {
  ASSERT_EQ(decide().status, 0);
  const std::string who = someone(1, "exploit");
  const outcome json = run({"explain", who, "--json"});
  const std::string key = "\"decision_id\": \"";
  const std::string id = json.out.substr(json.out.find(key) + key.size(), 16);
  const std::string rows = "decision_id,customer,time,kind,value,event_id\n" + id + "," + who +
                           ",2024-07-24,response,1,r1\n" + id + "," + who +
                           ",2024-07-24,value,12.5,v1\n";
  ASSERT_EQ(run({"record", "outcomes", folder.file("outcomes.csv", rows)}).status, 0);
  const outcome o = run({"explain", who});
  EXPECT_TRUE(says(o.out, "What came of it: bought, value 12.50.")) << o.out;
  const outcome lift = run({"measure", "--json"});
  EXPECT_EQ(lift.status, 0) << lift.err;
  EXPECT_TRUE(says(lift.out, R"("report": "lift")")) << lift.out;
}

TEST_F(market, prints_the_receipt_and_replays_all_of_them) {
  ASSERT_EQ(decide().status, 0);
  const outcome receipt = run({"explain", "c000001", "--receipt"});
  EXPECT_TRUE(receipt.out.starts_with(R"({"format":"clv.receipt/)")) << receipt.out;
  EXPECT_EQ(run({"explain", "c000001", "--receipt", "--json"}).status, 2);
  const outcome o = run({"replay", "--json"});
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_EQ(json_number(o.out, "receipts"), 1500);
  EXPECT_EQ(json_number(o.out, "different"), 0);
}

TEST_F(market, hands_over_and_forgets_one_customer) {
  ASSERT_EQ(decide().status, 0);
  const std::string dir = folder.path("c000002");
  ASSERT_EQ(run({"export", "c000002", "--out-dir", dir}).status, 0);
  for (const char* table : {"transactions", "customers", "consent", "scores", "decision_log"}) {
    EXPECT_TRUE(says(read_all(dir + "/" + table + ".csv"), "c000002")) << table;
  }
  ASSERT_EQ(run({"forget", "c000002"}).status, 0);
  for (const char* command : {"export", "explain", "forget"}) {
    const outcome o = run({command, "c000002"});
    EXPECT_EQ(o.status, 1) << command;
    EXPECT_TRUE(says(o.err, "knows no customer 'c000002': it was forgotten")) << o.err;
  }
  const outcome o = run({"replay", "--json"});
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_EQ(json_number(o.out, "different"), 0);
}

TEST_F(market, says_which_step_is_missing) {
  for (const char* command : {"measure", "replay"}) {
    const outcome o = run({command});
    EXPECT_EQ(o.status, 1);
    EXPECT_TRUE(says(o.err, "run `clv decide`")) << o.err;
  }
  const std::string none = folder.path("none.clv");
  for (const char* command : {"measure", "replay"}) {
    const outcome o = run_clv({command, "--store", none});
    EXPECT_EQ(o.status, 1);
    EXPECT_TRUE(says(o.err, "there is no such store")) << o.err;
  }
  EXPECT_FALSE(std::filesystem::exists(none));
}

}  // namespace
}  // namespace clv::test

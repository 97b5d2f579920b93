// What the gate cannot work with: policies it cannot follow, facts that cannot be.
#include <gtest/gtest.h>

#include "gate_support.hpp"
#include "retention/gate/gatekeeper.hpp"

namespace clv::retention::test {
namespace {

std::string complaint(std::string_view policy_json,
                      const fact_texts& facts,
                      std::int64_t now_us = noon) {
  try {
    gate(policy_json, facts, now_us);
  } catch (const error& e) {
    return e.what();
  }
  return "accepted";
}

const std::string gatekeeper_input_contact_header = "customer,time,channel,kind,category,action\n";

TEST(gatekeeper, refuses_a_policy_it_cannot_follow) {
  EXPECT_NE(complaint(R"({"caps":[{"limit":1,"days":1}]})", {}, 0).find("time of the decision"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"consent":["email"]})", {}).find("table 'consent'"), std::string::npos);
}

TEST(gatekeeper, names_row_column_and_value_of_a_bad_fact) {
  const auto expect = [](const fact_texts& facts, const char* column, const char* what) {
    const std::string said = complaint(
        R"({"margin_floor":0.1,"deal_seeker":{"share":1,"orders":1},
            "quiet_hours":{"channels":["sms"],"from":"21:00","to":"08:00"}})",
        facts);
    EXPECT_NE(said.find("row 2"), std::string::npos) << said;
    EXPECT_NE(said.find(std::string("'") + column + "'"), std::string::npos) << said;
    EXPECT_NE(said.find(what), std::string::npos) << said;
  };
  expect({{"customers", "customer\nann\nann\n"}}, "customer", "'ann' is there twice");
  expect({{"customers", "customer,erased\nann,1\nbob,2\n"}}, "erased", "2 is neither");
  expect({{"customers", "customer,merged_into\ncy,\nann,ann\n"}}, "merged_into", "'ann'");
  expect({{"customers", "customer,merged_into\ncy,\nann,bob\nbob,ann\n"}}, "merged_into", "circle");
  expect({{"customers", "customer,time_zone\nann,\nbob,Mars/North\n"}}, "time_zone", "Mars/North");
  expect({{"customers", "customer,running_discount\nann,\nbob,20\n"}}, "running_discount", "20");
  expect({{"customers", "customer,order_value\nann,\nbob,-1\n"}}, "order_value", "-1");
  expect({{"customers", "customer,orders,discounted_orders\nann,1,1\nbob,1,2\n"}},
         "discounted_orders",
         "2 are more than the orders, 1");
  expect({{"contacts",
           gatekeeper_input_contact_header +
               "a,2026-01-01,email,sent,,\na,2026-01-01,email,seen,,\n"}},
         "kind",
         "'seen'");
  expect({{"consent", "customer,channel,time,granted\na,b,2026-01-01,1\na,b,2026-01-01,3\n"}},
         "granted",
         "3 is neither");
}

TEST(gatekeeper, never_compares_two_currencies) {
  auto facts = facts_of({{"customers", "customer,order_value\nann,10\n"}});
  EXPECT_THROW(gatekeeper(std::make_shared<policy>(read_policy(R"({"margin_floor":0.1})")),
                          facts,
                          noon,
                          money_words("USD", 2)),
               error);
}

}  // namespace
}  // namespace clv::retention::test

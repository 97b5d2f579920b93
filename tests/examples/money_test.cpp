// What is said when there are no values in money, or none to rely on: never a silent zero.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "command.hpp"

namespace clv::test {
namespace {

constexpr const char* no_spend = "no values in money: the model has no spend part";

bool money_says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

// Scored without a spend model: one customer never bought again in the first, nobody was asked for
// spend in the second.
struct valueless {
  scratch folder;
  std::string store = folder.path("s.clv");

  explicit valueless(bool one_time_buyers) {
    const std::string log = folder.path("log.csv");
    if (one_time_buyers) {
      folder.file("log.csv",
                  "customer,time,amount\na,2024-01-01,1\nb,2024-01-05,1\nc,2024-02-01,3\n");
    } else {
      EXPECT_EQ(run_clv({"simulate", "--customers", "300", "--out", log}).status, 0);
    }
    EXPECT_EQ(run_clv({"import", "--store", store, "--currency", "EUR", log}).status, 0);
    const std::string model = one_time_buyers ? "bg_nbd+gamma_gamma" : "bg_nbd";
    EXPECT_EQ(run_clv({"fit", "--store", store, "--model", model}).status, 0);
  }
};

TEST(scores_without_a_spend_model, are_not_summed_to_zero) {
  for (const bool one_time_buyers : {true, false}) {
    const valueless shop(one_time_buyers);
    const outcome text = run_clv({"score", "--store", shop.store});
    EXPECT_EQ(text.status, 0) << text.err;
    EXPECT_TRUE(money_says(text.out, no_spend)) << text.out;
    EXPECT_FALSE(money_says(text.out, "0.00")) << text.out;
    const outcome json = run_clv({"score", "--store", shop.store, "--json"});
    EXPECT_TRUE(money_says(json.out, "\"total_clv\": null")) << json.out;
    EXPECT_EQ(json_number(json.out, "INSUFFICIENT"), json_number(json.out, "customers"));
  }
}

TEST(decisions_without_a_spend_model, are_shown_without_money) {
  for (const bool one_time_buyers : {true, false}) {
    const valueless shop(one_time_buyers);
    ASSERT_EQ(run_clv({"score", "--store", shop.store}).status, 0);
    const outcome text = run_clv({"decide", "--store", shop.store, "--budget", "5.00"});
    EXPECT_EQ(text.status, 0) << text.err;
    EXPECT_TRUE(money_says(text.out, no_spend)) << text.out;
    EXPECT_TRUE(money_says(text.out, "customers get an action")) << text.out;
    EXPECT_FALSE(money_says(text.out, "interval")) << text.out;
    const outcome json = run_clv({"decide", "--store", shop.store, "--json"});
    EXPECT_EQ(json.status, 0) << json.err;
    EXPECT_GT(json_number(json.out, "INSUFFICIENT"), 0) << json.out;
  }
}

TEST(scores_of_a_log, take_its_own_currency) {
  const scratch folder;
  const std::string log = folder.path("log.csv"), scores = folder.path("scores.csv");
  ASSERT_EQ(run_clv({"simulate", "--customers", "300", "--currency", "GBP", "--out", log}).status,
            0);
  const outcome o = run_clv({"score", "--log", log, "--out", scores, "--json"});
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_TRUE(money_says(o.out, "\"currency\": \"GBP\"")) << o.out;
}

TEST(scores_of_a_log, of_several_currencies_are_those_of_the_one_asked_for) {
  const scratch folder;
  const std::string log =
      folder.file("log.csv",
                  "customer,time,amount,currency\na,2024-01-01,1,EUR\na,2024-01-09,1,EUR\n"
                  "b,2024-01-03,9,USD\n");
  const std::string scores = folder.path("scores.csv");
  const outcome mixed = run_clv({"score", "--log", log, "--out", scores});
  EXPECT_EQ(mixed.status, 1);
  EXPECT_TRUE(money_says(mixed.err, "choose one with --currency")) << mixed.err;
  const outcome one = run_clv({"score", "--log", log, "--currency", "EUR", "--out", scores});
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_EQ(csv_cells(read_all(scores)).size(), 2U);
}

// One history is too few for four parameters.
TEST(scores_of_a_fit_that_failed, are_marked_above_their_sum) {
  const scratch folder;
  const std::string log =
      folder.file("log.csv", "customer,time,amount\na,2024-01-01,1\na,2024-01-09,1\n");
  const std::string scores = folder.path("scores.csv");
  const outcome o = run_clv({"score", "--log", log, "--out", scores});
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_EQ(o.out.find("1 of 1 customers are NOT_CONVERGED"), 0U) << o.out;
  const outcome json = run_clv({"score", "--log", log, "--out", scores, "--json"});
  EXPECT_EQ(json_number(json.out, "NOT_CONVERGED"), 1) << json.out;
  EXPECT_TRUE(money_says(json.out, "not_identified")) << json.out;  // among the warnings
}

}  // namespace
}  // namespace clv::test

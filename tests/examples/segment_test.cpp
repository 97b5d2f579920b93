// clv segment without a store: what one date teaches is kept as a file and puts the customers of
// another date where the first one would have put them.
#include <gtest/gtest.h>

#include <string>

#include "command.hpp"

namespace clv::test {
namespace {

class segment : public testing::Test {
 protected:
  const scratch folder_;
  const std::string log_ = folder_.path("log.csv");
  const std::string scores_ = folder_.path("scores.csv");

  void SetUp() override {
    ASSERT_EQ(run_clv({"simulate", "--customers", "400", "--seed", "5", "--out", log_}).status, 0);
    ASSERT_EQ(run_clv({"score", "--log", log_, "--out", scores_}).status, 0);
  }
};

TEST_F(segment, assigns_by_a_kept_rule_as_the_scheme_did) {
  for (const char* scheme : {"value_tier", "rfm", "k_means", "gaussian_mixture", "rules"}) {
    const std::string rule = folder_.path("rule.csv"), first = folder_.path("first.csv");
    const outcome learned = run_clv(
        {"segment", "--scores", scores_, "--scheme", scheme, "--save-rule", rule, "--out", first});
    ASSERT_EQ(learned.status, 0) << scheme << learned.err;
    const outcome again = run_clv({"segment", "--scores", scores_, "--rule", rule, "--out", "-"});
    ASSERT_EQ(again.status, 0) << scheme << again.err;
    EXPECT_EQ(again.out, read_all(first)) << scheme;
    EXPECT_NE(again.out.find(scheme), std::string::npos);
  }
}

TEST_F(segment, says_what_is_no_rule_and_which_options_exclude_each_other) {
  const outcome no_rule = run_clv({"segment", "--scores", scores_, "--rule", log_});
  EXPECT_EQ(no_rule.status, 1);
  EXPECT_NE(no_rule.err.find("is not a rule"), std::string::npos) << no_rule.err;
  EXPECT_EQ(run_clv({"segment"}).status, 2);
  EXPECT_EQ(run_clv({"segment", "--scores", scores_, "--store", "s.clv"}).status, 2);
  EXPECT_EQ(run_clv({"segment", "--scores", scores_, "--rule", log_, "--options", "{}"}).status, 2);
}

}  // namespace
}  // namespace clv::test

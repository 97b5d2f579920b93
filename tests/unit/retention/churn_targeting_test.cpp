#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "clv/error.hpp"
#include "math/incomplete_beta.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

using test::number;
using test::run_report;
using test::table_of;
using test::text;

outcome targeting(const std::string& csv, std::string_view options = "") {
  report_inputs in;
  in.tables["scored"] = table_of(csv);
  return run_report(churn_targeting_report, std::move(in), options);
}

// empulse's manual; EMPC by exact piecewise integration (reference, section 6).
constexpr const char* churn_targeting_oracle =
    "score,churned\n.1,0\n.2,1\n.3,0\n.4,1\n.5,0\n.7,1\n.8,0\n.9,1\n";

TEST(churn_targeting, agrees_with_the_published_example) {
  const outcome o = targeting(churn_targeting_oracle);
  EXPECT_EQ(text(o, "measure", 0), "mpc");
  EXPECT_NEAR(number(o, "profit_per_customer", 0), 23.875, 1e-12);
  EXPECT_EQ(number(o, "fraction", 0), .875);
  EXPECT_EQ(number(o, "score_cut", 0), .2);
  EXPECT_EQ(text(o, "measure", 1), "empc");
  EXPECT_NEAR(number(o, "profit_per_customer", 1), 23.875593418348124, 1e-10);  // beta_cdf: 1e-12
  EXPECT_NEAR(number(o, "fraction", 1), .8743700763487141, 1e-11);
  EXPECT_NEAR(number(o, "profit_per_customer", 2), 28 - 11 * .5, 1e-12);
  EXPECT_EQ(number(o, "profit_per_customer", 3), 0);
}

// The same integral by the midpoint rule over the best depth at each acceptance.
TEST(churn_targeting, is_the_mean_of_the_best_profit_over_the_acceptance) {
  const std::string csv =
      "score,churned,clv\n.9,1,50\n.8,0,10\n.8,1,400\n.6,1,5\n.5,0,90\n.3,1,120\n.2,0,1\n.2,0,1\n";
  const outcome o = targeting(csv, R"({"alpha": 2, "beta": 3})");
  // Depths at distinct scores: gain and cost in eighths.
  const double gain[] = {0, 40, 430, 425, 425, 535, 535};
  const double cost[] = {0, 1, 13, 14, 25, 26, 48};
  constexpr int steps = 200'000;
  double expected = 0;
  for (int i = 0; i < steps; ++i) {
    const double g = (i + .5) / steps;
    double most = 0;
    for (int k = 0; k < 7; ++k) most = std::max(most, (gain[k] * g - cost[k]) / 8);
    expected += most * 12 * g * (1 - g) * (1 - g) / steps;
  }
  EXPECT_NEAR(number(o, "profit_per_customer", 1), expected, 1e-8);  // the rule's error
}

TEST(churn_targeting, pieces_cover_every_acceptance_and_go_deeper_as_it_rises) {
  const outcome o = targeting(churn_targeting_oracle);
  const std::size_t rows = o.tables.at("pieces")->rows();
  EXPECT_EQ(number(o, "acceptance_from", 0, "pieces"), 0);
  EXPECT_EQ(number(o, "acceptance_to", rows - 1, "pieces"), 1);
  double sum = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    sum += number(o, "probability", row, "pieces");
    if (row == 0) continue;
    EXPECT_EQ(number(o, "acceptance_from", row, "pieces"),
              number(o, "acceptance_to", row - 1, "pieces"));
    EXPECT_GT(number(o, "fraction", row, "pieces"), number(o, "fraction", row - 1, "pieces"));
  }
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(churn_targeting, leaves_everybody_alone_where_no_offer_can_pay) {
  const outcome o = targeting(churn_targeting_oracle, R"({"clv": 5, "offer": 10})");
  EXPECT_EQ(number(o, "profit_per_customer", 0), 0);
  EXPECT_EQ(number(o, "fraction", 0), 0);
  EXPECT_EQ(number(o, "profit_per_customer", 1), 0);
  EXPECT_TRUE(test::absent(o, "score_cut", 0));
}

TEST(churn_targeting, does_not_depend_on_the_order_of_rows_or_on_splitting_equal_scores) {
  const outcome a = targeting("score,churned\n.5,1\n.5,0\n.5,1\n.1,0\n");
  const outcome b = targeting("score,churned\n.1,0\n.5,0\n.5,1\n.5,1\n");
  for (const std::size_t row : {0U, 1U, 2U}) {
    EXPECT_EQ(number(a, "profit_per_customer", row), number(b, "profit_per_customer", row));
  }
  EXPECT_EQ(number(a, "fraction", 0), .75);
}

TEST(churn_targeting, refuses_a_label_that_is_neither_yes_nor_no) {
  try {
    targeting("score,churned\n.5,1\n.4,2\n");
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("row 2, column 'churned'"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace clv

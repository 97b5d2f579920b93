#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "clv/error.hpp"
#include "math/incomplete_beta.hpp"
#include "math/random.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"

namespace clv::test {
namespace {

report_inputs log_of(const std::string& rows) {
  report_inputs in;
  in.tables["transactions"] = table_of(rows);
  return in;
}

// `n` orders of 10 each, the first `discounted` of them with 2 off.
std::string orders(const std::string& customer, int n, int discounted) {
  std::string rows;
  for (int i = 0; i < n; ++i) {
    rows += customer + (i < discounted ? ",10,2\n" : ",10,0\n");
  }
  return rows;
}

const std::string header = "customer,amount,discount\n";

TEST(deal_seekers, counts_orders_and_revenue_at_a_discount) {
  const outcome o = run_report(
      deal_seekers_report, log_of(header + "ann,30,0\nann,10,5\nbob,20,0\nbob,20,0\nann,10,0\n"));
  EXPECT_EQ(text(o, "customer", 0), "ann");
  EXPECT_EQ(number(o, "orders", 0), 3);
  EXPECT_EQ(number(o, "discounted_orders", 0), 1);
  EXPECT_EQ(number(o, "revenue", 0), 50);
  EXPECT_EQ(number(o, "discount", 0), 5);
  EXPECT_EQ(number(o, "revenue_share", 0), .2);
  EXPECT_EQ(number(o, "discounted_share", 1), 0);
  EXPECT_EQ(number(o, "mean_share", 0, "overall"), .2);
}

TEST(deal_seekers, shrinks_to_the_mean_by_the_documented_formula) {
  const outcome o = run_report(deal_seekers_report,
                               log_of(header + orders("always", 10, 10) + orders("never", 10, 0) +
                                      orders("half", 10, 5) + orders("once", 1, 1)));
  const double a = number(o, "prior_a", 0, "overall"), b = number(o, "prior_b", 0, "overall");
  // p = 16/31, S = 10 (15/31)^2 + 10 (16/31)^2 + 10 (1/62)^2 + (15/31)^2, N = 31, sum n^2 = 301.
  const double p = 16.0 / 31;
  const double spread = 11 * std::pow(15.0 / 31, 2) + 10 * p * p + 10 * std::pow(.5 - p, 2);
  const double rho = (spread - 3 * p * (1 - p)) / (p * (1 - p) * (31 - 301.0 / 31 - 3));
  EXPECT_NEAR(a + b, 1 / rho - 1, 1e-12);
  EXPECT_NEAR(a / (a + b), p, 1e-12);
  // By id: always, half, never, once.
  EXPECT_NEAR(number(o, "shrunk", 0), (a + 10) / (a + b + 10), 1e-12);
  EXPECT_NEAR(number(o, "shrunk", 3), (a + 1) / (a + b + 1), 1e-12);
  EXPECT_NEAR(number(o, "index", 3), number(o, "shrunk", 3) / p, 1e-12);
  EXPECT_NEAR(number(o, "p_above", 0), 1 - math::beta_cdf(.8, a + 10, b), 1e-12);
  EXPECT_NEAR(math::beta_cdf(number(o, "lower", 0), a + 10, b), .05, 1e-9);
  EXPECT_LT(number(o, "shrunk", 3), number(o, "shrunk", 0)) << "one order says less than ten";
}

TEST(deal_seekers, calls_nobody_a_seeker_on_few_orders) {
  std::string log = header + orders("steady", 40, 40) + orders("few", 2, 2);
  for (int i = 0; i < 30; ++i) log += orders("c" + std::to_string(i), 10, i % 2 == 0 ? 1 : 3);
  const outcome o = run_report(deal_seekers_report, log_of(log));
  const auto row_of = [&](const std::string& id) {
    std::size_t row = 0;
    while (text(o, "customer", row) != id) ++row;
    return row;
  };
  EXPECT_EQ(text(o, "verdict", row_of("steady")), "DEAL_SEEKER");
  EXPECT_EQ(text(o, "verdict", row_of("few")), "FEW_ORDERS");
  EXPECT_EQ(text(o, "verdict", row_of("c1")), "NO");
  EXPECT_EQ(number(o, "deal_seekers", 0, "overall"), 1);
  EXPECT_NEAR(number(o, "deal_seeker_discount_share", 0, "overall"),
              80.0 / (80 + 4 + 2 * (15 + 45)),
              1e-12);
}

TEST(deal_seekers, customers_who_differ_by_chance_only_are_all_the_mean) {
  std::string log = header;
  random_source from(5);
  for (int c = 0; c < 200; ++c) {
    int discounted = 0;
    for (int i = 0; i < 10; ++i) discounted += from.uniform() < .3 ? 1 : 0;
    log += orders("c" + std::to_string(c), 10, discounted);
  }
  const outcome o = run_report(deal_seekers_report, log_of(log));
  const double mean = number(o, "mean_share", 0, "overall");
  for (std::size_t row = 0; row < 200; ++row) {
    // The raw shares have a standard deviation of sqrt(.3 x .7 / 10) = .145.
    EXPECT_NEAR(number(o, "shrunk", row), mean, .07) << row;
  }
}

// 90 % intervals of shares drawn from a beta distribution must hold them 90 % of the time.
TEST(deal_seekers, intervals_hold_the_true_shares_as_often_as_they_say) {
  std::string log = header;
  std::vector<double> truth;
  random_source from(11);
  constexpr int customers = 3000;
  for (int c = 0; c < customers; ++c) {
    const double share = from.beta(1.2, 2.5);
    const int n = 1 + static_cast<int>(from.uniform() * 12);
    int discounted = 0;
    for (int i = 0; i < n; ++i) discounted += from.uniform() < share ? 1 : 0;
    log += orders("c" + std::to_string(10000 + c), n, discounted);
    truth.push_back(share);
  }
  const outcome o = run_report(deal_seekers_report, log_of(log));
  int held = 0;
  for (std::size_t c = 0; c < truth.size(); ++c) {
    held += number(o, "lower", c) <= truth[c] && truth[c] <= number(o, "upper", c) ? 1 : 0;
  }
  // Four standard deviations of a count of 3000 at .9 are 66; the estimated prior adds some.
  EXPECT_NEAR(held, .9 * customers, 80);
  EXPECT_NEAR(number(o, "prior_a", 0, "overall"), 1.2, .25);
  EXPECT_NEAR(number(o, "prior_b", 0, "overall"), 2.5, .5);
}

TEST(deal_seekers, lines_of_one_order_are_one_and_refunds_none) {
  const outcome o = run_report(deal_seekers_report,
                               log_of("customer,amount,discount,event_id,kind\n"
                                      "ann,10,0,1,purchase\nann,5,1,1,purchase\n"
                                      "ann,8,0,2,\nann,8,0,3,refund\nann,-4,0,4,\n"));
  EXPECT_EQ(number(o, "orders"), 2);
  EXPECT_EQ(number(o, "discounted_orders"), 1);
  EXPECT_EQ(number(o, "revenue"), 23);
}

TEST(deal_seekers, an_order_whose_discount_is_not_known_is_left_out_and_counted) {
  const outcome o =
      run_report(deal_seekers_report, log_of(header + "ann,10,\nann,10,1\nbob,10,\n"));
  EXPECT_EQ(o.tables.at("")->rows(), 1U);
  EXPECT_EQ(number(o, "orders"), 1);
  EXPECT_EQ(number(o, "orders_not_known", 0, "overall"), 2);
}

TEST(deal_seekers, a_shallow_discount_may_be_left_out) {
  const report_inputs in = log_of(header + "ann,99,1\nann,80,20\n");
  EXPECT_EQ(number(run_report(deal_seekers_report, in), "discounted_orders"), 2);
  EXPECT_EQ(number(run_report(deal_seekers_report, in, R"({"depth":0.05})"), "discounted_orders"),
            1);
}

TEST(deal_seekers, is_defined_where_everybody_or_nobody_has_a_discount) {
  for (const int discounted : {0, 5}) {
    const outcome o =
        run_report(deal_seekers_report,
                   log_of(header + orders("ann", 5, discounted) + orders("bob", 5, discounted)));
    EXPECT_NEAR(number(o, "shrunk"), discounted / 5.0, 1e-5);
    EXPECT_TRUE(std::isfinite(number(o, "lower")));
    EXPECT_TRUE(std::isfinite(number(o, "upper")));
  }
  EXPECT_EQ(run_report(deal_seekers_report, log_of(header)).tables.at("")->rows(), 0U);
}

TEST(deal_seekers, names_row_and_value_of_a_bad_discount) {
  try {
    run_report(deal_seekers_report, log_of(header + "ann,10,0\nann,10,-2\n"));
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("row 2"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("-2"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace clv::test

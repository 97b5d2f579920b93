// The reports on value, each on a table small enough to be checked by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "clv/error.hpp"
#include "support/reports.hpp"
#include "value/reports.hpp"
#include "value/worth/lifetime.hpp"

namespace clv {
namespace {

using test::absent;
using test::number;
using test::run_report;
using test::table_of;
using test::text;

constexpr const char* model_json = R"({"format":"clv.model/1","unit":"week","currency":"EUR",
  "purchase":{"model":"bg_nbd","parameters":{"r":0.243,"alpha":4.414,"a":0.793,"b":2.426}},
  "spend":{"model":"gamma_gamma","parameters":{"p":6.25,"q":3.74,"gamma":15.44}}})";

std::shared_ptr<const fitted_model> shop_model() {
  return std::make_shared<const fitted_model>(load_model(model_json));
}

TEST(lifetime, is_the_integral_of_the_survival) {
  const auto m = shop_model();
  const model& bg = *m->purchase.which;
  double sum = 0;  // the midpoint rule
  constexpr int steps = 20'000;
  for (int i = 0; i < steps; ++i)
    sum += bg.survival(m->purchase.parameters, (i + 0.5) * 52 / steps);
  EXPECT_NEAR(expected_lifetime(bg, m->purchase.parameters, 52), sum * 52 / steps, 1e-6);
  EXPECT_EQ(expected_lifetime(bg, m->purchase.parameters, 0), 0);
}

TEST(bridge, steps_add_up_to_the_difference) {
  const outcome o = run_report(bridge_report,
                               {.tables = {}, .model = shop_model()},
                               R"({"transaction_value":40,"annual_frequency":3,"lifespan":4,
                                   "margin":0.3,"annual_discount":0.1,"acquisition_cost":5})");
  EXPECT_DOUBLE_EQ(number(o, "value", 0), 40 * 3 * 4 - 5);
  double sum = 0;
  const std::size_t steps = o.tables.at("")->rows() - 1;
  for (std::size_t i = 0; i < steps; ++i) sum += number(o, "change", i);
  EXPECT_EQ(text(o, "step", steps), "probabilistic");
  EXPECT_NEAR(sum, number(o, "value", steps), 1e-9);
  EXPECT_LT(number(o, "change", 4), 0);  // discounting
}

TEST(bridge, ends_at_the_model_s_own_value_of_a_new_customer) {
  const auto m = shop_model();
  const outcome o = run_report(
      bridge_report, {.tables = {}, .model = m}, R"({"horizon_years":1,"annual_discount":0})");
  const double purchases = m->purchase.which->expected_new(m->purchase.parameters, 365.25 / 7);
  const double spend = m->spend->which->expected_spend(m->spend->parameters, {});
  EXPECT_NEAR(number(o, "value", 6), purchases * spend, 1e-9 * purchases * spend);
  // Without own elements A, F and L are the model's: all steps but the last change nothing.
  EXPECT_NEAR(number(o, "value", 0), number(o, "value", 6), 1e-9 * purchases * spend);
}

constexpr const char* summary_csv =
    "customer,x,t_x,T,mean_spend,revenue,refunds\n"
    "a,2,20,52,50,150.00,0\nb,0,0,52,0,40.00,40.00\nc,1,10,26,100,160.00,20.00\n";

TEST(formula_elements, divides_money_by_purchases_and_purchases_by_years) {
  const outcome o =
      run_report(formula_elements_report,
                 {.tables = {{"summary", table_of(summary_csv, "summary")},
                             {"costs",
                              table_of("customer,kind,amount\na,acquisition,30\nb,acquisition,60\n"
                                       "c,service,10\n")}},
                  .model = nullptr},
                 R"({"retention":0.75})");
  const double years = 130 * 7 / 365.25;
  EXPECT_EQ(text(o, "element", 0), "transaction_value");
  EXPECT_DOUBLE_EQ(number(o, "value", 0), 350.0 / 6);
  EXPECT_DOUBLE_EQ(number(o, "value", 1), 3 / years);
  EXPECT_DOUBLE_EQ(number(o, "value", 2), 4);
  EXPECT_DOUBLE_EQ(number(o, "value", 3), 30);
  EXPECT_DOUBLE_EQ(number(o, "value", 4), 10 / years);
  EXPECT_LT(number(o, "lower", 0), 350.0 / 6);
  EXPECT_NEAR(number(o, "value", 5), 350.0 / 6 * 3 / years * 4 - 30 - 10 / years * 4, 1e-9);
  EXPECT_EQ(text(o, "element", 5), "value");
}

TEST(formula_elements, counts_only_years_alive_where_there_is_a_model) {
  const report_inputs in{.tables = {{"summary", table_of(summary_csv, "summary")}},
                         .model = shop_model()};
  const outcome o = run_report(formula_elements_report, in, R"({"horizon_years":2})");
  EXPECT_GT(number(o, "value", 1), 3 / (130 * 7 / 365.25));
  EXPECT_LT(number(o, "value", 2), 2);
}

TEST(formula_elements, names_a_cost_of_nobody) {
  EXPECT_THROW(run_report(formula_elements_report,
                          {.tables = {{"summary", table_of(summary_csv, "summary")},
                                      {"costs", table_of("customer,kind,amount\nz,service,1\n")}},
                           .model = nullptr},
                          R"({"retention":0.5})"),
               error);
}

TEST(value_totals, add_what_was_to_what_is_expected) {
  const outcome o =
      run_report(value_totals_report,
                 {.tables = {{"summary", table_of(summary_csv, "summary")},
                             {"scores", table_of("customer,clv\na,100\nb,5\nc,\n", "scores")},
                             {"costs", table_of("customer,amount\na,10\n")}},
                  .model = nullptr},
                 R"({"margin":0.4,"restock":1})");
  // a: .4 x 150 - 10; b: .4 x 40 - 40 (1 - .6); restocked, its refund costs the margin only.
  EXPECT_NEAR(number(o, "historic", 0), 50, 1e-12);
  EXPECT_NEAR(number(o, "historic", 1), 0, 1e-12);
  EXPECT_NEAR(number(o, "total", 0), 150, 1e-12);
  EXPECT_TRUE(absent(o, "total", 2));
  EXPECT_EQ(text(o, "clv_status", 2), "INSUFFICIENT");
  EXPECT_EQ(text(o, "basis"), "margin");
  EXPECT_EQ(number(o, "rank", 0), 1);
  EXPECT_NEAR(number(o, "historic", 0, "sum"), 50 + 0 + (0.4 * 160 - 0.4 * 20), 1e-12);
}

TEST(acquisition, allows_what_the_lower_bound_earns_and_flags_a_losing_channel) {
  std::string sources = "customer,source,cost\n", values = "customer,total\n",
              log = "customer,time,amount\n";
  for (int i = 0; i < 80; ++i) {
    const std::string id = "k" + std::to_string(i);
    const bool good = i % 2 == 0;
    sources += id + (good ? ",search,20\n" : ",television,50\n");
    values += id + "," + std::to_string(good ? 90 + i % 4 : 30 + i % 4) + "\n";
    log += id + ",2025-01-0" + std::to_string(1 + i % 5) + ",10.00\n";
    log += id + ",2025-02-20,10.00\n" + id + ",2025-12-01,1.00\n";
  }
  const outcome o = run_report(acquisition_report,
                               {.tables = {{"sources", table_of(sources)},
                                           {"values", table_of(values)},
                                           {"transactions", table_of(log, "transactions")}},
                                .model = nullptr},
                               R"({"ratio":3})");
  ASSERT_EQ(text(o, "source", 0), "search");
  EXPECT_NEAR(number(o, "mean_value", 0), 91, 1e-12);
  EXPECT_NEAR(number(o, "lower", 0), 91 - 1.6448536 * std::sqrt(40 / 39.0 / 40), 1e-6);
  EXPECT_NEAR(number(o, "allowable_cost", 0), number(o, "lower", 0) / 3, 1e-12);
  EXPECT_EQ(text(o, "verdict", 0), "OK");
  EXPECT_EQ(number(o, "payback_months", 0), 2);  // 10 in the first month, 10 in the second
  EXPECT_EQ(text(o, "verdict", 1).substr(0, 8), "NEGATIVE");
  EXPECT_TRUE(absent(o, "payback_months", 1));
  EXPECT_NEAR(number(o, "equity", 1), 40 * (32.0 - 50), 1e-9);
}

TEST(referral, values_the_referred_less_the_rewards_and_counts_them_once) {
  const outcome o =
      run_report(referral_report,
                 {.tables = {{"referrals",
                              table_of("referrer,referee,time,type,reward\na,b,2026-01-01,1,5\n"
                                       "a,x,2026-01-01,2,5\nc,y,2026-01-01,unknown,5\n")},
                             {"values", table_of("customer,clv\na,100\nb,40\nc,10\nd,90\n")}},
                  .model = nullptr},
                 R"({"acquisition_cost":12})");
  EXPECT_DOUBLE_EQ(number(o, "referral_value", 0), 40 + 12 - 10);
  EXPECT_DOUBLE_EQ(number(o, "referral_value", 2), 12 - 5);
  EXPECT_EQ(text(o, "cell", 0), "Champions");
  EXPECT_EQ(text(o, "cell", 3), "Affluents");
  EXPECT_EQ(text(o, "cell", 1), "Misers");
  EXPECT_DOUBLE_EQ(number(o, "customer_equity", 0, "equity"), 240 + 49 - 40);
}

TEST(referral, refuses_who_was_referred_twice_or_by_themselves) {
  const auto values = table_of("customer,clv\na,100\nb,40\n");
  for (const char* rows : {"a,b,1\na,b,1\n", "a,a,1\n", "z,b,1\n", "a,b,3\n"}) {
    const auto referrals = table_of(std::string("referrer,referee,type\n") + rows);
    EXPECT_THROW(
        run_report(referral_report,
                   {.tables = {{"referrals", referrals}, {"values", values}}, .model = nullptr}),
        error)
        << rows;
  }
}

std::string baskets() {
  // 40 own bread; 30 of them buy jam a month later. One late owner of bread has no jam yet.
  std::string lines = "customer,time,category,amount\n";
  for (int i = 0; i < 40; ++i) {
    const std::string id = "k" + std::to_string(i);
    lines += id + ",2024-01-01,bread,3\n";
    if (i < 30) lines += id + ",2024-02-01,jam,5\n";
  }
  return lines + "late,2025-12-01,bread,3\nlast,2026-01-01,tea,1\n";
}

TEST(cross_sell, offers_what_owners_of_the_same_things_bought_next) {
  const outcome o = run_report(cross_sell_report,
                               {.tables = {{"lines", table_of(baskets())}}, .model = nullptr},
                               R"({"horizon_days":365,"min_support":30,"prior":0,"margin":0.5})");
  const table& t = *o.tables.at("");
  ASSERT_EQ(t.rows(), 11u);  // ten early owners and the late one; nobody is offered tea
  for (std::size_t row = 0; row < t.rows(); ++row) {
    EXPECT_EQ(text(o, "category", row), "jam");
    EXPECT_DOUBLE_EQ(number(o, "probability", row), 0.75);
    EXPECT_DOUBLE_EQ(number(o, "value", row), 0.75 * 5 * 0.5);
  }
  EXPECT_EQ(o.tables.at("addend")->rows(), 42u);
}

TEST(cross_sell, is_silent_below_its_support) {
  const outcome o = run_report(cross_sell_report,
                               {.tables = {{"lines", table_of(baskets())}}, .model = nullptr},
                               R"({"min_support":41})");
  EXPECT_EQ(o.tables.at("")->rows(), 0u);
}

TEST(equity, sums_shares_and_risks) {
  const outcome o = run_report(
      equity_report,
      {.tables = {{"scores",
                   table_of("customer,clv,p_alive,no_purchase,clv_mu,clv_sigma\n"
                            "a,60,0.5,0.5,4.787491742782046,0\nb,40,1,0,3.6888794541139363,0\n",
                            "scores")}},
       .model = nullptr},
      R"({"simulations":4000,"seed":3})");
  EXPECT_EQ(number(o, "customer_equity"), 100);
  EXPECT_EQ(number(o, "clv_at_risk"), 30);
  EXPECT_NEAR(number(o, "hhi"), 0.6 * 0.6 + 0.4 * 0.4, 1e-15);
  // Half of the outcomes are 160, half 40: four standard errors of a mean of 4000 are 3.8.
  EXPECT_NEAR(number(o, "simulated_mean"), 100, 3.8);
  EXPECT_NEAR(number(o, "expected_shortfall"), number(o, "simulated_mean") - 40, 1e-9);
  EXPECT_NEAR(number(o, "value_share", 9, "curve"), 1, 1e-15);
}

TEST(equity, does_not_depend_on_the_order_of_the_rows_and_says_nothing_where_it_knows_nothing) {
  const auto run = [](const char* rows) {
    return run_report(equity_report,
                      {.tables = {{"scores",
                                   table_of(std::string("customer,clv,p_alive,no_purchase,clv_mu,"
                                                        "clv_sigma\n") +
                                                rows,
                                            "scores")}},
                       .model = nullptr},
                      R"({"simulations":50})");
  };
  const outcome one = run("a,0.1,1,0.5,0.1,1\nb,0.2,1,0.25,0.3,1\nc,0.3,1,0,2,1\n");
  const outcome two = run("c,0.3,1,0,2,1\na,0.1,1,0.5,0.1,1\nb,0.2,1,0.25,0.3,1\n");
  for (const char* name : {"customer_equity", "hhi", "value_at_risk", "simulated_mean"}) {
    EXPECT_EQ(number(one, name), number(two, name)) << name;
  }
  // All alive by assumption: at risk is who does not buy again.
  EXPECT_NEAR(number(one, "clv_at_risk"), 0.5 * 0.1 + 0.25 * 0.2, 1e-15);
  const outcome none = run("");
  EXPECT_TRUE(absent(none, "hhi"));
  EXPECT_TRUE(absent(none, "top_decile_share"));
  EXPECT_TRUE(absent(none, "value_at_risk"));
  EXPECT_THROW(run("a,1,1,0,100000,1\n"), error);
}

TEST(referral, does_not_take_a_missing_value_for_zero) {
  const auto referrals = table_of("referrer,referee,type\na,b,\na,c,2\n");
  const auto run = [&](const char* values) {
    return run_report(
        referral_report,
        {.tables = {{"referrals", referrals}, {"values", table_of(values)}}, .model = nullptr},
        R"({"acquisition_cost":7})");
  };
  EXPECT_THROW(run("customer,worth\na,1\n"), error);
  const outcome o = run("customer,clv\na,\nb,3\nc,5\n");
  EXPECT_TRUE(absent(o, "clv", 0));
  EXPECT_TRUE(absent(o, "cell", 0));
  EXPECT_EQ(number(o, "referral_value", 0), 14);  // an empty type counts as 2
  EXPECT_EQ(text(o, "cell", 1), "Misers");
}

TEST(cross_sell, offers_the_most_valuable_and_refuses_ids_as_categories) {
  std::string lines = "customer,time,category,amount\n";
  for (int i = 0; i < 40; ++i) {
    const std::string id = "k" + std::to_string(i);
    lines += id + ",2024-01-01,bread,3\n";
    if (i < 30) lines += id + ",2024-02-01,jam,5\n";
    if (i < 20) lines += id + ",2024-03-01,tea,50\n";
  }
  const outcome o = run_report(
      cross_sell_report,
      {.tables = {{"lines", table_of(lines + "late,2025-12-01,bread,3\n")}}, .model = nullptr},
      R"({"min_support":30,"prior":0,"offers":1})");
  ASSERT_EQ(o.tables.at("")->rows(), 21u);  // everybody but the twenty who have all three
  EXPECT_EQ(text(o, "category", 20), "tea");
  EXPECT_EQ(number(o, "categories", 40, "addend"), 2);
  std::string ids = "customer,time,category,amount\n";
  for (int i = 0; i < 2001; ++i) ids += "a,2024-01-01,z" + std::to_string(i) + ",1\n";
  EXPECT_THROW(
      run_report(cross_sell_report, {.tables = {{"lines", table_of(ids)}}, .model = nullptr}),
      error);
}

TEST(spending_balance, finds_the_best_split) {
  const char* market = R"({"acquisition_ceiling":0.4,"acquisition_response":0.25,
      "retention_ceiling":0.7,"retention_response":0.15,"margin":80,"annual_discount":0.1,
      "acquisition_spending":)";
  const outcome best = run_report(spending_balance_report, {}, std::string(market) + "5}");
  const double A = number(best, "acquisition_spending"), R = number(best, "retention_spending");
  for (const double dA : {-0.5, 0.5}) {
    for (const double dR : {-0.5, 0.5}) {
      const outcome other =
          run_report(spending_balance_report,
                     {},
                     std::string(market) + std::to_string(A + dA) +
                         ",\"retention_spending\":" + std::to_string(R + dR) + "}");
      EXPECT_GT(number(best, "equity"), number(other, "equity", 1));
    }
  }
  EXPECT_THROW(run_report(spending_balance_report, {}, "{}"), error);
}

}  // namespace
}  // namespace clv

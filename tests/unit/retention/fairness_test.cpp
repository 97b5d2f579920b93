#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"

namespace clv::test {
namespace {

// `treated` of `customers` of each group get an offer worth 2 at a benefit of 1.
struct group {
  std::string name;
  int customers, treated;
};

report_inputs audit_of(const std::vector<group>& groups) {
  std::string decisions = "customer,arm,action,net,benefit\n", people = "customer,attr.region\n";
  for (const group& g : groups) {
    for (int i = 0; i < g.customers; ++i) {
      const std::string id = g.name + std::to_string(i);
      const bool treated = i < g.treated;
      decisions += id + (treated ? ",exploit,mail,2,1\n" : ",none,,,\n");
      people += id + "," + g.name + "\n";
    }
  }
  report_inputs in;
  in.tables["decisions"] = table_of(decisions);
  in.tables["attributes"] = table_of(people);
  return in;
}

TEST(fairness, compares_every_group_with_the_best_treated_one) {
  const outcome o = run_report(fairness_report, audit_of({{"east", 200, 100}, {"west", 100, 30}}));
  ASSERT_EQ(text(o, "group", 0), "east");
  EXPECT_EQ(number(o, "customers", 0), 200);
  EXPECT_EQ(number(o, "share", 0), .5);
  EXPECT_EQ(text(o, "verdict", 0), "BEST");
  EXPECT_EQ(number(o, "share", 1), .3);
  EXPECT_DOUBLE_EQ(number(o, "ratio", 1), .6);
  EXPECT_EQ(number(o, "mean_net", 1), .6);
  EXPECT_EQ(number(o, "mean_benefit", 1), .3);
  // Wilson (1927) of 30 of 100: .218949, .395848 (worked out by hand from its formula).
  EXPECT_NEAR(number(o, "share_lower", 1), .218949, 5e-6);
  EXPECT_NEAR(number(o, "share_upper", 1), .395848, 5e-6);
}

// MOVER-R is what solves the Newcombe interval of p1 - r p2 for a bound of 0; so at each limit the
// distance of p1 - r p2 from 0 equals the joined distances to the Wilson limits.
TEST(fairness, the_interval_of_the_ratio_solves_its_equation) {
  const outcome o = run_report(fairness_report, audit_of({{"east", 200, 100}, {"west", 100, 30}}));
  const double p1 = .3, p2 = .5;
  const double l1 = number(o, "share_lower", 1), u1 = number(o, "share_upper", 1);
  const double l2 = number(o, "share_lower", 0), u2 = number(o, "share_upper", 0);
  const double low = number(o, "ratio_lower", 1), high = number(o, "ratio_upper", 1);
  EXPECT_NEAR(p1 - low * p2, std::hypot(p1 - l1, low * (u2 - p2)), 1e-12);
  EXPECT_NEAR(high * p2 - p1, std::hypot(u1 - p1, high * (p2 - l2)), 1e-12);
  EXPECT_LT(low, .6);
  EXPECT_GT(high, .6);
}

TEST(fairness, flags_what_is_below_four_fifths_and_names_the_rule) {
  const outcome clear =
      run_report(fairness_report, audit_of({{"east", 2000, 1000}, {"west", 2000, 600}}));
  EXPECT_EQ(text(clear, "verdict", 1), "BELOW_FOUR_FIFTHS");
  EXPECT_EQ(text(clear, "verdict", 0, "attributes"), "BELOW_FOUR_FIFTHS");
  EXPECT_NE(text(clear, "source", 0, "attributes").find("29 CFR 1607.4"), std::string::npos);
  const outcome unsure =
      run_report(fairness_report, audit_of({{"east", 60, 30}, {"west", 60, 22}}));
  EXPECT_EQ(text(unsure, "verdict", 1), "PERHAPS_BELOW_FOUR_FIFTHS");
  const outcome fine =
      run_report(fairness_report, audit_of({{"east", 100, 50}, {"west", 100, 40}}));
  EXPECT_DOUBLE_EQ(number(fine, "ratio", 1), .8);
  EXPECT_EQ(text(fine, "verdict", 1), "OK") << "four fifths itself is not below";
}

TEST(fairness, a_small_group_is_neither_judged_nor_the_best) {
  const outcome o =
      run_report(fairness_report, audit_of({{"big", 100, 50}, {"tiny", 5, 5}, {"wee", 5, 0}}));
  EXPECT_EQ(text(o, "verdict", 0), "BEST");
  EXPECT_EQ(text(o, "verdict", 1), "SMALL");
  EXPECT_EQ(text(o, "verdict", 2), "SMALL");
  EXPECT_EQ(text(o, "best_group", 0, "attributes"), "big");
  EXPECT_EQ(text(o, "verdict", 0, "attributes"), "NOT_JUDGED");
}

TEST(fairness, tests_that_the_treated_are_spread_as_the_customers_are) {
  const outcome o = run_report(fairness_report, audit_of({{"east", 100, 60}, {"west", 100, 40}}));
  // (60-50)^2/50 + (40-50)^2/50 and the same for the untreated: 8; P(chi2_1 > 8) = .004677735.
  EXPECT_NEAR(number(o, "chi_square", 0, "attributes"), 8, 1e-12);
  EXPECT_EQ(number(o, "degrees_of_freedom", 0, "attributes"), 1);
  EXPECT_NEAR(number(o, "p_value", 0, "attributes"), .004677735, 1e-8);
}

TEST(fairness, who_was_held_out_by_lot_does_not_count) {
  report_inputs in;
  in.tables["decisions"] = table_of(
      "customer,arm,action\na,exploit,mail\nb,holdout,\nc,none,\nc,explore,mail\nd,explore,\n");
  in.tables["attributes"] = table_of("customer,x\na,1\nb,1\nc,1\nd,1\n");
  const outcome o = run_report(fairness_report, in);
  EXPECT_EQ(number(o, "customers"), 3);
  EXPECT_EQ(number(o, "treated"), 2) << "an explorer who drew nothing was not treated";
}

TEST(fairness, numbers_of_many_values_are_cut_into_quarters_and_gaps_are_shown) {
  std::string decisions = "customer,arm,action\n", people = "customer,age,kids\n";
  for (int i = 0; i < 40; ++i) {
    decisions += "c" + std::to_string(i) + ",none,\n";
    if (i == 39) continue;  // nobody knows this one
    people +=
        "c" + std::to_string(i) + "," + std::to_string(20 + i) + "," + std::to_string(i % 2) + "\n";
  }
  report_inputs in;
  in.tables["decisions"] = table_of(decisions);
  in.tables["attributes"] = table_of(people);
  const outcome o = run_report(fairness_report, in);
  EXPECT_EQ(text(o, "group", 0), "1: up to 29");
  EXPECT_EQ(text(o, "group", 3), "4: above 49");
  EXPECT_EQ(text(o, "group", 4), "(not known)");
  EXPECT_EQ(number(o, "customers", 4), 1);
  EXPECT_EQ(text(o, "attribute", 5), "kids");
  EXPECT_EQ(text(o, "group", 5), "0");
  EXPECT_EQ(number(o, "groups", 1, "attributes"), 3);
}

TEST(fairness, rows_in_any_order_give_the_same_table) {
  const std::string head = "customer,arm,action,net,benefit\n";
  std::vector<std::string> rows;
  std::string people = "customer,x\n";
  for (int i = 0; i < 50; ++i) {
    rows.push_back("c" + std::to_string(i % 40) + ",exploit,mail," + std::to_string(i) + ".1,.3\n");
    if (i < 40) people += "c" + std::to_string(i) + "," + (i % 3 == 0 ? "u" : "v") + "\n";
  }
  const auto run = [&] {
    report_inputs in;
    std::string all = head;
    for (const std::string& row : rows) all += row;
    in.tables["decisions"] = table_of(all);
    in.tables["attributes"] = table_of(people);
    return run_report(fairness_report, in);
  };
  const outcome one = run();
  std::reverse(rows.begin(), rows.end());
  const outcome other = run();
  for (const char* c : {"customers", "treated", "mean_net", "mean_benefit"}) {
    EXPECT_EQ(number(one, c, 0), number(other, c, 0)) << c;
    EXPECT_EQ(number(one, c, 1), number(other, c, 1)) << c;
  }
}

TEST(fairness, refuses_what_it_cannot_judge) {
  const auto complaint = [](report_inputs in, std::string_view options = "") {
    try {
      run_report(fairness_report, std::move(in), options);
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  report_inputs in = audit_of({{"east", 2, 1}});
  EXPECT_NE(complaint(in, R"({"attributes":["attr.sex"]})").find("attr.sex"), std::string::npos);
  EXPECT_NE(complaint(in, R"({"small":0})").find("small"), std::string::npos);
  in.tables["attributes"] = table_of("customer,x\na,1\na,2\n");
  EXPECT_NE(complaint(in).find("'a' is there twice"), std::string::npos);
  in.tables["decisions"] = table_of("customer,arm,action\na,maybe,\n");
  EXPECT_NE(complaint(in).find("'maybe'"), std::string::npos);
}

}  // namespace
}  // namespace clv::test

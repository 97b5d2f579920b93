#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "math/json.hpp"
#include "math/random.hpp"
#include "retention/programmes/matching.hpp"
#include "retention/reports.hpp"
#include "support/reports.hpp"

namespace clv::test {
namespace {

report_inputs study_of(const std::string& rows) {
  report_inputs in;
  in.tables["customers"] = table_of(rows);
  return in;
}

// Customers whose orders decide both their margin (5 each) and whether they join; beyond that,
// members are worth `effect` more.
std::string market(std::uint64_t seed, double effect, int n = 400) {
  std::string rows = "customer,member,margin,orders,tenure\n";
  random_source from(seed);
  for (int i = 0; i < n; ++i) {
    const double orders = 2 + 3 * from.uniform() + from.normal();
    const double tenure = 100 + 50 * from.normal();
    const bool member = from.uniform() < 1 / (1 + std::exp(2.5 - .5 * orders));
    const double margin = 5 * orders + .02 * tenure + (member ? effect : 0) + 2 * from.normal();
    rows += "c" + std::to_string(1000 + i) + "," + (member ? "1," : "0,") + math::to_text(margin) +
            "," + math::to_text(orders) + "," + math::to_text(tenure) + "\n";
  }
  return rows;
}

TEST(adverse_selection, compares_each_member_with_the_one_most_like_it) {
  const outcome o = run_report(adverse_selection_report,
                               study_of("customer,member,margin,orders\n"
                                        "m1,1,10,1\nm2,1,30,5\n"
                                        "n1,0,12,1.1\nn2,0,20,4.8\nn3,0,100,50\n"));
  EXPECT_EQ(number(o, "matched_margin", 0, "members"), 12);
  EXPECT_EQ(number(o, "matched_margin", 1, "members"), 20);
  EXPECT_EQ(number(o, "mean_margin_members"), 20);
  EXPECT_EQ(number(o, "mean_margin_matched"), 16);
  EXPECT_EQ(number(o, "difference"), 4);
  EXPECT_EQ(number(o, "mean_margin_non_members"), 44);
  // Nobody is used twice: sum (6^2 + 6^2) / 2^2 is the variance.
  EXPECT_NEAR(number(o, "standard_error"), std::sqrt(72.0) / 2, 1e-12);
  EXPECT_TRUE(text(o, "verdict").starts_with("FEW"));
}

// Two members share one match, whose own arm has neighbours at 21 and 22: by hand
//   sum (Y - Y0 - tau)^2 = 1 + 1, K^2 - K' = 4 - 2, sigma^2 = 2/3 (20 - 21.5)^2 = 1.5.
TEST(adverse_selection, a_match_used_twice_adds_its_own_variance) {
  const outcome o = run_report(adverse_selection_report,
                               study_of("customer,member,margin,orders\nm1,1,10,1\nm2,1,12,1.2\n"
                                        "n1,0,20,1.1\nn2,0,21,9\nn3,0,22,9.5\n"));
  EXPECT_EQ(number(o, "difference"), -9);
  EXPECT_NEAR(number(o, "standard_error"), std::sqrt((2 + 2 * 1.5) / 4), 1e-12);
}

TEST(adverse_selection, equally_near_matches_all_count) {
  const outcome o = run_report(adverse_selection_report,
                               study_of("customer,member,margin,orders\nm1,1,10,1\nm2,1,10,2\n"
                                        "n1,0,4,1\nn2,0,8,1\nn3,0,7,2\n"));
  EXPECT_EQ(number(o, "matched_margin", 0, "members"), 6);
  EXPECT_EQ(number(o, "matched_margin", 1, "members"), 7);
}

TEST(adverse_selection, does_not_blame_members_for_what_the_covariates_say) {
  const outcome o = run_report(adverse_selection_report, study_of(market(3, 0, 2000)));
  EXPECT_GT(number(o, "mean_margin_members") - number(o, "mean_margin_non_members"), 1.5);
  EXPECT_GT(number(o, "largest_smd_before"), .3);
  EXPECT_LT(number(o, "largest_smd_after"), .1);
  EXPECT_LT(number(o, "lower"), 0);
  EXPECT_GT(number(o, "upper"), 0);
  EXPECT_TRUE(text(o, "verdict").starts_with("NOT_SEEN")) << text(o, "verdict");
}

TEST(adverse_selection, sees_members_who_were_worth_less_or_more) {
  EXPECT_TRUE(text(run_report(adverse_selection_report, study_of(market(3, -2, 2000))), "verdict")
                  .starts_with("ADVERSE"));
  EXPECT_TRUE(text(run_report(adverse_selection_report, study_of(market(3, 2, 2000))), "verdict")
                  .starts_with("FAVOURABLE"));
}

TEST(adverse_selection, says_when_the_matched_do_not_look_alike) {
  std::string rows = "customer,member,margin,orders\n";
  for (int i = 0; i < 40; ++i) {
    rows += "m" + std::to_string(i) + ",1,10," + std::to_string(100 + i) + "\n";
    rows += "n" + std::to_string(i) + ",0,10," + std::to_string(i) + "\n";
  }
  const outcome o = run_report(adverse_selection_report, study_of(rows));
  EXPECT_TRUE(text(o, "verdict").starts_with("UNBALANCED"));
  EXPECT_EQ(number(o, "balanced", 0, "balance"), 0);
}

// The interval must hold the true difference about as often as it says.
TEST(adverse_selection, intervals_hold_the_truth_over_many_markets) {
  int held = 0;
  constexpr int seeds = 120;
  for (int seed = 0; seed < seeds; ++seed) {
    const outcome o = run_report(adverse_selection_report,
                                 study_of(market(static_cast<std::uint64_t>(seed), -1)));
    held += number(o, "lower") <= -1 && -1 <= number(o, "upper") ? 1 : 0;
  }
  // 95 % of 120 are 114; three standard deviations (2.4 each) below, and two for matching's bias.
  EXPECT_GE(held, 102);
}

TEST(adverse_selection, rows_in_any_order_give_the_same_bits) {
  const std::string csv = market(9, 0, 200);
  const auto end_of_header = csv.find('\n') + 1;
  std::vector<std::string> rows;
  for (auto at = end_of_header; at < csv.size();) {
    const auto end = csv.find('\n', at) + 1;
    rows.push_back(csv.substr(at, end - at));
    at = end;
  }
  std::reverse(rows.begin(), rows.end());
  std::string reversed = csv.substr(0, end_of_header);
  for (const std::string& row : rows) reversed += row;
  const outcome one = run_report(adverse_selection_report, study_of(csv));
  const outcome other = run_report(adverse_selection_report, study_of(reversed));
  for (const char* c : {"difference", "standard_error", "largest_smd_after", "negative_matched"}) {
    EXPECT_EQ(number(one, c), number(other, c)) << c;
  }
}

TEST(adverse_selection, the_unit_and_a_copy_of_a_covariate_change_little_or_nothing) {
  const outcome o =
      run_report(adverse_selection_report,
                 study_of("customer,member,margin,orders,copy,one\n"
                          "m1,1,10,1,1000,1\nm2,1,30,5,5000,1\n"
                          "n1,0,12,1.1,1100,1\nn2,0,20,4.8,4800,1\nn3,0,99,50,50000,1\n"));
  EXPECT_EQ(number(o, "difference"), 4);
}

TEST(adverse_selection, refuses_what_it_cannot_compare) {
  const auto complaint = [](const std::string& rows, std::string_view options = "") {
    try {
      run_report(adverse_selection_report, study_of(rows), options);
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  EXPECT_NE(complaint("customer,member,margin,x\na,1,1,1\nb,2,1,1\n").find("2 is neither"),
            std::string::npos);
  EXPECT_NE(complaint("customer,member,margin,x\na,1,1,1\nb,0,1,1\n").find("1 members"),
            std::string::npos);
  EXPECT_NE(complaint("customer,member,margin\na,1,1\nb,0,1\n").find("no column of numbers"),
            std::string::npos);
  EXPECT_NE(complaint("customer,member,margin,x\na,1,1,1\na,0,1,1\n").find("there twice"),
            std::string::npos);
  EXPECT_NE(complaint("customer,member,margin,x\na,1,1,1\n", R"({"covariates":["y"]})").find("'y'"),
            std::string::npos);
}

// Against all pairs, with many equal values so that ties are common.
TEST(neighbours, are_the_nearest_of_all) {
  random_source from(2);
  for (int round = 0; round < 40; ++round) {
    Eigen::MatrixXd x(60, 3);
    for (Eigen::Index i = 0; i < x.size(); ++i) x.data()[i] = std::floor(5 * from.uniform());
    std::vector<std::size_t> pool;
    for (std::size_t i = 10; i < 60; ++i) pool.push_back(i);
    const retention::neighbours near(x, pool);
    for (std::size_t row = 0; row < 20; ++row) {
      std::vector<std::pair<double, std::size_t>> all;
      for (const std::size_t p : pool) {
        if (p == row) continue;
        const auto a = static_cast<Eigen::Index>(row), b = static_cast<Eigen::Index>(p);
        all.emplace_back((x.row(a) - x.row(b)).squaredNorm(), p);
      }
      std::sort(all.begin(), all.end());
      std::vector<std::size_t> wanted, found;
      for (const auto& [d, p] : all) {
        if (d <= all[2].first) wanted.push_back(p);
      }
      std::sort(wanted.begin(), wanted.end());
      for (const auto& n : near.nearest(row, 3)) found.push_back(n.index);
      ASSERT_EQ(found, wanted) << "round " << round << " row " << row;
    }
  }
}

}  // namespace
}  // namespace clv::test

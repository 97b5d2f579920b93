// k-means and the Gaussian mixture on customers whose groups are known.
#include "segments/clusters.hpp"

#include <gtest/gtest.h>

#include <set>

#include "clv/segment.hpp"
#include "scores.hpp"

namespace clv {
namespace {

using test::assigned;
using test::names_in;
using test::scored;

// Three groups far apart in recency, frequency and spend; the 90 % one-time buyers are one of them.
std::vector<scored> three_groups() {
  std::vector<scored> rows;
  for (int i = 0; i < 300; ++i) {
    const double jitter = 0.02 * (i % 7);
    if (i % 10 == 0) {
      rows.push_back(
          {.x = 20.0 + i % 3, .t_x = 39, .T = 40, .mean_spend = 200 + jitter, .no_purchase = 0.1});
    } else if (i % 10 == 1) {
      rows.push_back(
          {.x = 4.0 + i % 2, .t_x = 10, .T = 40, .mean_spend = 20 + jitter, .no_purchase = 0.4});
    } else {
      rows.push_back({.x = 0, .t_x = 0, .T = 40 + jitter, .no_purchase = 0.9});
    }
  }
  for (scored& each : rows) {
    if (each.mean_spend == 0) each.mean_spend = 1;  // scores_of() marks zero as absent
  }
  return rows;
}

class every_clustering : public testing::TestWithParam<const char*> {};

TEST_P(every_clustering, finds_groups_that_are_there) {
  const auto names = names_in(assigned(GetParam(), three_groups(), R"({"k":3})"));
  std::set<std::string> groups[3];
  for (std::size_t i = 0; i < names.size(); ++i) {
    groups[i % 10 == 0 ? 0 : i % 10 == 1 ? 1 : 2].insert(names[i]);
  }
  for (const auto& group : groups) EXPECT_EQ(group.size(), 1u);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 3u);
}

TEST_P(every_clustering, says_how_good_and_how_stable_each_choice_of_k_is) {
  const learned l =
      find_segmentation(GetParam()).learn(*test::scores_of(three_groups()), R"({"most_k":5})");
  ASSERT_NE(l.quality, nullptr);
  EXPECT_EQ(l.quality->rows(), 4u);
  double chosen = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const bool is_chosen = l.quality->integers("chosen", type::i64)[i] == 1;
    chosen += is_chosen ? 1 : 0;
    // A split into groups that are there comes back from every resample.
    if (is_chosen) {
      EXPECT_GT(l.quality->numbers("stability")[i], 0.9);
    }
  }
  EXPECT_EQ(chosen, 1);
}

TEST_P(every_clustering, copes_with_fewer_points_than_clusters_and_with_a_constant_column) {
  const std::vector<scored> two{{.x = 1, .t_x = 1, .T = 9, .mean_spend = 5},
                                {.x = 6, .t_x = 8, .T = 9, .mean_spend = 5},
                                {.x = 6, .t_x = 8, .T = 9, .mean_spend = 5}};
  const auto names = names_in(assigned(GetParam(), two, R"({"k":7})"));
  EXPECT_NE(names[0], names[1]);
  EXPECT_EQ(names[1], names[2]);
}

TEST_P(every_clustering, calls_a_customer_without_a_column_unknown) {
  auto rows = three_groups();
  rows[5].mean_spend = 0;
  EXPECT_EQ(names_in(assigned(GetParam(), rows))[5], "unknown");
}

TEST_P(every_clustering, takes_the_columns_and_names_it_is_given) {
  const auto names = names_in(
      assigned(GetParam(), three_groups(), R"({"columns":["x"],"k":2,"names":["top","rest"]})"));
  EXPECT_EQ(names[0], "top");
  EXPECT_EQ(names[2], "rest");
  EXPECT_NE(test::complaint(GetParam(), R"({"columns":["colour"]})").find("'colour'"),
            std::string::npos);
  EXPECT_NE(test::complaint(GetParam(), R"({"k":1.5})").find("k"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(table,
                         every_clustering,
                         testing::Values("k_means", "gaussian_mixture"),
                         [](const auto& each) { return std::string(each.param); });

TEST(gaussian_mixture, is_sure_of_who_is_in_the_middle_of_a_group) {
  const table t = assigned("gaussian_mixture", three_groups(), R"({"k":3})");
  for (const double membership : t.numbers("membership")) EXPECT_GT(membership, 0.99);
}

TEST(adjusted_rand, is_one_for_equal_splits_and_about_zero_for_unrelated_ones) {
  const std::vector<double> weight(400, 1.0);
  std::vector<std::size_t> a, renamed, unrelated;
  for (std::size_t i = 0; i < 400; ++i) {
    a.push_back(i % 4);
    renamed.push_back(3 - i % 4);
    unrelated.push_back(i / 4 % 4);
  }
  EXPECT_DOUBLE_EQ(adjusted_rand(a, renamed, weight), 1);
  EXPECT_NEAR(adjusted_rand(a, unrelated, weight), 0, 0.02);
}

// Hubert & Arabie's index by hand: pairs together in both 2, in a 3, in b 4, of 10.
TEST(adjusted_rand, equals_a_count_by_hand) {
  const std::vector<std::size_t> a{0, 0, 0, 1, 2}, b{0, 0, 0, 0, 1};
  EXPECT_NEAR(adjusted_rand(a, b, std::vector<double>(5, 1.0)),
              (3 - 3 * 6 / 10.0) / ((3 + 6) / 2.0 - 3 * 6 / 10.0),
              1e-12);
}

}  // namespace
}  // namespace clv

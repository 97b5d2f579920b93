#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "scores.hpp"

namespace clv {
namespace {

using test::assigned;
using test::scored;

std::vector<std::int64_t> bins(const table& t, const char* name) {
  const auto found = t.integers(name, type::i64);
  return {found.begin(), found.end()};
}

TEST(rfm, gives_each_fifth_its_bin_when_all_differ) {
  std::vector<scored> rows;
  for (int i = 0; i < 10; ++i) {
    rows.push_back({.x = 1.0 + i, .t_x = 10.0 + i, .T = 30, .mean_spend = 5.0 * (10 - i)});
  }
  const table t = assigned("rfm", rows);
  EXPECT_EQ(bins(t, "frequency_bin"), (std::vector<std::int64_t>{1, 1, 2, 2, 3, 3, 4, 4, 5, 5}));
  EXPECT_EQ(bins(t, "recency_bin"), (std::vector<std::int64_t>{1, 1, 2, 2, 3, 3, 4, 4, 5, 5}));
  EXPECT_EQ(bins(t, "monetary_bin"), (std::vector<std::int64_t>{5, 5, 4, 4, 3, 3, 2, 2, 1, 1}));
}

// bin = 1 + floor(5 * strictly worse / n): four values, counts 3 1 4 2.
TEST(rfm, keeps_equal_values_in_one_bin) {
  std::vector<scored> rows;
  for (const double x : {1, 1, 1, 2, 3, 3, 3, 3, 4, 4}) rows.push_back({.x = x, .t_x = 5, .T = 9});
  EXPECT_EQ(bins(assigned("rfm", rows), "frequency_bin"),
            (std::vector<std::int64_t>{1, 1, 1, 2, 3, 3, 3, 3, 5, 5}));
  std::reverse(rows.begin(), rows.end());
  EXPECT_EQ(bins(assigned("rfm", rows), "frequency_bin"),
            (std::vector<std::int64_t>{5, 5, 3, 3, 3, 3, 2, 1, 1, 1}));
}

TEST(rfm, says_how_many_bins_are_left_with_ninety_per_cent_one_time_buyers) {
  std::vector<scored> rows(90, scored{.T = 30});
  for (int i = 0; i < 10; ++i) rows.push_back({.x = 1.0 + i, .t_x = 20, .T = 30, .mean_spend = 9});
  job j = segment(test::scores_of(rows), {.scheme = "rfm"});
  j.run();
  const auto f = bins(*j.result().tables.at(""), "frequency_bin");
  EXPECT_EQ(std::set<std::int64_t>(f.begin(), f.end()), (std::set<std::int64_t>{1, 5}));
  bool said = false;
  for (const issue& note : j.result().notes) {
    said = said || note.message == "frequency_bin: 2 bins are in use (1, 5)";
  }
  EXPECT_TRUE(said);
}

TEST(rfm, takes_cut_points_of_the_user) {
  const std::vector<scored> rows{{.x = 1, .t_x = 23, .T = 30, .mean_spend = 10},
                                 {.x = 2, .t_x = 22.9, .T = 30, .mean_spend = 9.99},
                                 {.x = 5, .t_x = 0.1, .T = 30, .mean_spend = 100},
                                 {.x = 0, .t_x = 0, .T = 30}};
  const table t = assigned("rfm",
                           rows,
                           R"({"recency_cuts":[7,29.5],"frequency_cuts":[2,3,5],
                               "monetary_cuts":[10]})");
  EXPECT_EQ(bins(t, "recency_bin"), (std::vector<std::int64_t>{3, 2, 1, 1}));
  EXPECT_EQ(bins(t, "frequency_bin"), (std::vector<std::int64_t>{1, 2, 4, 1}));
  EXPECT_EQ(bins(t, "monetary_bin"), (std::vector<std::int64_t>{2, 1, 2, 1}));
}

TEST(rfm, names_customers_by_their_bins) {
  const char* cuts =
      R"({"recency_cuts":[10,20,30,40],"frequency_cuts":[1,2,3,4],"monetary_cuts":[10,20,30,40]})";
  const std::vector<scored> rows{
      {.x = 4, .t_x = 99, .T = 100, .mean_spend = 50},  // all best
      {.x = 2, .t_x = 75, .T = 100, .mean_spend = 5},   // recency and frequency in the middle
      {.x = 1, .t_x = 99, .T = 100, .mean_spend = 5},   // recent, rare
      {.x = 4, .t_x = 10, .T = 100, .mean_spend = 5},   // often, long ago
      {.x = 1, .t_x = 10, .T = 100, .mean_spend = 50},  // dear, long ago
      {.x = 1, .t_x = 10, .T = 100, .mean_spend = 5},   // neither, long ago
      {.x = 0, .t_x = 0, .T = 5},                       // new
      {.x = 0, .t_x = 0, .T = 50},                      // never came back
      {.x = 4, .t_x = 99, .T = 100, .mean_spend = 5},   // often and recent, but small orders
  };
  EXPECT_EQ(test::names_in(assigned("rfm", rows, cuts)),
            (std::vector<std::string>{"champions",
                                      "loyal",
                                      "promising",
                                      "at_risk",
                                      "at_risk",
                                      "hibernating",
                                      "promising",
                                      "one_time",
                                      "loyal"}));
}

TEST(rfm, refuses_options_by_name_and_value) {
  EXPECT_EQ(test::complaint("rfm", R"({"bin":5})"),
            "rfm has no option 'bin' | known: bins, recency_cuts, frequency_cuts, monetary_cuts");
  EXPECT_EQ(test::complaint("rfm", R"({"bins":1})"),
            "rfm option 'bins' is 1, expected a whole number from 2 to 100 | ");
  EXPECT_EQ(test::complaint("rfm", R"({"bins":2.5})"),
            "rfm option 'bins' is 2.5, expected a whole number from 2 to 100 | ");
  EXPECT_NE(test::complaint("rfm", R"({"recency_cuts":[7,6]})").find("'recency_cuts' is [7, 6]"),
            std::string::npos);
  EXPECT_NE(test::complaint("rfm", "[]").find("not a JSON object"), std::string::npos);
  EXPECT_NE(test::complaint("rfm", "{").find("not JSON"), std::string::npos);
}

TEST(rfm, needs_the_history_columns) {
  table t;
  t.add("x", type::f64).push(1.0);
  EXPECT_THROW(find_segmentation("rfm").assign(t, ""), error);
}

}  // namespace
}  // namespace clv

#include "features/feedback.hpp"

#include "tables.hpp"

namespace clv::features {
namespace {

using test::complaint;
using test::instant;
using test::texts;

moment at(std::string_view day) {
  return {zone("UTC"), instant(day), static_cast<std::int32_t>(instant(day) / us_per_day - 1)};
}

std::vector<response> read(const std::vector<std::vector<std::string>>& rows,
                           std::string_view until = "2020-02-01") {
  crowd who;
  auto all = read_feedback(*texts({"customer", "time", "kind", "score"}, rows),
                           at(until),
                           "features",
                           kinds::surveys,
                           who);
  who.settle();
  settle(all, who);
  return all;
}

TEST(feedback, each_scale_is_mapped_to_one) {
  EXPECT_EQ(satisfaction_of("NPS", 10, {}), 1.0);
  EXPECT_EQ(satisfaction_of("nps", 0, {}), 0.0);
  EXPECT_EQ(satisfaction_of("CSAT", 1, {}), 0.0);
  EXPECT_EQ(satisfaction_of("CSAT", 4, {}), 0.75);
  EXPECT_EQ(satisfaction_of("CSAT", 7, 10.0), 6.0 / 9);
  EXPECT_EQ(satisfaction_of("CES", 7, {}), 1.0);
  EXPECT_EQ(satisfaction_of("review", 5, {}), 1.0);
  EXPECT_FALSE(satisfaction_of("CSAT", 6, {}).has_value());
  EXPECT_FALSE(satisfaction_of("stars", 3, {}).has_value());
}

TEST(feedback, detractors_and_the_lowest_quarter_complain) {
  EXPECT_TRUE(is_complaint("NPS", 0.6));
  EXPECT_FALSE(is_complaint("NPS", 0.7));
  EXPECT_TRUE(is_complaint("CSAT", 0.25));
  EXPECT_FALSE(is_complaint("CSAT", 0.5));
  EXPECT_TRUE(is_complaint("complaint", {}));
}

TEST(feedback, one_five_star_answer_is_not_all_there_is) {
  const auto all = read({{"a", "2020-01-31", "CSAT", "5"}});
  const auto overall = overall_satisfaction(all, at("2020-02-01"), 365);
  const auto own = satisfaction(all, at("2020-02-01"), 365, 5, *overall);
  EXPECT_LT(*own, 0.8);
  EXPECT_GT(*own, *overall);
}

TEST(feedback, satisfaction_is_weighted_by_recency_and_shrunk_to_the_mean) {
  const auto all = read({{"a", "2019-02-01", "CSAT", "1"}, {"a", "2020-01-31", "CSAT", "5"}});
  const moment now = at("2020-02-01");
  const double w0 = std::exp(-365.0 / 100), w1 = std::exp(-1.0 / 100);
  EXPECT_DOUBLE_EQ(*overall_satisfaction(all, now, 100), (w1 + 1) / (w0 + w1 + 2));
  EXPECT_DOUBLE_EQ(*satisfaction(all, now, 100, 5, 0.6), (w1 + 5 * 0.6) / (w0 + w1 + 5));
}

TEST(feedback, nobody_is_satisfied_who_never_answered) {
  const auto all = read({{"a", "2020-01-01", "complaint", ""}});
  EXPECT_FALSE(overall_satisfaction(all, at("2020-02-01"), 365).has_value());
  EXPECT_TRUE(all.at(0).complaint);
}

TEST(feedback, refusals_name_row_column_and_value) {
  EXPECT_EQ(complaint([] {
              read({{"a", "2020-01-01", "CSAT", "5"}, {"b", "2020-01-01", "stars", "2"}});
            }),
            "row 2, column 'kind': 'stars' is not a kind of feedback");
  EXPECT_EQ(complaint([] {
              read({{"a", "2020-01-01", "CSAT", "9"}});
            }),
            "row 1, column 'score': 9 is outside the scale of csat");
  EXPECT_EQ(complaint([] {
              read({{"a", "soon", "CSAT", "5"}});
            }),
            "row 1, column 'time': 'soon' is not a date");
  EXPECT_EQ(complaint([] {
              read({{"", "2020-01-01", "CSAT", "5"}});
            }),
            "row 1, column 'customer': is empty");
}

TEST(feedback, what_comes_after_the_cutoff_is_not_even_checked) {
  EXPECT_EQ(read({{"a", "2020-01-01", "CSAT", "5"}, {"b", "2020-03-01", "stars", "x"}}).size(), 1U);
}

}  // namespace
}  // namespace clv::features

#include "desk/performance/case_mix.hpp"

#include <gtest/gtest.h>

namespace clv::desk {
namespace {

rated_answer answer_of(const char* agent, const char* category, double satisfaction) {
  return {.agent = agent,
          .category = category,
          .severity = "high",
          .channel = "phone",
          .satisfaction = satisfaction};
}

TEST(expected_satisfaction, without_a_prior_is_what_the_others_had_of_such_tickets) {
  const auto e = expected_satisfaction({answer_of("a", "billing", 0.1),
                                        answer_of("b", "billing", 0.3),
                                        answer_of("b", "billing", 0.5),
                                        answer_of("b", "login", 1.0)},
                                       0);
  EXPECT_NEAR(e[0], 0.4, 1e-15);  // b's two
  EXPECT_NEAR(e[1], 0.1, 1e-15);  // a's one
  EXPECT_NEAR(e[3], 0.1, 1e-15);  // nobody else had login: the level before, which is a's mean
}

TEST(expected_satisfaction, small_cells_lean_on_the_wider_ones) {
  // Of the others: overall (0 + 1) / 2; category billing 0 of one answer, two of prior .5 each,
  // and the same one answer again at each finer level.
  const auto e = expected_satisfaction({answer_of("a", "billing", 0.5),
                                        answer_of("b", "billing", 0.0),
                                        answer_of("c", "login", 1.0)},
                                       2);
  const double category = (0 + 2 * 0.5) / 3, severity = (0 + 2 * category) / 3;
  EXPECT_DOUBLE_EQ(e[0], (0 + 2 * severity) / 3);
}

TEST(expected_satisfaction, of_one_who_alone_answered_is_their_own_mean) {
  const auto e = expected_satisfaction({answer_of("a", "x", 0.2), answer_of("a", "x", 0.4)}, 5);
  EXPECT_NEAR(e[0], 0.3, 1e-15);
  EXPECT_TRUE(expected_satisfaction({}, 5).empty());
}

}  // namespace
}  // namespace clv::desk

#include "rules.hpp"

namespace clv::test {
namespace {

const told regular{{"x", 4}, {"T", fact(300, "day")}, {"p_alive", .8}};

TEST(lifecycle, goes_by_p_alive_where_there_was_a_repeat_purchase) {
  EXPECT_EQ(segment_of("lifecycle", regular), "active");
  EXPECT_EQ(segment_of("lifecycle", with(regular, "p_alive", .6)), "active");
  EXPECT_EQ(segment_of("lifecycle", with(regular, "p_alive", .59)), "cooling");
  EXPECT_EQ(segment_of("lifecycle", with(regular, "p_alive", .2)), "cooling");
  EXPECT_EQ(segment_of("lifecycle", with(regular, "p_alive", .19)), "lost");
  EXPECT_EQ(segment_of("lifecycle", regular, R"({"active_from": 0.9})"), "cooling");
}

TEST(lifecycle, goes_by_age_where_there_was_one_purchase) {
  const told once = with(regular, "x", 0);
  EXPECT_EQ(segment_of("lifecycle", with(once, "T", fact(59, "day"))), "new");
  EXPECT_EQ(segment_of("lifecycle", with(once, "T", fact(8, "week"))), "new");
  EXPECT_EQ(segment_of("lifecycle", with(once, "T", fact(9, "week"))), "one_time");
  EXPECT_EQ(segment_of("lifecycle", without(once, "p_alive")), "one_time");
}

TEST(lifecycle, puts_nobody_anywhere_of_whom_it_does_not_know) {
  EXPECT_EQ(segment_of("lifecycle", without(regular, "x")), "");
  EXPECT_EQ(segment_of("lifecycle", without(regular, "p_alive")), "");
  EXPECT_EQ(segment_of("lifecycle", with(with(regular, "x", 0), "T", fact(3, "moon"))), "");
}

}  // namespace
}  // namespace clv::test

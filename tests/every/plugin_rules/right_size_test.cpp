#include "rules.hpp"

namespace clv::test {
namespace {

const told costly{{"margin_year", minor(-4'050)}, {"service_cost_year", minor(12'000)}};

TEST(right_size, proposes_a_cheaper_channel_and_fewer_promotions_for_a_person_to_approve) {
  const auto made = ask("right_size", costly);
  ASSERT_EQ(actions(made), "right_size.cheaper_channel right_size.fewer_promotions");
  for (const proposed& p : made) {
    EXPECT_EQ(p.flags, std::uint32_t{CLV_PROPOSAL_NEEDS_APPROVAL});
    EXPECT_EQ(p.category, "service");
    EXPECT_NE(p.message.find("warranty"), std::string::npos);
  }
  EXPECT_EQ(made[0].reason,
            "Lost EUR 40.50 in a year at a service cost of EUR 120: offer a cheaper way to the "
            "same help.");
  EXPECT_EQ(made[1].channel, "none");
}

TEST(right_size, saves_nothing_of_what_the_law_asks_for) {
  EXPECT_EQ(ask("right_size", costly)[0].response_value, 5'000);  // half of 12000 - 2000
  EXPECT_EQ(actions(ask("right_size", costly, R"({"statutory_minor": 12000})")),
            "right_size.fewer_promotions");
}

TEST(right_size, finishes_what_is_open_first) {
  EXPECT_TRUE(ask("right_size", with(costly, "open_tickets", 1)).empty());
  EXPECT_TRUE(ask("right_size", with(costly, "complaint_open", yes())).empty());
}

TEST(right_size, leaves_those_alone_who_pay_or_cost_little) {
  EXPECT_TRUE(ask("right_size", with(costly, "margin_year", minor(0))).empty());
  EXPECT_TRUE(ask("right_size", with(costly, "service_cost_year", minor(4'999))).empty());
  EXPECT_TRUE(ask("right_size", without(costly, "margin_year")).empty());
}

}  // namespace
}  // namespace clv::test

#include "rules.hpp"

namespace clv::test {
namespace {

TEST(holiday_hold, objects_to_marketing_while_a_complaint_is_open) {
  const auto made = ask("holiday_hold", {{"complaint_open", yes()}});
  ASSERT_EQ(actions(made), "holiday_hold.hold");
  EXPECT_EQ(made[0].flags, std::uint32_t{CLV_PROPOSAL_VETO});
  EXPECT_EQ(made[0].category, "marketing");
  EXPECT_EQ(made[0].reason, "A complaint is open: no advertising before it is closed.");
  EXPECT_EQ(made[0].expires_us, 1'767'225'600'000'000 + 7 * 86'400'000'000);
}

TEST(holiday_hold, knows_its_tags_among_others) {
  for (const char* tags : {"hold", "vip,hold", "hold;b2b", "b2b | hold | vip", " hold "}) {
    EXPECT_EQ(ask("holiday_hold", {{"tags", tags}}).size(), 1U) << tags;
  }
  for (const char* tags : {"", "household", "on-hold", "HOLD", ",;| ", "bereavements"}) {
    EXPECT_TRUE(ask("holiday_hold", {{"tags", tags}}).empty()) << tags;
  }
}

TEST(holiday_hold, objects_once_and_names_what_weighs_most) {
  const auto made = ask("holiday_hold", {{"complaint_open", yes()}, {"tags", "hold,bereavement"}});
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].reason, "A bereavement is noted: no advertising now.");
}

}  // namespace
}  // namespace clv::test

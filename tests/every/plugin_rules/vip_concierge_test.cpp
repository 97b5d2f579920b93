#include "rules.hpp"

namespace clv::test {
namespace {

told valued(const char* segment, double p10, const char* money = "EUR") {
  return {{"segment", segment},
          {"p_alive", .75},
          {"clv", fact(2 * p10, money)},
          {"clv_p10", fact(p10, money)}};
}
told with_ticket(const told& of, double severity) {
  return with(with(of, "open_tickets", 1), "ticket_severity", severity);
}

std::vector<proposed> concierge(const told& story, const std::string& config = "{}") {
  return ask("vip_concierge", story, config);
}

TEST(vip_concierge, calls_the_segment_high_and_nobody_else) {
  EXPECT_EQ(actions(concierge(valued("high", 300))), "vip_concierge.call");
  EXPECT_TRUE(concierge(valued("higher", 300)).empty());
  EXPECT_TRUE(concierge(valued("low", 1e6)).empty());
}

TEST(vip_concierge, calls_from_a_threshold_on_the_careful_value) {
  const std::string config = R"({"threshold": 250})";
  EXPECT_EQ(concierge(valued("low", 250), config).size(), 1U);
  EXPECT_TRUE(concierge(valued("low", 249), config).empty());
  EXPECT_EQ(concierge(valued("low", 250, "JPY"), config).size(), 1U);  // yen have no minor units
}

TEST(vip_concierge, values_staying_at_the_careful_value_in_minor_units) {
  const auto euro = concierge(valued("high", 300));
  ASSERT_EQ(euro.size(), 1U);
  EXPECT_EQ(euro[0].response_value, 30'000);
  EXPECT_EQ(euro[0].agent_minutes, 10);
  EXPECT_EQ(euro[0].benefit, 0);
  EXPECT_EQ(euro[0].reason,
            "One of the most valuable customers: expected to bring EUR 600, at least EUR 300 in "
            "nine cases of ten; a personal call keeps the relationship.");
  EXPECT_EQ(concierge(valued("high", 30'000, "JPY"))[0].response_value, 30'000);
  EXPECT_EQ(concierge(valued("high", 30, "KWD"))[0].response_value, 30'000);
}

TEST(vip_concierge, moves_the_ticket_of_a_valuable_customer_up_within_a_bound) {
  const auto mild = concierge(with_ticket(valued("high", 300), 1));
  const proposed& p = the(mild, "vip_concierge.priority");
  EXPECT_EQ(p.category, "service");
  EXPECT_EQ(p.reason,
            "Has 1 open ticket(s) of severity 1 and may leave with EUR 150 at stake: answer "
            "earlier, by at most 2 classes.");
  EXPECT_EQ(p.message,
            R"({"priority_boost": 1.5, "skill": "senior", "open_tickets": 1, "severity": 1, )"
            R"("value_at_risk_minor": 15000, "value_band": "high"})");
  const auto severe = concierge(with_ticket(valued("high", 300), 100));
  EXPECT_NE(the(severe, "vip_concierge.priority").message.find("\"priority_boost\": 2,"),
            std::string::npos);
}

TEST(vip_concierge, gives_priority_by_value_at_risk_where_a_bar_is_set) {
  const std::string config = R"({"at_risk_from": 150})";  // (1 - .75) x 600
  EXPECT_EQ(actions(concierge(with_ticket(valued("low", 300), 1), config)),
            "vip_concierge.priority");
  EXPECT_TRUE(concierge(with_ticket(valued("low", 299), 1), config).empty());
  EXPECT_TRUE(concierge(with(valued("low", 300), "open_tickets", 0), config).empty());
}

}  // namespace
}  // namespace clv::test

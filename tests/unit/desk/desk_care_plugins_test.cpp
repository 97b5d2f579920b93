// What desk_customers says of a customer, handed to the plugins as it stands: columns, units and
// scales are those that they expect.
#include "care_tables.hpp"
#include "desk/reports.hpp"
#include "plugin_rules/rules.hpp"

namespace clv::test {
namespace {

constexpr std::string_view rules = R"({"severities":["low","normal","high","critical"],)"
                                   R"("policies":[{"name":"all","first_response":30}]})";

// The row of that customer as a host lends it; `more` are facts of others.
told facts_of(std::string_view customer,
              std::string_view log,
              std::string_view feedback,
              std::string_view as_of,
              const told& more = {}) {
  report_inputs in;
  in.tables["ticket_events"] = events_of(log);
  if (!feedback.empty()) in.tables["feedback"] = feedback_of(feedback);
  const outcome o = run_report(desk_customers_report,
                               std::move(in),
                               R"({"cost_hour":30,"currency":"EUR","desk":)" + std::string(rules) +
                                   R"(,"as_of":")" + std::string(as_of) + R"("})");
  const std::size_t row = row_of(o, "customer", customer);
  told story = more;
  for (const column& c : o.tables.at("")->columns()) {
    if (c.kind() == type::utf8 || !c.present(row)) continue;
    fact f(number(o, c.name(), row), c.unit());
    f.type = c.kind() == type::f64 ? CLV_T_F64 : c.kind() == type::money ? CLV_T_MONEY : CLV_T_I64;
    story.insert_or_assign(c.name(), f);
  }
  return story;
}

constexpr std::string_view resolved =
    "t1,c,2026-03-02T09:00Z,created,,,,low,,,\n"
    "t1,c,2026-03-02T09:10Z,message_out,ada,,,,,,30\n"
    "t1,c,2026-03-02T10:00Z,resolved,ada,,,,,,\n";

TEST(care_and_plugins, a_bad_rating_is_rescued_with_a_credit_of_a_share_of_its_cost) {
  const told unhappy = facts_of(
      "c", resolved, "c,2026-03-03,CSAT,2,t1,,a1\n", "2026-03-04", {{"clv_p10", minor(0)}});
  const auto made = ask("csat_rescue", unhappy);
  EXPECT_EQ(the(made, "csat_rescue.credit").benefit, 750);  // half of 30 minutes at 30 EUR an hour
  EXPECT_NE(made[0].reason.find("Rated our service 2 of 5, 1 days ago"), std::string::npos)
      << made[0].reason;
  EXPECT_TRUE(ask("csat_rescue", facts_of("c", resolved, "", "2026-03-04")).empty());
}

TEST(care_and_plugins, so_is_a_broken_promise) {
  const told late =
      facts_of("c", "t1,c,2026-03-02T09:00Z,created,,,,low,,,\n", "", "2026-03-02T10:00Z");
  EXPECT_FALSE(ask("csat_rescue", late).empty());
}

TEST(care_and_plugins, an_open_complaint_holds_marketing) {
  constexpr std::string_view grave = "t1,c,2026-03-02T09:00Z,created,,,,critical,,,\n";
  EXPECT_EQ(actions(ask("holiday_hold", facts_of("c", grave, "", "2026-03-02T09:10Z"))),
            "holiday_hold.hold");
  EXPECT_TRUE(ask("holiday_hold", facts_of("c", resolved, "", "2026-03-04")).empty());
}

TEST(care_and_plugins, a_survey_that_is_out_is_thanked_for_until_it_is_answered) {
  const std::string sent = std::string(resolved) + "t1,c,2026-03-02T11:00Z,survey_sent,,,,,,,\n";
  const told order{{"days_since_order", 5}};
  EXPECT_FALSE(ask("feedback_reward", facts_of("c", sent, "", "2026-03-03", order)).empty());
  EXPECT_TRUE(ask("feedback_reward",
                  facts_of("c", sent, "c,2026-03-02T12:00Z,CSAT,5,t1,,a1\n", "2026-03-03", order))
                  .empty());
}

TEST(care_and_plugins, a_promoter_is_asked_for_friends_unless_something_is_open) {
  const told delivered{{"last_order_delivered", yes()}, {"referral_value", minor(5'000)}};
  constexpr std::string_view nine = "c,2026-03-03,NPS,9,,,a1\n";
  EXPECT_EQ(actions(ask("referral_ask", facts_of("c", resolved, nine, "2026-03-04", delivered))),
            "referral_ask.ask");
  const std::string again = std::string(resolved) + "t2,c,2026-03-03T09:00Z,created,,,,low,,,\n";
  EXPECT_TRUE(ask("referral_ask", facts_of("c", again, nine, "2026-03-04", delivered)).empty());
}

TEST(care_and_plugins, the_concierge_sees_the_gravest_open_ticket) {
  constexpr std::string_view two =
      "t1,c,2026-03-02T09:00Z,created,,,,low,,,\n"
      "t2,c,2026-03-02T09:00Z,created,,,,critical,,,\n";
  const told valued{{"segment", "high"},
                    {"clv", fact(900, "EUR")},
                    {"clv_p10", fact(500, "EUR")},
                    {"p_alive", 0.5}};
  const auto made = ask("vip_concierge", facts_of("c", two, "", "2026-03-02T09:10Z", valued));
  const proposed& p = the(made, "vip_concierge.priority");
  EXPECT_NE(p.reason.find("Has 2 open ticket(s) of severity 4"), std::string::npos) << p.reason;
}

}  // namespace
}  // namespace clv::test

// Feedback and follow-up on a store: what is said once is not said again, and the facts of
// customers follow the tickets.
#include <gtest/gtest.h>

#include "care_tables.hpp"
#include "clv/engine.hpp"

namespace clv {
namespace {

using test::row_of;
using test::table_of;

constexpr std::string_view rules =
    R"({"severities":["low","high"],"surveys":{"delay":60},)"
    R"("follow_ups":{"detractor":{"within":60},"escalate_after":60}})";

class care_on_a_store : public testing::Test {
 protected:
  void record(const char* name, std::string_view csv) {
    job j = engine_.record(name, table_of(csv, name), {.source = "crm"});
    j.run();
  }
  outcome apply(const char* name, std::string_view as_of) {
    const std::string options =
        R"({"desk":)" + std::string(rules) + R"(,"as_of":")" + std::string(as_of) + R"("})";
    job j = engine_.apply(name, {}, options, {.source = "desk"});
    j.run();
    return j.result();
  }
  // Nothing to record gives no row at all.
  static double accepted(const outcome& o) {
    return test::rows_in(o, "recorded") == 0 ? 0 : test::number(o, "accepted", 0, "recorded");
  }
  outcome stored(const char* name) {
    outcome o;
    o.tables[""] = engine_.read(name);
    return o;
  }

  engine engine_{engine_options{}};  // in memory
};

constexpr std::string_view log =
    "ticket,customer,time,kind,agent,severity,event_id\n"
    "t1,c,2026-03-02T09:00Z,created,,high,e1\n"
    "t1,c,2026-03-02T09:10Z,assigned,ada,,e2\n";
constexpr std::string_view resolved =
    "ticket,customer,time,kind,agent,event_id\n"
    "t1,c,2026-03-02T10:00Z,resolved,ada,e3\n";

TEST_F(care_on_a_store, a_survey_is_recorded_once_and_waits_for_its_answer) {
  record("ticket_events", log);
  record("ticket_events", resolved);
  EXPECT_EQ(accepted(apply("desk_surveys", "2026-03-02T10:30Z")), 0);
  EXPECT_EQ(accepted(apply("desk_surveys", "2026-03-02T12:00Z")), 1);
  EXPECT_EQ(accepted(apply("desk_surveys", "2026-03-02T12:00Z")), 0);
  EXPECT_EQ(accepted(apply("desk_surveys", "2026-03-02T18:00Z")), 0);
  apply("desk_customers", "2026-03-02T18:00Z");
  EXPECT_EQ(test::number(stored("customers"), "survey_sent"), 1);
}

TEST_F(care_on_a_store, a_follow_up_is_opened_and_escalated_once_each) {
  record("ticket_events", log);
  record("ticket_events", resolved);
  record("feedback",
         "customer,time,kind,score,ticket,event_id\nc,2026-03-02T11:00Z,CSAT,1,t1,a1\n");
  EXPECT_EQ(accepted(apply("desk_follow_ups", "2026-03-02T11:30Z")), 1);
  EXPECT_EQ(accepted(apply("desk_follow_ups", "2026-03-02T12:30Z")), 0);
  EXPECT_EQ(accepted(apply("desk_follow_ups", "2026-03-02T14:00Z")), 1);
  EXPECT_EQ(accepted(apply("desk_follow_ups", "2026-03-03T14:00Z")), 0);
  record("follow_ups",
         "follow_up,customer,time,kind,event_id\ndetractor/a1,c,2026-03-03T15:00Z,done,f1\n");
  const outcome o = apply("desk_follow_ups", "2026-03-04");
  EXPECT_EQ(test::text(o, "state"), "done");
  EXPECT_EQ(accepted(o), 0);
}

TEST_F(care_on_a_store, facts_of_customers_follow_the_tickets_and_leave_the_others) {
  record("customers", "customer,orders,tags\nc,7,gold\n");
  record("ticket_events", log);
  apply("desk_customers", "2026-03-02T09:30Z");
  outcome facts = stored("customers");
  EXPECT_EQ(test::number(facts, "open_tickets"), 1);
  EXPECT_EQ(test::number(facts, "ticket_severity"), 4);
  EXPECT_EQ(test::number(facts, "complaint_open"), 1);
  EXPECT_EQ(test::number(facts, "orders"), 7);
  record("ticket_events", resolved);
  apply("desk_customers", "2026-03-02T10:30Z");
  facts = stored("customers");
  EXPECT_EQ(test::number(facts, "open_tickets"), 0);
  // A column that nobody has a value in is not read back at all.
  const column* severity = facts.tables.at("")->find("ticket_severity");
  EXPECT_TRUE(severity == nullptr || !severity->present(0));
  EXPECT_EQ(test::number(facts, "complaint_open"), 0);
  EXPECT_EQ(test::text(facts, "tags"), "gold");
}

// A link that is made later takes what was said of the address back.
TEST_F(care_on_a_store, facts_of_an_address_move_to_the_customer_behind_it) {
  record("ticket_events",
         "ticket,customer,time,kind,event_id\nt1,mail:c,2026-03-02T09:00Z,created,e1\n");
  apply("desk_customers", "2026-03-02T09:30Z");
  record("identities", "customer,identity,time,linked,event_id\nc,mail:c,2026-03-02T09:40Z,1,i1\n");
  apply("desk_customers", "2026-03-02T10:00Z");
  const outcome facts = stored("customers");
  EXPECT_EQ(test::number(facts, "open_tickets", row_of(facts, "customer", "c")), 1);
  for (std::size_t row = 0; row < test::rows_in(facts); ++row) {
    if (test::text(facts, "customer", row) != "c") {
      EXPECT_EQ(test::number(facts, "open_tickets", row), 0);
    }
  }
}

}  // namespace
}  // namespace clv

// Reports desk_tickets and desk_timeline.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "desk/reports.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

using test::absent;
using test::number;
using test::run_report;
using test::table_of;
using test::text;

std::shared_ptr<const table> events(std::string_view rows) {
  return table_of("ticket,customer,time,kind,agent,channel,automatic,into,minutes,event_id\n" +
                      std::string(rows),
                  "ticket_events");
}

constexpr std::string_view story =
    "T1,eva,2026-03-01T09:00Z,created,,email,,,,e1\n"
    "T1,eva,2026-03-01T09:05Z,assigned,ada,,,,,e2\n"
    "T1,eva,2026-03-01T10:00Z,message_out,ada,email,,,7,e3\n"
    "T2,visitor-7,2026-03-01T11:00Z,created,,chat,,,,e4\n"
    "T2,visitor-7,2026-03-01T11:01Z,merged,ada,,,T1,,e5\n"
    "T2,visitor-7,2026-03-01T12:00Z,message_in,,chat,,,,e6\n"
    "T1,eva,2026-03-01T13:00Z,split,,,,,,e7\n"
    "T1,eva,2026-03-02T09:00Z,resolved,,,1,,,e8\n"
    "T3,max,2026-03-02T10:00Z,created,,phone,,,,e9\n";

constexpr std::string_view links =
    "customer,identity,time,linked\n"
    "eva,visitor-7,2026-03-02T08:00Z,1\n";

std::vector<std::string> column_of(const outcome& o, std::string_view name) {
  std::vector<std::string> all;
  for (std::size_t row = 0; row < o.tables.at("")->rows(); ++row) {
    all.push_back(text(o, name, row));
  }
  return all;
}

TEST(desk_tickets, tells_what_is_known_of_each) {
  const outcome o = run_report(
      desk_tickets_report,
      {{{"ticket_events", events(story)},
        {"identities", table_of(links, "identities")},
        {"scores", table_of("customer,clv_at_risk\neva,120.5\n")},
        {"segments", table_of("customer,scheme,segment\neva,tiers,high\n", "segments")}}});
  EXPECT_EQ(column_of(o, "ticket"), (std::vector<std::string>{"T1", "T2", "T3"}));
  EXPECT_EQ(column_of(o, "customer"), (std::vector<std::string>{"eva", "eva", "max"}));
  EXPECT_EQ(column_of(o, "status"), (std::vector<std::string>{"resolved", "merged", "new"}));
  EXPECT_EQ(number(o, "active", 0), 0);
  EXPECT_EQ(number(o, "active", 2), 1);
  EXPECT_EQ(text(o, "merged_into", 1), "T1");
  EXPECT_EQ(text(o, "replied_by"), "ada");
  EXPECT_EQ(text(o, "resolved_by"), "ada");
  EXPECT_EQ(number(o, "resolved_automatically"), 1);
  EXPECT_TRUE(absent(o, "resolved_automatically", 2)) << "not known is not no";
  EXPECT_EQ(number(o, "messages_in"), 2) << "one came by the merged ticket";
  EXPECT_EQ(number(o, "minutes"), 7);
  EXPECT_TRUE(absent(o, "minutes", 1));
  EXPECT_TRUE(absent(o, "length", 0));
  EXPECT_EQ(number(o, "clv_at_risk"), 120.5);
  EXPECT_EQ(text(o, "tier"), "high");
  EXPECT_TRUE(absent(o, "clv_at_risk", 2));
  const table& refused = *o.tables.at("refused");
  ASSERT_EQ(refused.rows(), 1U);
  EXPECT_EQ(refused.integers("row", type::i64)[0], 7);
  EXPECT_EQ(text(o, "reason", 0, "refused"), "split is not reached from open");
}

TEST(desk_tickets, shows_a_customer_or_what_is_active_only) {
  const report_inputs in{
      {{"ticket_events", events(story)}, {"identities", table_of(links, "identities")}}};
  EXPECT_EQ(column_of(run_report(desk_tickets_report, in, R"({"customer":"visitor-7"})"), "ticket"),
            (std::vector<std::string>{"T1", "T2"}));
  EXPECT_EQ(column_of(run_report(desk_tickets_report, in, R"({"active":true})"), "ticket"),
            (std::vector<std::string>{"T3"}));
  EXPECT_EQ(
      column_of(run_report(desk_tickets_report, in, R"({"as_of":"2026-03-01T10:30Z"})"), "status"),
      (std::vector<std::string>{"open"}));
}

TEST(desk_timeline, is_one_story_over_channels_and_names) {
  const outcome o = run_report(desk_timeline_report,
                               {{{"ticket_events", events(story)},
                                 {"identities", table_of(links, "identities")},
                                 {"feedback",
                                  table_of("customer,time,kind,score,scale,ticket,event_id\n"
                                           "eva,2026-03-02T12:00Z,CSAT,4,5,T1,f1\n"
                                           "eva,2026-03-02T12:00Z,CSAT,4,5,T1,f1\n"
                                           "max,2026-03-02T12:00Z,CSAT,1,5,T3,f2\n",
                                           "feedback")},
                                 {"transactions",
                                  table_of("customer,time,amount,event_id\n"
                                           "visitor-7,2026-03-01T10:30Z,19.90,o1\n"
                                           "max,2026-03-01T10:30Z,5.00,o2\n",
                                           "transactions")}}},
                               R"({"customer":"eva","as_of":"2026-03-03"})");
  EXPECT_EQ(column_of(o, "kind"),
            (std::vector<std::string>{"created",
                                      "assigned",
                                      "message_out",
                                      "transaction",
                                      "created",
                                      "merged",
                                      "message_in",
                                      "split",
                                      "resolved",
                                      "CSAT"}));
  EXPECT_EQ(column_of(o, "channel"),
            (std::vector<std::string>{"email", "", "email", "", "chat", "", "chat", "", "", ""}));
  EXPECT_EQ(column_of(o, "status"),
            (std::vector<std::string>{
                "new", "new", "open", "", "new", "merged", "open", "", "resolved", ""}));
  EXPECT_EQ(text(o, "ticket", 6), "T2");
  EXPECT_EQ(text(o, "counted_at", 6), "T1");
  EXPECT_EQ(text(o, "identity", 6), "visitor-7");
  EXPECT_EQ(text(o, "refused", 7), "split is not reached from open") << "nothing is hidden";
  EXPECT_EQ(number(o, "automatic", 8), 1);
  EXPECT_DOUBLE_EQ(number(o, "amount", 3), 19.90);
  EXPECT_EQ(text(o, "currency", 3), "EUR");
  EXPECT_EQ(number(o, "score", 9), 4);
  EXPECT_EQ(number(o, "row", 3), 1) << "of its own table";
}

TEST(desk_timeline, of_a_ticket_holds_what_counted_there) {
  const report_inputs in{{{"ticket_events", events(story)}}};
  EXPECT_EQ(column_of(run_report(desk_timeline_report, in, R"({"ticket":"T2"})"), "kind"),
            (std::vector<std::string>{"created", "merged", "message_in"}));
  EXPECT_EQ(column_of(run_report(desk_timeline_report, in, R"({"ticket":"T1"})"), "kind"),
            (std::vector<std::string>{
                "created", "assigned", "message_out", "message_in", "split", "resolved"}));
}

TEST(desk_timeline, asks_for_one_customer_or_one_ticket) {
  for (const std::string_view options : {"", R"({"customer":"a","ticket":"b"})"}) {
    try {
      desk_timeline_report.begin({{{"ticket_events", events(story)}}}, options);
      ADD_FAILURE() << options;
    } catch (const error& e) {
      EXPECT_EQ(e.details().code, status::invalid);
      EXPECT_NE(std::string(e.what()).find("'customer' and 'ticket'"), std::string::npos);
    }
  }
}

TEST(desk_timeline, forgets_a_name_that_was_taken_back) {
  const outcome o = run_report(
      desk_timeline_report,
      {{{"ticket_events", events(story)},
        {"identities",
         table_of(std::string(links) + "eva,visitor-7,2026-03-02T09:00Z,0\n", "identities")}}},
      R"({"customer":"eva"})");
  EXPECT_EQ(column_of(o, "ticket"), (std::vector<std::string>{"T1", "T1", "T1", "T2", "T1", "T1"}))
      << "of the other one's events only the message that counted at the own ticket";
}

}  // namespace
}  // namespace clv

// The book that the events of tickets make: sdk/DESK.md, Tickets.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "desk/tickets/ticket.hpp"
#include "support/reports.hpp"

namespace clv::desk {
namespace {

using enum ticket_status;

std::int64_t ticket_book_at(std::string_view text) {
  return *parse_time(text, zone("UTC"));
}

// Rows "ticket,customer,time,kind,agent,channel,automatic,into,minutes,event_id".
constexpr std::string_view header =
    "ticket,customer,time,kind,agent,channel,automatic,into,minutes,event_id\n";

ticket_book book_of(std::string_view rows,
                    const table* identities = nullptr,
                    std::string_view as_of = "2027-01-01") {
  return read_tickets(test::table_of(std::string(header) + std::string(rows), "ticket_events"),
                      identities,
                      ticket_book_at(as_of));
}

std::vector<std::string> reasons(const ticket_book& book) {
  std::vector<std::string> all;
  for (const refused_event& r : book.refused) all.push_back(r.reason);
  return all;
}

TEST(ticket_book, tells_the_story_of_a_ticket) {
  const ticket_book book = book_of(
      "T1,c,2026-03-01T09:00Z,created,,email,,,,e1\n"
      "T1,c,2026-03-01T09:05Z,assigned,ada,,,,,e2\n"
      "T1,c,2026-03-01T09:06Z,message_out,,email,1,,,e3\n"
      "T1,c,2026-03-01T10:00Z,note,ben,,,,3,e4\n"
      "T1,c,2026-03-01T11:00Z,message_out,,email,,,10,e5\n"
      "T1,c,2026-03-01T11:00Z,waiting_customer,ada,,,,,e6\n"
      "T1,c,2026-03-02T08:00Z,message_in,,chat,,,,e7\n"
      "T1,c,2026-03-02T09:00Z,message_out,ben,chat,,,5,e8\n"
      "T1,c,2026-03-02T09:30Z,resolved,,,,,,e9\n");
  ASSERT_EQ(book.tickets.size(), 1U);
  EXPECT_TRUE(book.refused.empty());
  const ticket& t = *book.find("T1");
  EXPECT_EQ(t.id, "T1");
  EXPECT_EQ(t.customer, "c");
  EXPECT_EQ(t.status, resolved);
  EXPECT_EQ(t.created, ticket_book_at("2026-03-01T09:00Z"));
  EXPECT_EQ(t.first_reply, ticket_book_at("2026-03-01T11:00Z"))
      << "an automatic mail and a note are no reply";
  EXPECT_EQ(t.last_reply, ticket_book_at("2026-03-02T09:00Z"));
  EXPECT_EQ(t.last_message_in, ticket_book_at("2026-03-02T08:00Z"));
  EXPECT_EQ(t.resolved, ticket_book_at("2026-03-02T09:30Z"));
  EXPECT_EQ(t.closed, std::nullopt);
  EXPECT_EQ(t.assigned, ticket_book_at("2026-03-01T09:05Z"));
  EXPECT_EQ(t.agent, "ada");
  EXPECT_EQ(t.replied_by, "ben");
  EXPECT_EQ(t.resolved_by, "ada") << "nobody is named: who had it";
  EXPECT_EQ(t.channel, "chat");
  EXPECT_EQ(t.messages_in, 2);
  EXPECT_EQ(t.messages_out, 2);
  EXPECT_EQ(t.resolutions, 1);
  EXPECT_EQ(t.minutes, 18);
  EXPECT_TRUE(t.has_minutes);
  const std::vector<ticket_status> after{
      fresh, fresh, fresh, fresh, open, waiting_customer, open, open, resolved};
  ASSERT_EQ(t.events.size(), after.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(t.events[i].status, after[i]) << i;
}

TEST(ticket_book, who_answered_and_who_resolved_stay_when_the_ticket_moves_on) {
  const ticket_book book = book_of(
      "T,c,2026-03-01T09:00Z,created,,,,,,\n"
      "T,c,2026-03-01T09:01Z,assigned,ada,,,,,\n"
      "T,c,2026-03-01T10:00Z,message_out,,,,,,\n"
      "T,c,2026-03-01T10:01Z,resolved,,,,,,\n"
      "T,c,2026-03-01T11:00Z,unassigned,,,,,,\n"
      "T,c,2026-03-01T12:00Z,assigned,ben,,,,,\n");
  const ticket& t = *book.find("T");
  EXPECT_EQ(t.replied_by, "ada");
  EXPECT_EQ(t.resolved_by, "ada");
  EXPECT_EQ(t.agent, "ben");
  EXPECT_EQ(t.reassigned, 1);
  EXPECT_EQ(t.assigned, ticket_book_at("2026-03-01T12:00Z"));
}

TEST(ticket_book, an_agent_who_gets_it_again_is_no_reassignment) {
  const ticket_book book = book_of(
      "T,c,2026-03-01T09:00Z,created,,,,,,\n"
      "T,c,2026-03-01T09:01Z,assigned,ada,,,,,\n"
      "T,c,2026-03-01T09:02Z,assigned,ada,,,,,\n"
      "T,c,2026-03-01T09:03Z,unassigned,,,,,,\n"
      "T,c,2026-03-01T09:04Z,assigned,ada,,,,,\n");
  EXPECT_EQ(book.find("T")->reassigned, 0);
  EXPECT_EQ(book.find("T")->assigned, ticket_book_at("2026-03-01T09:04Z"));
}

TEST(ticket_book, a_ticket_that_is_closed_without_being_resolved_was_resolved_then) {
  const ticket_book book = book_of(
      "T,c,2026-03-01T09:00Z,created,,,,,,\n"
      "T,c,2026-03-01T10:00Z,closed,ada,,1,,,\n"
      "U,c,2026-03-01T09:00Z,created,,,,,,\n"
      "U,c,2026-03-01T10:00Z,resolved,ada,,,,,\n"
      "U,c,2026-03-01T11:00Z,closed,,,1,,,\n");
  const ticket& t = *book.find("T");
  EXPECT_EQ(t.resolved, ticket_book_at("2026-03-01T10:00Z"));
  EXPECT_EQ(t.resolved_by, "ada");
  EXPECT_TRUE(t.resolved_automatically);
  EXPECT_EQ(t.resolutions, 1);
  const ticket& u = *book.find("U");
  EXPECT_EQ(u.resolved, ticket_book_at("2026-03-01T10:00Z"));
  EXPECT_EQ(u.closed, ticket_book_at("2026-03-01T11:00Z"));
  EXPECT_FALSE(u.resolved_automatically) << "a rule closed what a person had resolved";
  EXPECT_EQ(u.resolutions, 1);
}

TEST(ticket_book, sets_aside_what_cannot_have_happened_and_says_why) {
  const ticket_book book = book_of(
      "T,c,2026-03-01T09:00Z,created,,,,,,\n"
      "T,c,2026-03-01T09:01Z,created,,,,,,\n"
      "T,c,2026-03-01T09:02Z,split,,,,,,\n"
      "T,c,2026-03-01T09:03Z,reopened,,,,,,\n"
      "T,c,2026-03-01T09:04Z,assigned,,,,,,\n"
      "T,c,2026-03-01T10:00Z,closed,,,,,,\n"
      "T,c,2026-03-01T10:01Z,resolved,,,,,,\n"
      "T,c,2026-03-01T10:02Z,merged,,,,T2,,\n"
      "T,c,2026-03-01T10:03Z,merged,,,,T,,\n"
      "T,c,2026-03-01T10:04Z,merged,,,,,,\n"
      "only,c,2026-03-01T10:04Z,split,,,,,,\n");
  const std::vector<std::string> expected{
      "created a second time",
      "split is not reached from new",
      "reopened is not reached from new",
      "assigned names no agent: column 'agent' is empty",
      "resolved is not reached from closed",
      "merged into 'T2', of which nothing had happened by then",
      "a ticket cannot be merged into itself",
      "merged names no ticket that goes on: column 'into' is empty",
      "split is not reached from new"};
  EXPECT_EQ(reasons(book), expected);
  EXPECT_EQ(book.refused[0].row, 1U);
  EXPECT_EQ(book.refused[0].ticket, "T");
  EXPECT_EQ(book.find("T")->status, closed);
  EXPECT_EQ(book.find("T")->events.size(), 2U);
  EXPECT_EQ(book.find("only"), nullptr) << "nothing is known of it but a refused event";
}

TEST(ticket_book, what_reaches_a_merged_ticket_counts_where_it_was_merged_into) {
  const ticket_book book = book_of(
      "A,c,2026-03-01T09:00Z,created,,chat,,,,\n"
      "B,c,2026-03-01T09:10Z,created,,email,,,,\n"
      "B,c,2026-03-01T09:20Z,resolved,ada,,,,,\n"
      "A,c,2026-03-01T10:00Z,merged,,,,B,,\n"
      "A,c,2026-03-01T11:00Z,message_in,,chat,,,,\n"
      "A,c,2026-03-01T12:00Z,message_out,ben,chat,,,4,\n"
      "A,c,2026-03-01T12:01Z,resolved,,,,,,\n"
      "A,c,2026-03-01T12:02Z,changed,,sms,,,,\n");
  const ticket& a = *book.find("A");
  const ticket& b = *book.find("B");
  EXPECT_EQ(a.status, merged);
  EXPECT_EQ(a.merged_into, "B");
  EXPECT_EQ(a.messages_in, 1);
  EXPECT_EQ(a.events.size(), 2U);
  EXPECT_EQ(b.status, reopened) << "the customer is back";
  EXPECT_EQ(b.reopened, 1);
  EXPECT_EQ(b.messages_in, 2);
  EXPECT_EQ(b.replied_by, "ben");
  EXPECT_EQ(b.minutes, 4);
  EXPECT_EQ(b.channel, "email") << "words of the other ticket stay with it";
  EXPECT_EQ(b.events.back().row, 5U);
  EXPECT_EQ(reasons(book),
            (std::vector<std::string>{"resolved is not reached from merged",
                                      "changed does nothing to a merged ticket: 'B' goes on"}));
}

TEST(ticket_book, a_split_takes_the_merge_back) {
  const ticket_book book = book_of(
      "A,c,2026-03-01T09:00Z,created,,,,,,\n"
      "A,c,2026-03-01T09:05Z,pending,,,,,,\n"
      "B,c,2026-03-01T09:10Z,created,,,,,,\n"
      "A,c,2026-03-01T10:00Z,merged,,,,B,,\n"
      "A,c,2026-03-01T10:30Z,message_in,,,,,,\n"
      "A,c,2026-03-01T11:00Z,split,,,,,,\n"
      "A,c,2026-03-01T12:00Z,message_in,,,,,,\n");
  const ticket& a = *book.find("A");
  EXPECT_TRUE(book.refused.empty());
  EXPECT_EQ(a.events[3].status, pending) << "as before the merge";
  EXPECT_EQ(a.status, open) << "and the next message is its own again";
  EXPECT_EQ(a.merged_into, "");
  EXPECT_EQ(a.messages_in, 2);
  EXPECT_EQ(book.find("B")->messages_in, 2) << "what came in between stays where it was answered";
}

TEST(ticket_book, a_split_of_a_resolved_ticket_is_no_second_resolution) {
  const ticket_book book = book_of(
      "A,c,2026-03-01T09:00Z,created,,,,,,\n"
      "B,c,2026-03-01T09:00Z,created,,,,,,\n"
      "A,c,2026-03-01T09:05Z,resolved,ada,,,,,\n"
      "A,c,2026-03-01T10:00Z,merged,,,,B,,\n"
      "A,c,2026-03-01T11:00Z,split,ben,,,,,\n");
  EXPECT_EQ(book.find("A")->resolutions, 1);
  EXPECT_EQ(book.find("A")->resolved_by, "ada");
  EXPECT_EQ(book.find("A")->resolved, ticket_book_at("2026-03-01T09:05Z"));
}

TEST(ticket_book, a_chain_of_merges_is_followed_and_a_circle_is_refused) {
  const ticket_book book = book_of(
      "A,c,2026-03-01T09:00Z,created,,,,,,\n"
      "B,c,2026-03-01T09:00Z,created,,,,,,\n"
      "C,c,2026-03-01T09:00Z,created,,,,,,\n"
      "A,c,2026-03-01T10:00Z,merged,,,,B,,\n"
      "B,c,2026-03-01T10:01Z,merged,,,,C,,\n"
      "C,c,2026-03-01T10:02Z,merged,,,,A,,\n"
      "A,c,2026-03-01T10:03Z,merged,,,,B,,\n"
      "A,c,2026-03-01T10:04Z,merged,,,,C,,\n"
      "A,c,2026-03-01T11:00Z,message_in,,,,,,\n");
  EXPECT_EQ(reasons(book),
            (std::vector<std::string>{"'A' is itself merged into this ticket",
                                      "merged is not reached from merged: it is merged into 'B'"}));
  EXPECT_EQ(book.find("C")->messages_in, 2);
  EXPECT_EQ(book.find("C")->status, fresh);
}

// zammad#904: a merged ticket escalated. Its state is one in which no clock runs.
TEST(ticket_book, a_merged_ticket_waits_for_nothing) {
  const ticket_book book = book_of(
      "A,c,2026-03-01T09:00Z,created,,,,,,\n"
      "B,c,2026-03-01T09:00Z,created,,,,,,\n"
      "A,c,2026-03-01T10:00Z,merged,,,,B,,\n"
      "A,c,2026-03-01T11:00Z,message_in,,,,,,\n");
  EXPECT_FALSE(is_active(book.find("A")->status));
  EXPECT_EQ(book.find("A")->last_message_in, ticket_book_at("2026-03-01T09:00Z"));
  EXPECT_EQ(book.find("B")->last_message_in, ticket_book_at("2026-03-01T11:00Z"));
}

// zammad#188: tickets reopened again and again, and more than one state that waits.
TEST(ticket_book, a_ticket_reopens_twice_and_waits_in_any_state) {
  const ticket_book book = book_of(
      "T,c,2026-03-01T09:00Z,created,,,,,,\n"
      "T,c,2026-03-01T10:00Z,pending,,,,,,\n"
      "T,c,2026-03-01T11:00Z,closed,,,,,,\n"
      "T,c,2026-03-02T09:00Z,reopened,,,,,,\n"
      "T,c,2026-03-02T10:00Z,waiting_customer,,,,,,\n"
      "T,c,2026-03-02T11:00Z,resolved,,,,,,\n"
      "T,c,2026-03-03T09:00Z,message_in,,,,,,\n"
      "T,c,2026-03-03T10:00Z,pending,,,,,,\n");
  const ticket& t = *book.find("T");
  EXPECT_TRUE(book.refused.empty());
  EXPECT_EQ(t.reopened, 2);
  EXPECT_EQ(t.resolutions, 2);
  EXPECT_EQ(t.status, pending);
  EXPECT_EQ(t.resolved, ticket_book_at("2026-03-02T11:00Z"))
      << "the last one, though it did not stand";
}

// zammad#1322: the customer's answer as a note on the web portal started nothing.
TEST(ticket_book, a_message_of_the_customer_reopens_on_any_channel) {
  for (const std::string channel : {"phone", "email", "chat", "web", ""}) {
    const ticket_book book = book_of(
        "T,c,2026-03-01T09:00Z,created,,email,,,,\n"
        "T,c,2026-03-01T10:00Z,message_out,ada,email,,,,\n"
        "T,c,2026-03-01T10:01Z,resolved,ada,,,,,\n"
        "T,c,2026-03-02T10:00Z,message_in,," +
        channel + ",,,,\n");
    EXPECT_EQ(book.find("T")->status, reopened) << channel;
    EXPECT_EQ(book.find("T")->last_message_in, ticket_book_at("2026-03-02T10:00Z")) << channel;
  }
}

// zammad#1620: what the customer can see is a reply, whoever wrote it on whatever channel.
TEST(ticket_book, a_reply_is_what_the_customer_can_see) {
  const ticket_book book = book_of(
      "T,c,2026-03-01T09:00Z,created,,email,,,,\n"
      "T,c,2026-03-01T09:30Z,note,ada,web,,,,\n"
      "T,c,2026-03-01T10:00Z,message_out,ada,web,,,,\n");
  EXPECT_EQ(book.find("T")->first_reply, ticket_book_at("2026-03-01T10:00Z"));
  EXPECT_EQ(book.find("T")->status, open);
}

TEST(ticket_book, an_out_of_office_answer_changes_nothing) {
  const ticket_book book = book_of(
      "T,c,2026-03-01T09:00Z,created,,,,,,\n"
      "T,c,2026-03-01T10:00Z,resolved,,,,,,\n"
      "T,c,2026-03-01T10:01Z,message_in,,,1,,,\n");
  EXPECT_EQ(book.find("T")->status, resolved);
  EXPECT_EQ(book.find("T")->messages_in, 1);
  EXPECT_EQ(book.find("T")->last_message_in, ticket_book_at("2026-03-01T09:00Z"));
}

TEST(ticket_book, what_is_later_than_now_has_not_happened) {
  const std::string_view rows =
      "T,c,2026-03-01T09:00Z,created,,,,,,\n"
      "T,c,2026-03-01T10:00Z,resolved,,,,,,\n"
      "U,c,2026-03-01T11:00Z,created,,,,,,\n";
  EXPECT_EQ(book_of(rows, nullptr, "2026-03-01T10:00Z").find("T")->status, resolved);
  EXPECT_EQ(book_of(rows, nullptr, "2026-03-01T10:00Z").find("U"), nullptr);
  EXPECT_EQ(book_of(rows, nullptr, "2026-03-01T09:59Z").find("T")->status, fresh);
  EXPECT_TRUE(book_of(rows, nullptr, "2026-03-01T08:59Z").tickets.empty());
}

TEST(ticket_book, a_late_event_counts_at_its_own_time) {
  const std::string early =
      "T,c,2026-03-01T09:00Z,created,,,,,,\n"
      "T,c,2026-03-01T11:00Z,message_out,ben,,,,,\n";
  EXPECT_EQ(book_of(early).find("T")->first_reply, ticket_book_at("2026-03-01T11:00Z"));
  const ticket_book late = book_of(early + "T,c,2026-03-01T10:00Z,message_out,ada,,,,,\n");
  EXPECT_EQ(late.find("T")->first_reply, ticket_book_at("2026-03-01T10:00Z"));
  EXPECT_EQ(late.find("T")->replied_by, "ben") << "still the last answer";
}

TEST(ticket_book, events_of_one_instant_count_in_the_order_of_their_kinds) {
  const ticket_book book = book_of(
      "T,c,2026-03-01T09:00Z,resolved,,,,,,\n"
      "T,c,2026-03-01T09:00Z,assigned,ada,,,,,\n"
      "T,c,2026-03-01T09:00Z,created,,,,,,\n");
  EXPECT_TRUE(book.refused.empty());
  EXPECT_EQ(book.find("T")->status, resolved);
  EXPECT_EQ(book.find("T")->resolved_by, "ada");
}

TEST(ticket_book, the_same_event_twice_counts_once_and_another_under_its_id_is_refused) {
  const ticket_book book = book_of(
      "T,c,2026-03-01T09:00Z,created,,,,,,e1\n"
      "T,c,2026-03-01T10:00Z,worked,,,,,5,e2\n"
      "T,c,2026-03-01T10:00Z,worked,,,,,5,e2\n"
      "T,c,2026-03-01T11:00Z,worked,,,,,7,e2\n"
      "T,c,2026-03-01T12:00Z,worked,,,,,1,\n"
      "T,c,2026-03-01T12:00Z,worked,,,,,1,\n");
  EXPECT_EQ(book.find("T")->minutes, 5 + 1 + 1) << "rows without an id are events each";
  ASSERT_EQ(book.refused.size(), 1U);
  EXPECT_EQ(book.refused[0].row, 3U);
  EXPECT_EQ(book.refused[0].reason,
            "event_id 'e2' is already that of 'worked' of ticket 'T' at 2026-03-01T10:00:00Z");
}

TEST(ticket_book, the_customer_is_that_of_the_creation_unless_the_ticket_changes_hands) {
  const ticket_book book = book_of(
      "T,c,2026-03-01T09:00Z,created,,,,,,\n"
      "T,colleague,2026-03-01T10:00Z,message_in,,,,,,\n"
      "U,c,2026-03-01T09:00Z,created,,,,,,\n"
      "U,other,2026-03-01T10:00Z,changed,,,,,,\n");
  EXPECT_EQ(book.find("T")->customer, "c");
  EXPECT_EQ(book.find("U")->customer, "other");
}

TEST(ticket_book, the_last_word_given_is_the_one_that_holds) {
  const auto rows = test::table_of(
      "ticket,customer,time,kind,category,severity,team,language,skill,subject,length,outage\n"
      "T,c,2026-03-01T09:00Z,created,billing,low,first,en,invoices,Wrong bill,120,1\n"
      "T,c,2026-03-01T09:30Z,message_in,,,,,,,80,\n"
      "T,c,2026-03-01T10:00Z,changed,,high,second,,,,,0\n",
      "ticket_events");
  const ticket_book book = read_tickets(rows, nullptr, ticket_book_at("2027-01-01"));
  const ticket& t = *book.find("T");
  EXPECT_EQ(t.category, "billing");
  EXPECT_EQ(t.severity, "high");
  EXPECT_EQ(t.team, "second");
  EXPECT_EQ(t.language, "en");
  EXPECT_EQ(t.skill, "invoices");
  EXPECT_EQ(t.subject, "Wrong bill");
  EXPECT_EQ(t.length, 120) << "of the first message";
  EXPECT_FALSE(t.outage);
}

std::string ticket_book_complaint(std::string_view rows) {
  try {
    book_of(rows);
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::data);
    return e.what();
  }
  return "";
}

TEST(ticket_book, names_row_column_and_value_of_what_no_log_can_hold) {
  EXPECT_EQ(ticket_book_complaint(
                "T,c,2026-03-01T09:00Z,created,,,,,,\nT,c,2026-03-01T09:00Z,solved,,,,,,\n"),
            "row 2, column 'kind': 'solved' is no kind of event");
  EXPECT_EQ(ticket_book_complaint("T,c,2026-03-01T09:00Z,created,,,,,-3,\n"),
            "row 1, column 'minutes': -3 is out of range");
  EXPECT_EQ(ticket_book_complaint("T,c,2026-03-01T09:00Z,created,,,,,1e16,\n"),
            "row 1, column 'minutes': 1e+16 is out of range");
  EXPECT_EQ(ticket_book_complaint("T,c,2026-03-01T09:00Z,created,,,2,,,\n"),
            "row 1, column 'automatic': 2 is neither 1 nor 0");
}

// A host's own columns may hold what the CSV reader would have refused.
TEST(ticket_book, names_row_and_column_of_what_is_empty) {
  for (const std::string_view missing : {"ticket", "customer", "time", "kind"}) {
    auto rows = std::make_shared<table>();
    for (const std::string_view name : {"ticket", "customer", "kind"}) {
      column& c = rows->add(std::string(name), type::utf8);
      c.push(std::string_view("created"));
      name == missing ? c.push(std::string_view()) : c.push(std::string_view("created"));
    }
    column& time = rows->add("time", type::time, "us");
    time.push(ticket_book_at("2026-03-01"));
    missing == "time" ? time.push_absent() : time.push(ticket_book_at("2026-03-01"));
    try {
      read_tickets(rows, nullptr, ticket_book_at("2027-01-01"));
      ADD_FAILURE() << missing;
    } catch (const error& e) {
      EXPECT_EQ(std::string(e.what()), "row 2, column '" + std::string(missing) + "': is empty");
    }
  }
}

TEST(ticket_book, an_empty_log_is_an_empty_book) {
  const ticket_book book = book_of("");
  EXPECT_TRUE(book.tickets.empty());
  EXPECT_TRUE(book.refused.empty());
}

}  // namespace
}  // namespace clv::desk

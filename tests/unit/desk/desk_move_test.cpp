// Report desk_move: what is asked of tickets now.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "clv/schema.hpp"
#include "clv/time.hpp"
#include "desk/reports.hpp"
#include "desk/tickets/ticket.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

using test::number;
using test::run_report;
using test::text;

constexpr std::string_view header = "ticket,customer,time,kind,agent,into,event_id\n";

std::shared_ptr<const table> rows(std::string_view lines) {
  return test::table_of(std::string(header) + std::string(lines), "ticket_events");
}

outcome ask(std::string_view log, std::string_view moves, std::string_view options = "") {
  return run_report(
      desk_move_report, {{{"ticket_events", rows(log)}, {"moves", rows(moves)}}}, options);
}

std::string reason(const outcome& o, std::size_t row = 0) {
  EXPECT_EQ(number(o, "accepted", row), 0) << row;
  return text(o, "reason", row);
}

std::size_t recorded(const outcome& o) {
  return o.tables.at("events")->rows();
}

constexpr std::string_view open_ticket =
    "T,c,2026-03-01T09:00Z,created,,,e1\n"
    "T,c,2026-03-01T10:00Z,message_out,ada,,e2\n";

TEST(desk_move, records_what_is_allowed_and_says_where_it_leads) {
  const outcome o = ask(open_ticket,
                        "T,c,2026-03-01T11:00Z,waiting_customer,ada,,m1\n"
                        "T,c,2026-03-01T12:00Z,message_in,,,m2\n"
                        "T,c,2026-03-01T13:00Z,resolved,ada,,m3\n");
  EXPECT_EQ(text(o, "status", 0), "waiting_customer");
  EXPECT_EQ(text(o, "status", 1), "open");
  EXPECT_EQ(text(o, "status", 2), "resolved");
  EXPECT_EQ(recorded(o), 3U);
  EXPECT_EQ(text(o, "event_id", 2, "events"), "m3");
  EXPECT_EQ(text(o, "agent", 0, "events"), "ada");
  const auto& fields = find_schema("ticket_events").fields;
  ASSERT_EQ(o.tables.at("events")->columns().size(), fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    EXPECT_EQ(o.tables.at("events")->columns()[i].name(), fields[i].name);
    EXPECT_EQ(o.tables.at("events")->columns()[i].kind(), fields[i].kind);
  }
}

TEST(desk_move, refuses_what_the_table_of_moves_does_not_have) {
  const outcome o = ask(open_ticket,
                        "T,c,2026-03-01T11:00Z,reopened,ada,,\n"
                        "T,c,2026-03-01T12:00Z,closed,ada,,\n"
                        "T,c,2026-03-01T13:00Z,pending,ada,,\n");
  EXPECT_EQ(reason(o, 0), "reopened is not reached from open");
  EXPECT_EQ(number(o, "accepted", 1), 1);
  EXPECT_EQ(reason(o, 2), "pending is not reached from closed");
  EXPECT_EQ(text(o, "status", 2), "closed") << "where it stays";
  EXPECT_EQ(recorded(o), 1U);
}

TEST(desk_move, refuses_a_ticket_that_nobody_has_created) {
  const outcome o = ask(open_ticket,
                        "X,c,2026-03-01T11:00Z,resolved,ada,,\n"
                        "Y,c,2026-03-01T11:00Z,note,ada,,\n"
                        "Y,c,2026-03-01T12:00Z,created,,,\n"
                        "Y,c,2026-03-01T12:00Z,assigned,ada,,\n");
  EXPECT_EQ(reason(o, 0), "ticket 'X' is not known: create it first");
  EXPECT_EQ(reason(o, 1), "ticket 'Y' is created only at 2026-03-01T12:00:00Z");
  EXPECT_EQ(text(o, "status", 2), "new");
  EXPECT_EQ(number(o, "accepted", 3), 1);
}

TEST(desk_move, creates_the_first_tickets_without_a_log) {
  const outcome o = run_report(desk_move_report,
                               {{{"moves",
                                  rows("T,c,2026-03-01T11:00Z,created,,,m1\n"
                                       "U,c,2026-03-01T11:00Z,resolved,ada,,m2\n")}}},
                               "");
  EXPECT_EQ(number(o, "accepted", 0), 1);
  EXPECT_EQ(reason(o, 1), "ticket 'U' is not known: create it first");
  EXPECT_EQ(recorded(o), 1U);
}

TEST(desk_move, refuses_what_counts_before_the_last_event) {
  const outcome o = ask(open_ticket,
                        "T,c,2026-03-01T09:30Z,message_out,ben,,\n"
                        "T,c,2026-03-01T10:00Z,message_in,,,\n"
                        "T,c,2026-03-01T10:00Z,resolved,,,\n");
  EXPECT_EQ(reason(o, 0),
            "it counts before the last event of the ticket, message_out at 2026-03-01T10:00:00Z: "
            "record it as a late event if it happened then");
  EXPECT_EQ(number(o, "accepted", 1), 0) << "of one instant a message of the customer is first";
  EXPECT_EQ(number(o, "accepted", 2), 1);
}

TEST(desk_move, looks_at_the_ticket_where_it_counts) {
  const std::string log = std::string(open_ticket) +
                          "U,d,2026-03-01T10:00Z,created,,,u1\n"
                          "U,d,2026-03-01T10:30Z,merged,,T,u2\n"
                          "T,c,2026-03-01T11:00Z,resolved,ada,,e3\n";
  const outcome o = ask(log,
                        "U,d,2026-03-01T10:45Z,message_in,,,\n"
                        "U,d,2026-03-01T12:00Z,message_in,,,\n"
                        "U,d,2026-03-01T13:00Z,closed,,,\n");
  EXPECT_EQ(number(o, "accepted", 0), 0);
  EXPECT_EQ(text(o, "counted_at", 1), "T");
  EXPECT_EQ(text(o, "status", 1), "reopened");
  EXPECT_EQ(reason(o, 2), "closed is not reached from merged");
}

TEST(desk_move, merges_into_what_is_there_and_never_in_a_circle) {
  const std::string log = std::string(open_ticket) +
                          "U,d,2026-03-01T10:00Z,created,,,u1\n"
                          "V,d,2026-03-01T10:00Z,created,,,v1\n"
                          "U,d,2026-03-01T10:30Z,merged,,T,u2\n";
  const outcome o = ask(log,
                        "T,c,2026-03-01T11:00Z,merged,,U,\n"
                        "T,c,2026-03-01T11:00Z,merged,,nowhere,\n"
                        "T,c,2026-03-01T11:30Z,merged,,V,\n"
                        "U,d,2026-03-01T12:00Z,message_in,,,\n");
  EXPECT_EQ(reason(o, 0), "'U' is itself merged into this ticket");
  EXPECT_EQ(reason(o, 1), "merged into 'nowhere', of which nothing had happened by then");
  EXPECT_EQ(text(o, "status", 2), "merged");
  EXPECT_EQ(text(o, "counted_at", 3), "V") << "along the chain";
}

TEST(desk_move, merges_into_nothing_that_has_gone_on_since) {
  const std::string log = std::string(open_ticket) +
                          "U,d,2026-03-01T09:00Z,created,,,u1\n"
                          "U,d,2026-03-01T12:00Z,merged,,T,u2\n";
  EXPECT_EQ(
      reason(ask(log, "T,c,2026-03-01T11:00Z,merged,,U,\n")),
      "it counts before the last event of 'U', merged at 2026-03-01T12:00:00Z: record it as a "
      "late event if it happened then")
      << "or U would have been merged into a ticket that was merged into U";
}

TEST(desk_move, says_the_same_twice_and_records_it_once) {
  const std::string moves =
      "T,c,2026-03-01T11:00Z,resolved,ada,,\n"
      "T,c,2026-03-01T11:00Z,resolved,ada,,\n";
  const outcome first = ask(open_ticket, moves);
  EXPECT_EQ(recorded(first), 1U);
  EXPECT_EQ(number(first, "accepted", 1), 1);
  EXPECT_EQ(text(first, "reason", 1), "it is asked for twice, first in row 1");
  const std::string id = text(first, "event_id", 0);
  EXPECT_EQ(id, text(ask(open_ticket, moves), "event_id", 0));
  EXPECT_EQ(id.substr(0, 5), "move:");
  const outcome again = ask(std::string(open_ticket) + "T,c,2026-03-01T11:00Z,resolved,ada,," + id +
                                "\n" + "T,c,2026-03-01T15:00Z,note,ada,,e9\n",
                            moves);
  EXPECT_EQ(recorded(again), 0U);
  EXPECT_EQ(number(again, "accepted", 0), 1) << "it has its effect already, whatever came later";
  EXPECT_EQ(text(again, "reason", 0), "it is recorded already");
  EXPECT_EQ(text(again, "status", 0), "resolved");
}

TEST(desk_move, different_moves_have_different_names) {
  const outcome o = ask(open_ticket,
                        "T,c,2026-03-01T11:00Z,note,ada,,\n"
                        "T,c,2026-03-01T11:00Z,note,ben,,\n"
                        "T,c,2026-03-01T11:01Z,note,ada,,\n"
                        "T,c,2026-03-01T11:00Z,worked,ada,,\n");
  EXPECT_EQ(recorded(o), 4U);
  for (std::size_t a = 0; a < 4; ++a) {
    for (std::size_t b = 0; b < a; ++b) EXPECT_NE(text(o, "event_id", a), text(o, "event_id", b));
  }
}

TEST(desk_move, an_event_id_is_of_one_event) {
  const outcome o = ask(open_ticket,
                        "T,c,2026-03-01T11:00Z,resolved,ada,,e2\n"
                        "T,c,2026-03-01T11:00Z,note,ada,,n1\n"
                        "T,c,2026-03-01T11:00Z,note,ben,,n1\n");
  EXPECT_EQ(reason(o, 0), "event_id 'e2' is already that of another event");
  EXPECT_EQ(reason(o, 2), "event_id 'n1' is already that of row 2");
  EXPECT_EQ(recorded(o), 1U);
}

TEST(desk_move, refuses_what_is_later_than_now) {
  const std::string move = "T,c,2026-03-01T11:00Z,resolved,ada,,\n";
  EXPECT_EQ(reason(ask(open_ticket, move, R"({"as_of":"2026-03-01T10:59Z"})")),
            "it is later than now, 2026-03-01T10:59:00Z");
  EXPECT_EQ(recorded(ask(open_ticket, move, R"({"as_of":"2026-03-01T11:00Z"})")), 1U);
}

TEST(desk_move, names_row_column_and_value_of_a_kind_that_is_none) {
  try {
    ask(open_ticket, "T,c,2026-03-01T11:00Z,solved,ada,,\n");
    ADD_FAILURE();
  } catch (const error& e) {
    EXPECT_EQ(std::string(e.what()), "row 1, column 'kind': 'solved' is no kind of event");
  }
}

// What is accepted never makes anything illegal, whatever is asked in whatever order.
TEST(desk_move, what_is_recorded_is_never_set_aside) {
  std::string log(open_ticket);
  log += "U,d,2026-03-01T10:00Z,created,,,u1\n";
  std::uint64_t state = 42;
  const auto below = [&](std::uint64_t n) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>((state >> 33U) % n);
  };
  for (int round = 0; round < 30; ++round) {
    std::string moves;
    for (int i = 0; i < 6; ++i) {
      moves += std::string(below(2) == 0 ? "T,c," : "U,d,") + "2026-03-02T" +
               std::to_string(10 + below(12)) + ":00Z," +
               std::string(desk::event_names[below(desk::event_names.size())]) + ",ada," +
               (below(2) == 0 ? "T" : "U") + ",\n";
    }
    const outcome o = ask(log, moves);
    const table& added = *o.tables.at("events");
    for (std::size_t row = 0; row < added.rows(); ++row) {
      log += text(o, "ticket", row, "events") + "," + text(o, "customer", row, "events") + "," +
             format_time(added.integers("time", type::time)[row]) + "," +
             text(o, "kind", row, "events") + "," + text(o, "agent", row, "events") + "," +
             text(o, "into", row, "events") + "," + text(o, "event_id", row, "events") + "\n";
    }
    const auto book = desk::read_tickets(rows(log), nullptr, end_of_time);
    EXPECT_TRUE(book.refused.empty()) << book.refused.front().reason;
  }
}

}  // namespace
}  // namespace clv

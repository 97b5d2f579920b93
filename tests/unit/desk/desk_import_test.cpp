// Report desk_import: other systems' tables.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "clv/error.hpp"
#include "clv/schema.hpp"
#include "desk/reports.hpp"
#include "desk/tickets/import_time.hpp"
#include "desk/tickets/ticket.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

using desk::date_order;
using test::number;
using test::run_report;
using test::text;

std::string instant(std::string_view written, date_order order, const char* where = "UTC") {
  const auto at = desk::parse_import_time(written, order, zone(where));
  return at ? format_time(*at) : "none";
}

TEST(import_time, reads_dates_in_the_order_that_is_said) {
  EXPECT_EQ(instant("2023-06-01 7:29", date_order::ymd), "2023-06-01T07:29:00Z");
  EXPECT_EQ(instant("29-02-2016 01:16", date_order::dmy), "2016-02-29T01:16:00Z");
  EXPECT_EQ(instant("2/9/2016 1:16:05", date_order::mdy), "2016-02-09T01:16:05Z");
  EXPECT_EQ(instant("2/9/2016 1:16:05", date_order::dmy), "2016-09-02T01:16:05Z");
  EXPECT_EQ(instant("1.6.2023", date_order::dmy), "2023-06-01T00:00:00Z");
  EXPECT_EQ(instant("2023-06-01T07:29:00+02:00", date_order::dmy), "2023-06-01T05:29:00Z");
  EXPECT_EQ(instant("01-07-2023 12:00", date_order::dmy, "Europe/Berlin"), "2023-07-01T10:00:00Z");
}

TEST(import_time, takes_nothing_else_for_an_instant) {
  for (const char* none : {"29-02-2017 01:16",
                           "31-13-2016 01:16",
                           "29-02-2016 25:00",
                           "29-02-16 01:16",
                           "29-02/2016",
                           "29-02-2016 :16",
                           "5",
                           "3 days",
                           ""}) {
    EXPECT_EQ(instant(none, date_order::dmy), "none") << none;
  }
}

outcome import(std::string_view csv, std::string_view options = "") {
  return run_report(desk_import_report, {{{"rows", test::table_of(csv)}}}, options);
}

// "row ticket column value: reason", with '+' where the row was kept.
std::vector<std::string> rejects(const outcome& o) {
  std::vector<std::string> all;
  for (std::size_t row = 0; row < o.tables.at("rejects")->rows(); ++row) {
    all.push_back(std::to_string(static_cast<int>(number(o, "row", row, "rejects"))) + " " +
                  text(o, "ticket", row, "rejects") + " " + text(o, "column", row, "rejects") +
                  " " + text(o, "value", row, "rejects") + ": " +
                  text(o, "reason", row, "rejects") +
                  (number(o, "kept", row, "rejects") == 1 ? " +" : ""));
  }
  return all;
}

std::vector<std::string> kinds(const outcome& o) {
  std::vector<std::string> all;
  const table& events = *o.tables.at("events");
  for (std::size_t row = 0; row < events.rows(); ++row) {
    all.push_back(format_time(events.integers("time", type::time)[row]) + " " +
                  text(o, "kind", row, "events"));
  }
  return all;
}

void desk_import_expect_nothing_lost(const outcome& o) {
  EXPECT_EQ(number(o, "accepted") + number(o, "rejected"), number(o, "rows"));
  EXPECT_EQ(number(o, "events"), static_cast<double>(o.tables.at("events")->rows()));
  EXPECT_EQ(number(o, "feedback"), static_cast<double>(o.tables.at("feedback")->rows()));
  EXPECT_EQ(number(o, "findings"), static_cast<double>(o.tables.at("rejects")->rows()));
  std::set<double> lost;
  for (std::size_t row = 0; row < o.tables.at("rejects")->rows(); ++row) {
    if (number(o, "kept", row, "rejects") == 0) lost.insert(number(o, "row", row, "rejects"));
  }
  EXPECT_EQ(static_cast<double>(lost.size()), number(o, "rejected")) << "each with its reason";
}

// What is imported can be recorded and folded: no event is set aside.
desk::ticket_book desk_import_book_of(const outcome& o) {
  const auto book = desk::read_tickets(o.tables.at("events"), nullptr, end_of_time);
  for (std::size_t i = 0; i < std::min<std::size_t>(book.refused.size(), 5); ++i) {
    ADD_FAILURE() << book.refused[i].ticket << ": " << book.refused[i].reason;
  }
  return book;
}

TEST(desk_import, a_row_per_ticket_becomes_its_events) {
  const outcome o = import(
      "Ticket ID,Requester,Created At,first_response_at,solved_at,Priority,Source,assignee,CSAT,"
      "subject,length,agent_minutes,group\n"
      "7,eva@example.org,2026-03-01 9:00,2026-03-01 10:00,2026-03-02 11:30,High,Email,ada,4,"
      "Where is it?,120,12,orders\n"
      "8,max@example.org,2026-03-01 9:30,,,Low,Chat,,,,,,\n");
  EXPECT_EQ(kinds(o),
            (std::vector<std::string>{"2026-03-01T09:00:00Z created",
                                      "2026-03-01T09:00:00Z assigned",
                                      "2026-03-01T10:00:00Z message_out",
                                      "2026-03-02T11:30:00Z resolved",
                                      "2026-03-02T11:30:00Z worked",
                                      "2026-03-01T09:30:00Z created"}));
  desk_import_expect_nothing_lost(o);
  const auto book = desk_import_book_of(o);
  const desk::ticket& t = *book.find("7");
  EXPECT_EQ(t.customer, "eva@example.org");
  EXPECT_EQ(t.severity, "high");
  EXPECT_EQ(t.channel, "email");
  EXPECT_EQ(t.team, "orders");
  EXPECT_EQ(t.agent, "ada");
  EXPECT_EQ(t.resolved_by, "ada");
  EXPECT_EQ(t.subject, "Where is it?");
  EXPECT_EQ(t.length, 120);
  EXPECT_EQ(t.minutes, 12);
  EXPECT_EQ(book.find("8")->status, desk::ticket_status::fresh);
  EXPECT_EQ(text(o, "event_id", 3, "events"), "import:7:resolved");
  EXPECT_EQ(text(o, "kind", 0, "feedback"), "CSAT");
  EXPECT_EQ(number(o, "score", 0, "feedback"), 4);
  EXPECT_EQ(text(o, "agent", 0, "feedback"), "ada");
  EXPECT_EQ(text(o, "event_id", 0, "feedback"), "import:7:answer");
  EXPECT_EQ(o.tables.at("feedback")->integers("time", type::time)[0],
            o.tables.at("events")->integers("time", type::time)[3]);
}

TEST(desk_import, its_records_have_the_columns_of_their_schemas) {
  const outcome o = import("ticket,customer,created\n1,c,2026-03-01\n");
  for (const auto& [name, schema] :
       {std::pair{"events", "ticket_events"}, std::pair{"feedback", "feedback"}}) {
    const auto& fields = find_schema(schema).fields;
    const table& made = *o.tables.at(name);
    ASSERT_EQ(made.columns().size(), fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      EXPECT_EQ(made.columns()[i].name(), fields[i].name);
      EXPECT_EQ(made.columns()[i].kind(), fields[i].kind);
    }
  }
}

TEST(desk_import, lists_what_cannot_have_happened) {
  const outcome o = import(
      "ticket,customer,created,first_response,resolved,closed,satisfaction\n"
      "1,c,2026-03-02,2026-03-01,,,\n"
      "2,c,2026-03-01,2026-03-03,2026-03-02,,5\n"
      "3,c,2026-03-01,,2026-03-03,2026-03-02,\n"
      "4,c,soon,,,,\n"
      "5,c,2026-03-01,,,,\n"
      "5,c,2026-03-01,,,,\n"
      ",c,2026-03-01,,,,\n"
      "7,,2026-03-01,,,,\n"
      "8,c,?,,2026-03-03,,\n"
      "9,c,2026-03-01,,2026-03-03,,11\n"
      "10,c,2026-03-01,,,,3\n");
  EXPECT_EQ(
      rejects(o),
      (std::vector<std::string>{
          "1 1 first_response 2026-03-01: it is earlier than the creation, 2026-03-02T00:00:00Z",
          "2 2 resolved 2026-03-02: it is earlier than the first response, 2026-03-03T00:00:00Z",
          "3 3 closed 2026-03-02: it is earlier than the resolution, 2026-03-03T00:00:00Z",
          "4 4 created soon: it is no instant in the order of option 'time_format'",
          "6 5 ticket 5: it is already in row 5",
          "7  ticket : it is missing",
          "8 7 customer : it is missing",
          "9 8 created ?: it is missing, and option 'created_missing' is refuse",
          "10 9 satisfaction 11: it is outside the scale of option 'satisfaction_scale' +",
          "11 10 satisfaction 3: the ticket has no end at which it could be given +"}));
  desk_import_expect_nothing_lost(o);
  EXPECT_EQ(number(o, "accepted"), 3);
  EXPECT_EQ(number(o, "feedback"), 0) << "a rejected row gives no answer either";
  EXPECT_NE(o.notes.back().message.find("8 of 11 rows were rejected"), std::string::npos);
}

TEST(desk_import, a_missing_creation_is_refused_or_the_first_instant_seen) {
  const std::string rows =
      "ticket,customer,first_response,resolved\n"
      "1,c,2026-03-01 10:00,2026-03-01 12:00\n"
      "2,c,,2026-03-01 11:00\n"
      "3,c,,\n";
  try {
    import(rows);
    ADD_FAILURE();
  } catch (const error& e) {
    EXPECT_NE(e.details().message.find("no column for 'created'"), std::string::npos);
    EXPECT_NE(e.details().hint.find("created_missing"), std::string::npos);
  }
  const outcome o = import(rows, R"({"created_missing":"first_seen"})");
  const auto book = desk_import_book_of(o);
  EXPECT_EQ(format_time(book.find("1")->created), "2026-03-01T10:00:00Z");
  EXPECT_EQ(format_time(book.find("2")->created), "2026-03-01T11:00:00Z");
  EXPECT_EQ(rejects(o),
            std::vector<std::string>{"3 3 created : no instant of the ticket is known"});
  EXPECT_NE(o.notes.front().message.find("2 tickets have no creation time"), std::string::npos);
  EXPECT_NE(o.notes.front().message.find("cannot be computed"), std::string::npos);
}

TEST(desk_import, takes_the_headers_that_are_named) {
  const std::string rows =
      "Nr,Kunde,Beginn,Status,Ende\n"
      "1,c,01.03.2026 09:00,x,02.03.2026 09:00\n";
  const outcome o =
      import(rows,
             R"({"columns":{"ticket":"Nr","customer":"Kunde","created":"Beginn","closed":"Ende"},
          "time_format":"dmy","time_zone":"Europe/Berlin","source":"alt"})");
  EXPECT_EQ(
      kinds(o),
      (std::vector<std::string>{"2026-03-01T08:00:00Z created", "2026-03-02T08:00:00Z closed"}));
  EXPECT_EQ(text(o, "event_id", 1, "events"), "alt:1:closed");
  const auto complaint = [&](std::string_view options) {
    try {
      import(rows, options);
    } catch (const error& e) {
      EXPECT_EQ(e.details().code, status::invalid);
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_NE(complaint(R"({"columns":{"ticket":"No"}})").find("no column 'No' for 'ticket'"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"columns":{"tickets":"Nr"}})").find("columns"), std::string::npos);
  EXPECT_NE(complaint("").find("no column for 'ticket'"), std::string::npos);
  EXPECT_NE(complaint(R"({"time_format":"ydm"})").find("time_format"), std::string::npos);
  EXPECT_NE(complaint(R"({"states":{"x":"gone"}})").find("states"), std::string::npos);
  EXPECT_NE(complaint(R"({"shape":"both"})").find("shape"), std::string::npos);
}

TEST(desk_import, a_header_can_be_said_to_mean_nothing) {
  const outcome o = import("ticket,customer,created,priority\n1,c,2026-03-01,High\n",
                           R"({"columns":{"severity":""}})");
  EXPECT_EQ(desk_import_book_of(o).find("1")->severity, "");
}

TEST(desk_import, an_id_that_is_too_long_is_hashed) {
  const outcome o = import("ticket,customer,created\n" + std::string(150, 'x') + ",c,2026-03-01\n");
  EXPECT_EQ(text(o, "event_id", 0, "events").size(), std::string("import:").size() + 32);
}

constexpr std::string_view log_header =
    "number,caller_id,incident_state,opened_at,sys_updated_at,resolved_at,closed_at,assigned_to,"
    "assignment_group,priority\n";

outcome import_log(std::string_view rows, std::string_view more = "") {
  return import(std::string(log_header) + std::string(rows),
                R"({"shape":"log","time_format":"dmy")" + std::string(more) + "}");
}

TEST(desk_import, a_row_per_change_becomes_its_changes) {
  const outcome o = import_log(
      "I1,c,New,01-03-2026 09:00,01-03-2026 09:05,02-03-2026 12:00,03-03-2026 09:00,?,G1,3\n"
      "I1,c,Active,01-03-2026 09:00,01-03-2026 10:00,02-03-2026 12:00,03-03-2026 09:00,A,G1,3\n"
      "I1,c,Awaiting User Info,01-03-2026 09:00,01-03-2026 11:00,02-03-2026 12:00,"
      "03-03-2026 09:00,A,G1,2\n"
      "I1,c,Resolved,01-03-2026 09:00,02-03-2026 11:00,02-03-2026 12:00,03-03-2026 09:00,B,G2,2\n"
      "I1,c,Active,01-03-2026 09:00,02-03-2026 11:30,02-03-2026 12:00,03-03-2026 09:00,B,G2,2\n"
      "I1,c,Resolved,01-03-2026 09:00,02-03-2026 12:00,02-03-2026 12:00,03-03-2026 09:00,B,G2,2\n"
      "I1,c,Closed,01-03-2026 09:00,03-03-2026 09:00,02-03-2026 12:00,03-03-2026 09:00,?,G2,2\n");
  EXPECT_TRUE(rejects(o).empty());
  desk_import_expect_nothing_lost(o);
  EXPECT_EQ(kinds(o),
            (std::vector<std::string>{"2026-03-01T09:00:00Z created",
                                      "2026-03-01T10:00:00Z assigned",
                                      "2026-03-01T10:00:00Z opened",
                                      "2026-03-01T11:00:00Z changed",
                                      "2026-03-01T11:00:00Z waiting_customer",
                                      "2026-03-02T11:00:00Z assigned",
                                      "2026-03-02T11:00:00Z resolved",
                                      "2026-03-02T11:30:00Z reopened",
                                      "2026-03-02T12:00:00Z resolved",
                                      "2026-03-03T09:00:00Z unassigned",
                                      "2026-03-03T09:00:00Z closed"}));
  const auto book = desk_import_book_of(o);
  const desk::ticket& t = *book.find("I1");
  EXPECT_EQ(t.status, desk::ticket_status::closed);
  EXPECT_EQ(t.reassigned, 1);
  EXPECT_EQ(t.reopened, 1);
  EXPECT_EQ(t.resolutions, 2);
  EXPECT_EQ(t.resolved_by, "B");
  EXPECT_EQ(t.severity, "2");
  EXPECT_EQ(t.team, "G2");
}

TEST(desk_import, changes_of_one_minute_keep_their_order) {
  const outcome o = import_log(
      "I1,c,Resolved,01-03-2026 09:00,01-03-2026 10:00,01-03-2026 10:00,,A,G,3\n"
      "I1,c,Active,01-03-2026 09:00,01-03-2026 10:00,01-03-2026 10:00,,A,G,3\n"
      "I1,c,Resolved,01-03-2026 09:00,01-03-2026 10:00,01-03-2026 10:00,,A,G,3\n");
  const auto book = desk_import_book_of(o);
  EXPECT_EQ(book.find("I1")->status, desk::ticket_status::resolved);
  EXPECT_EQ(book.find("I1")->reopened, 1);
  EXPECT_EQ(kinds(o).back(), "2026-03-01T10:00:00.000002Z resolved");
}

TEST(desk_import, a_resolved_ticket_that_waits_was_reopened_first) {
  const outcome o = import_log(
      "I1,c,Resolved,01-03-2026 09:00,01-03-2026 10:00,01-03-2026 10:00,,A,G,3\n"
      "I1,c,Awaiting Vendor,01-03-2026 09:00,01-03-2026 11:00,01-03-2026 10:00,,A,G,3\n");
  EXPECT_EQ(desk_import_book_of(o).find("I1")->status, desk::ticket_status::pending);
  EXPECT_EQ(desk_import_book_of(o).find("I1")->reopened, 1);
}

TEST(desk_import, a_log_keeps_its_errors_and_they_are_listed) {
  const outcome o = import_log(
      "I1,c,New,01-03-2026 09:00,28-02-2026 09:05,,,?,G1,3\n"
      "I1,c,Active,01-03-2026 09:00,01-03-2026 10:00,,,A,G1,3\n"
      "I1,c,New,01-03-2026 09:00,01-03-2026 10:30,,,B,G1,3\n"
      "I1,c,-100,01-03-2026 09:00,01-03-2026 11:00,,,A,G1,3\n"
      "I1,c,Resolved,01-03-2026 09:00,01-03-2026 12:00,,,A,G1,3\n"
      "I2,c,Closed,01-03-2026 09:00,01-03-2026 12:00,01-03-2026 11:00,01-03-2026 12:00,A,G1,3\n");
  EXPECT_EQ(rejects(o),
            (std::vector<std::string>{
                "1 I1 sys_updated_at 28-02-2026 09:05: it is earlier than the creation, "
                "2026-03-01T09:00:00Z",
                "3 I1 incident_state New: it cannot follow 'open'",
                "4 I1 incident_state -100: option 'states' does not say what it means",
                "5 I1 resolved_at : it is missing: the log says 2026-03-01T12:00:00Z +",
                "6 I2 resolved_at 01-03-2026 11:00: the log has no such state +"}));
  desk_import_expect_nothing_lost(o);
  EXPECT_EQ(desk_import_book_of(o).find("I1")->agent, "A") << "a rejected row gives nothing";
  EXPECT_EQ(number(import_log("I1,c,-100,01-03-2026 09:00,01-03-2026 11:00,,,A,G1,3\n",
                              R"(,"states":{"-100":"pending"})"),
                   "rejected"),
            0);
}

TEST(desk_import, an_empty_table_gives_empty_tables) {
  const outcome o = import("ticket,customer,created\n");
  EXPECT_EQ(number(o, "rows"), 0);
  desk_import_expect_nothing_lost(o);
}

// Importing twice records once: the ids are made of what the rows say.
TEST(desk_import, the_same_table_gives_the_same_ids_in_any_order) {
  const std::vector<std::string> rows{"1,c,2026-03-01,2026-03-02\n", "2,d,2026-03-01,2026-03-03\n"};
  const auto ids = [](const outcome& o) {
    std::set<std::string> all;
    for (std::size_t row = 0; row < o.tables.at("events")->rows(); ++row) {
      EXPECT_TRUE(all.insert(text(o, "event_id", row, "events")).second);
    }
    return all;
  };
  const std::string header = "ticket,customer,created,resolved\n";
  EXPECT_EQ(ids(import(header + rows[0] + rows[1])), ids(import(header + rows[1] + rows[0])));
}

}  // namespace
}  // namespace clv

// Report desk_import on the two real files: everything in them is there or listed.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "clv/csv.hpp"
#include "clv/time.hpp"
#include "desk/reports.hpp"
#include "desk/tickets/ticket.hpp"
#include "support/reports.hpp"
#include "support/shared_data.hpp"

namespace clv {
namespace {

using test::number;
using test::run_report;
using test::text;

void expect_nothing_lost(const outcome& o) {
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
desk::ticket_book book_of(const outcome& o) {
  const auto book = desk::read_tickets(o.tables.at("events"), nullptr, end_of_time);
  for (std::size_t i = 0; i < std::min<std::size_t>(book.refused.size(), 5); ++i) {
    ADD_FAILURE() << book.refused[i].ticket << ": " << book.refused[i].reason;
  }
  return book;
}

std::shared_ptr<const table> file(const std::string& path) {
  csv_options o;
  o.path = path;
  o.schema = "";
  job reading = read_csv(o);
  reading.run();
  return reading.result().tables.at("");
}

// The cells of a file without quotes, read here again so that the counts are not the importer's.
std::vector<std::map<std::string, std::string>> cells_of(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::map<std::string, std::string>> all;
  std::vector<std::string> header;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> cells;
    for (std::size_t from = 0; from <= line.size();) {
      const std::size_t end = std::min(line.find(',', from), line.size());
      cells.push_back(line.substr(from, end - from));
      from = end + 1;
    }
    if (header.empty()) {
      header = cells;
      continue;
    }
    std::map<std::string, std::string> row;
    for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i) row[header[i]] = cells[i];
    all.push_back(std::move(row));
  }
  return all;
}

// "2023-06-01 7:29" as something that sorts.
std::string sortable(const std::string& text) {
  return text.size() == 15 ? text.substr(0, 11) + "0" + text.substr(11) : text;
}

// "29-02-2016 01:16" likewise.
std::string sortable_dmy(const std::string& text) {
  if (text.size() != 16) return "";
  return text.substr(6, 4) + text.substr(3, 2) + text.substr(0, 2) + text.substr(10);
}

TEST(desk_import, synthetic_tickets_come_in_with_what_is_impossible_listed) {
  CLV_REQUIRE_SHARED_DATA(path, "support_tickets_synthetic.csv");
  std::size_t impossible = 0, rows = 0;
  for (const auto& row : cells_of(path)) {
    ++rows;
    impossible += sortable(row.at("Time_to_Resolution")) < sortable(row.at("First_Response_Time"));
  }
  ASSERT_EQ(rows, 2769U);
  ASSERT_EQ(impossible, 1365U);
  const outcome o = run_report(
      desk_import_report, {{{"rows", file(path)}}}, R"({"created_missing":"first_seen"})");
  expect_nothing_lost(o);
  EXPECT_EQ(number(o, "rows"), 2769);
  EXPECT_EQ(number(o, "rejected"), 1365);
  EXPECT_EQ(number(o, "tickets"), 2769 - 1365);
  EXPECT_EQ(number(o, "events"), 3 * (2769 - 1365)) << "created, answered, resolved";
  EXPECT_EQ(number(o, "feedback"), 2769 - 1365);
  for (std::size_t row = 0; row < 1365; ++row) {
    EXPECT_EQ(text(o, "column", row, "rejects"), "Time_to_Resolution");
  }
  const auto book = book_of(o);
  EXPECT_EQ(book.tickets.size(), 2769U - 1365U);
  std::set<std::string> channels;
  for (const desk::ticket& t : book.tickets) channels.insert(t.channel);
  EXPECT_EQ(channels, (std::set<std::string>{"chat", "email", "phone", "social media"}));
  EXPECT_NE(o.notes.front().message.find("first-response"), std::string::npos);
}

struct incident_counts {
  std::size_t rows = 0, too_early = 0, without_resolution = 0, other_resolution = 0;
  std::size_t other_closing = 0;
  // By incident and state: when it was last reached from another one.
  std::map<std::string, std::map<std::string, std::string>> reached;
};

// What is in the log, counted without the importer: the file is by incident and, but for one row,
// by time.
incident_counts count_incidents(std::vector<std::map<std::string, std::string>> rows) {
  incident_counts n;
  n.rows = rows.size();
  std::erase_if(rows, [](const auto& row) {
    return sortable_dmy(row.at("sys_updated_at")) < sortable_dmy(row.at("opened_at"));
  });
  n.too_early = n.rows - rows.size();
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::pair(a.at("number"), sortable_dmy(a.at("sys_updated_at"))) <
           std::pair(b.at("number"), sortable_dmy(b.at("sys_updated_at")));
  });
  std::map<std::string, std::map<std::string, std::string>> last;
  for (const auto& row : rows) {
    auto& before = last[row.at("number")];
    const bool is_odd = row.at("incident_state") == "New" && !before.empty() &&
                        before.at("incident_state") != "New";
    if (is_odd) continue;
    if (before.empty() || before.at("incident_state") != row.at("incident_state")) {
      n.reached[row.at("number")][row.at("incident_state")] =
          sortable_dmy(row.at("sys_updated_at"));
    }
    before = row;
  }
  for (const auto& [number, row] : last) {
    const bool is_missing = row.at("resolved_at") == "?";
    n.without_resolution += is_missing;
    n.other_resolution +=
        !is_missing && sortable_dmy(row.at("resolved_at")) != n.reached[number]["Resolved"];
    n.other_closing += sortable_dmy(row.at("closed_at")) != n.reached[number]["Closed"];
  }
  return n;
}

TEST(desk_import, the_incident_log_comes_in_with_its_errors_listed) {
  CLV_REQUIRE_SHARED_DATA(path, "incident_event_log.csv");
  const incident_counts counted = count_incidents(cells_of(path));
  ASSERT_EQ(counted.rows, 5998U);
  ASSERT_EQ(counted.reached.size(), 890U);
  ASSERT_EQ(counted.too_early, 5U);
  ASSERT_EQ(counted.without_resolution, 29U);
  ASSERT_EQ(counted.other_closing, 4U);
  const outcome o = run_report(
      desk_import_report, {{{"rows", file(path)}}}, R"({"shape":"log","time_format":"dmy"})");
  expect_nothing_lost(o);
  EXPECT_EQ(number(o, "rows"), 5998);
  EXPECT_EQ(number(o, "tickets"), 890);
  std::map<std::string, std::size_t> by_column;
  for (std::size_t row = 0; row < o.tables.at("rejects")->rows(); ++row) {
    ++by_column[text(o, "column", row, "rejects")];
  }
  // One incident goes from Resolved back to New, which nothing does. Where it stayed resolved over
  // several changes, resolved_at is the last of them and not when it was resolved.
  EXPECT_EQ(by_column,
            (std::map<std::string, std::size_t>{
                {"incident_state", 1},
                {"resolved_at", counted.without_resolution + counted.other_resolution},
                {"closed_at", counted.other_closing},
                {"sys_updated_at", counted.too_early}}));
  EXPECT_EQ(number(o, "rejected"), 6);
  const auto book = book_of(o);
  EXPECT_EQ(book.tickets.size(), 890U);
  for (const desk::ticket& t : book.tickets) {
    ASSERT_EQ(t.status, desk::ticket_status::closed) << t.id;
    std::string text = format_time(*t.resolved).substr(0, 16);
    std::erase(text, '-');
    EXPECT_EQ(text.substr(0, 8) + " " + text.substr(9), counted.reached.at(t.id).at("Resolved"))
        << t.id;
  }
}

}  // namespace
}  // namespace clv

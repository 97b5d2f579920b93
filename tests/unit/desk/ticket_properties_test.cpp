// What holds for every log of tickets, however odd.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "clv/time.hpp"
#include "desk/tickets/ticket.hpp"
#include "support/reports.hpp"

namespace clv::desk {
namespace {

constexpr std::string_view ticket_properties_header =
    "ticket,customer,time,kind,agent,channel,automatic,into,minutes,event_id\n";

ticket_book ticket_properties_book_of(std::string_view rows) {
  return read_tickets(
      test::table_of(std::string(ticket_properties_header) + std::string(rows), "ticket_events"),
      nullptr,
      end_of_time);
}

// What a book says, without the numbers of rows.
std::string told(const ticket_book& book) {
  std::string text;
  const auto time = [](std::optional<std::int64_t> t) { return t ? std::to_string(*t) : "-"; };
  for (const ticket& t : book.tickets) {
    text += t.id + "|" + t.customer + "|" + t.channel + "|" + t.agent + "|" + t.merged_into + "|" +
            t.replied_by + "|" + t.resolved_by + "|" + std::to_string(static_cast<int>(t.status)) +
            "|" + time(t.first_reply) + "|" + time(t.last_message_in) + "|" + time(t.resolved) +
            "|" + time(t.closed) + "|" + std::to_string(t.messages_in) + "|" +
            std::to_string(t.reopened) + "|" + std::to_string(t.reassigned) + "|" +
            std::to_string(t.minutes);
    for (const ticket_event& e : t.events) {
      text += ";" + std::to_string(e.time) + "," + std::to_string(static_cast<int>(e.kind)) + "," +
              std::to_string(static_cast<int>(e.status));
    }
    text += "\n";
  }
  std::multiset<std::string> refused;
  for (const refused_event& r : book.refused) refused.insert(r.ticket + ": " + r.reason + "\n");
  for (const std::string& r : refused) text += r;
  return text;
}

// A log in which much is illegal, with times that are often equal, merges, and ids that clash.
std::vector<std::string> random_log(std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < 120; ++i) {
    const std::string minute = std::to_string(10 + below(20));
    rows.push_back("T" + std::to_string(below(6)) + ",c" + std::to_string(below(3)) +
                   ",2026-03-01T09:" + minute + "Z," +
                   std::string(event_names[below(event_names.size())]) + ",a" +
                   std::to_string(below(3)) + ",ch" + std::to_string(below(2)) + "," +
                   std::to_string(below(8) == 0 ? 1 : 0) + ",T" + std::to_string(below(7)) + "," +
                   std::to_string(below(4)) + "," +
                   (below(3) == 0 ? "" : "e" + std::to_string(below(100))) + "\n");
  }
  return rows;
}

TEST(ticket_book, shuffled_rows_make_the_same_book) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> rows = random_log(random);
    const auto joined = [&] {
      std::string text;
      for (const std::string& row : rows) text += row;
      return text;
    };
    const std::string once = told(ticket_properties_book_of(joined()));
    EXPECT_NE(once.find("is not reached from"), std::string::npos);
    std::shuffle(rows.begin(), rows.end(), random);
    EXPECT_EQ(told(ticket_properties_book_of(joined())), once);
  }
}

TEST(ticket_book, events_sent_twice_make_the_same_book) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> rows = random_log(random);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i].resize(rows[i].find_last_of(',') + 1);
      rows[i] += "id" + std::to_string(i) + "\n";
    }
    std::string once, twice;
    for (const std::string& row : rows) once += row;
    rows.insert(rows.end(), rows.begin(), rows.end());
    std::shuffle(rows.begin(), rows.end(), random);
    for (const std::string& row : rows) twice += row;
    EXPECT_EQ(told(ticket_properties_book_of(twice)), told(ticket_properties_book_of(once)));
  }
}

// A slow second opinion on the states: every ticket's events in order, one by one.
TEST(ticket_book, agrees_with_a_walk_along_the_moves) {
  std::mt19937_64 random(13);
  for (int round = 0; round < 40; ++round) {
    std::string text;
    for (const std::string& row : random_log(random)) text += row;
    for (const ticket& t : ticket_properties_book_of(text).tickets) {
      ticket_status now = ticket_status::fresh, before = now;
      std::int64_t last = 0;
      for (const ticket_event& e : t.events) {
        EXPECT_LE(last, e.time);
        const auto next = move(now, e.kind, e.automatic, before);
        ASSERT_TRUE(next.has_value());
        EXPECT_EQ(*next, e.status);
        if (e.kind == event_kind::merged && now != ticket_status::merged) before = now;
        now = *next;
        last = e.time;
      }
      EXPECT_EQ(now, t.status);
    }
  }
}

}  // namespace
}  // namespace clv::desk

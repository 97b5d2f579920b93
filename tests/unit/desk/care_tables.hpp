// Small logs of a desk for the tests of care: one header each, columns left out stay empty.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "clv/time.hpp"
#include "desk/care/answers.hpp"
#include "support/reports.hpp"

namespace clv::test {

inline std::int64_t at(std::string_view text) {
  const auto t = parse_time(text, zone("UTC"));
  EXPECT_TRUE(t.has_value()) << text;
  return t.value_or(0);
}

// "ticket,customer,time,kind,agent,team,category,severity,automatic,into,minutes"
inline std::shared_ptr<const table> events_of(std::string_view rows) {
  return table_of(
      "ticket,customer,time,kind,agent,team,category,severity,automatic,into,minutes\n" +
          std::string(rows),
      "ticket_events");
}

// "customer,time,kind,score,ticket,agent,event_id"
inline std::shared_ptr<const table> feedback_of(std::string_view rows) {
  return table_of("customer,time,kind,score,ticket,agent,event_id\n" + std::string(rows),
                  "feedback");
}

inline std::shared_ptr<const table> identities_of(std::string_view rows) {
  return table_of("customer,identity,time,linked\n" + std::string(rows), "identities");
}

inline desk::ticket_book book_of(std::string_view rows, std::string_view as_of = "2027-01-01") {
  return desk::read_tickets(events_of(rows), nullptr, at(as_of));
}

// The row in whose column `key` stands `id`; fails and gives 0 when there is none.
inline std::size_t row_of(const outcome& o,
                          std::string_view key,
                          std::string_view id,
                          std::string_view name = "") {
  const table& t = *o.tables.find(name)->second;
  const column& keys = t.get(key, type::utf8);
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (keys.present(row) && keys.text(row) == id) return row;
  }
  ADD_FAILURE() << "no row has " << key << " = " << id;
  return 0;
}

inline std::size_t rows_in(const outcome& o, std::string_view name = "") {
  return o.tables.find(name)->second->rows();
}

// The same lines, the last one first.
inline std::string turned(std::string_view rows) {
  std::string out;
  while (!rows.empty()) {
    const std::size_t end = rows.find('\n') + 1;
    out.insert(0, rows.substr(0, end));
    rows.remove_prefix(end);
  }
  return out;
}

// Every table of one answer has the bits of the same table of the other.
inline void expect_same_tables(const outcome& a, const outcome& b) {
  for (const auto& [name, rows] : a.tables) {
    EXPECT_EQ(rows->fingerprint(), b.tables.at(name)->fingerprint()) << "table '" << name << "'";
  }
}

// The message of the error that the work throws, "" when it throws none.
template <class Work>
std::string complaint_of(Work work) {
  try {
    work();
  } catch (const error& e) {
    return e.details().message;
  }
  return {};
}

}  // namespace clv::test

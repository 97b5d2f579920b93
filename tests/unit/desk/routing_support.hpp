// A small desk for the tests of routing: tables as CSV, times in UTC.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "clv/error.hpp"
#include "desk/desk_policy.hpp"
#include "desk/reports.hpp"
#include "desk/routing/agents.hpp"
#include "support/reports.hpp"

namespace clv::test {

constexpr const char* office = R"({
  "calendars": {"office": {"time_zone": "UTC", "week": {
    "mon": ["09:00-17:00"], "tue": ["09:00-17:00"], "wed": ["09:00-17:00"],
    "thu": ["09:00-17:00"], "fri": ["09:00-17:00"]}}},
  "calendar": "office"})";

// {"desk": <rules>, <more>}
inline std::string options(std::string_view rules, std::string_view more = "") {
  std::string json = R"({"desk": )" + std::string(rules);
  if (!more.empty()) json += ", " + std::string(more);
  return json + "}";
}

inline std::int64_t at(std::string_view when) {
  return parse_time(when, zone("UTC")).value();
}

inline std::vector<desk::agent> agents_of(std::string_view csv, std::string_view rules = "{}") {
  return desk::read_agents(*table_of(csv, "agents"), desk::read_desk_policy(rules));
}

template <class function>
std::string complaint_of(const function& work) {
  try {
    work();
  } catch (const error& e) {
    return e.what();
  }
  return "nothing";
}

// The row whose column `key` is `value`; fails when there is none or several.
inline std::size_t row_of(const outcome& o,
                          std::string_view value,
                          std::string_view key = "ticket",
                          std::string_view name = "") {
  const table& t = *o.tables.find(name)->second;
  std::size_t found = t.rows();
  for (std::size_t row = 0; row < t.rows(); ++row) {
    if (t.find(key)->text(row) != value) continue;
    EXPECT_EQ(found, t.rows()) << value << " is there twice";
    found = row;
  }
  EXPECT_LT(found, t.rows()) << "no row with " << key << " " << value;
  return found;
}

// Rows of `events` after those of `before`: what engine::apply records.
inline std::shared_ptr<const table> appended(const table& before, const table& more) {
  auto both = std::make_shared<table>();
  for (const field& f : find_schema("ticket_events").fields) {
    column& to = both->add(std::string(f.name), f.kind, f.kind == type::time ? "us" : "");
    for (const table* from : {&before, &more}) {
      const column* c = from->find(f.name);
      for (std::size_t row = 0; row < from->rows(); ++row) {
        if (c == nullptr || !c->present(row)) {
          to.push_absent();
        } else if (f.kind == type::utf8) {
          to.push(c->text(row));
        } else if (f.kind == type::f64) {
          to.push(c->numbers()[row]);
        } else {
          to.push(c->integers()[row]);
        }
      }
    }
  }
  return both;
}

}  // namespace clv::test

// How the reports of the desk write their tables, and rows that are to be recorded. [any]
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "clv/report.hpp"
#include "data/report_tables.hpp"
#include "desk/tickets/ticket.hpp"

namespace clv::desk {

// A text for report_writer: absent when there is none.
inline std::optional<std::string_view> word(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text;
}

// Output "refused" of reports on a log: the events that were set aside, `row` from 1.
inline constexpr report_output refused_output{"refused", "row,ticket,reason"};
std::shared_ptr<const table> refused_table(const ticket_book& book, const std::string& seal);

// Output "events": rows of schema ticket_events that are to be recorded.
inline constexpr report_output recorded_events_output{
    "events",
    "ticket,customer,time,kind,channel,agent,team,category,severity,language,skill,subject,length,"
    "minutes,outage,into,automatic,event_id",
    "ticket_events"};

// "a/b/c", which is an event id when it is short enough for one (128 bytes), else its SHA-256: the
// same parts always give the same key.
std::string key_of(std::initializer_list<std::string_view> parts);

// Rows of a schema, cells given by name; the others are absent. [one]
class schema_rows {
 public:
  using cell = std::variant<std::string_view, std::int64_t, double>;
  // All columns of the schema.
  explicit schema_rows(std::string_view schema);
  void row(std::initializer_list<std::pair<std::string_view, std::optional<cell>>> cells);
  std::shared_ptr<const table> sealed(const std::string& seal);

 private:
  std::shared_ptr<table> rows_ = std::make_shared<table>();
};

// "" is no cell.
inline std::optional<schema_rows::cell> word_cell(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace clv::desk

// Tables of schema ticket_events, written row by row. [one]
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "clv/table.hpp"
#include "desk/tickets/ticket.hpp"

namespace clv::desk {

// One event that is to be recorded; empty texts are absent.
struct new_event {
  std::string_view ticket, customer;
  std::int64_t time = 0;
  event_kind kind = event_kind::created;
  std::string_view channel, agent, team, category, severity, language, skill, subject;
  std::optional<double> length, minutes;
  std::string_view event_id;
};

class event_writer {
 public:
  event_writer();
  void push(const new_event& e);
  // A row of a table of that schema, with all its cells but for its event_id.
  void copy(const table& from, std::size_t row, std::string_view event_id);
  std::size_t size() const { return rows_->rows(); }
  std::shared_ptr<const table> sealed(std::string_view extra);
  std::shared_ptr<const table> unsealed() const { return rows_; }

 private:
  std::shared_ptr<table> rows_ = std::make_shared<table>();
};

}  // namespace clv::desk

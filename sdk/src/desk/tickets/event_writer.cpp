#include "desk/tickets/event_writer.hpp"

#include "clv/schema.hpp"

namespace clv::desk {
namespace {

void push_text(column& c, std::string_view text) {
  text.empty() ? c.push_absent() : c.push(text);
}

void push_number(column& c, const std::optional<double>& value) {
  value ? c.push(*value) : c.push_absent();
}

void push_cell(column& to, const column* from, std::size_t row) {
  if (from == nullptr || !from->present(row)) {
    to.push_absent();
  } else if (to.kind() == type::utf8) {
    push_text(to, from->text(row));
  } else if (to.kind() == type::f64) {
    to.push(from->numbers()[row]);
  } else {
    to.push(from->integers()[row]);
  }
}

}  // namespace

event_writer::event_writer() {
  for (const field& f : find_schema("ticket_events").fields) {
    rows_->add(std::string(f.name), f.kind, std::string(f.unit));
  }
}

void event_writer::push(const new_event& e) {
  std::size_t at = 0;
  const auto next = [&]() -> column& { return rows_->columns()[at++]; };
  push_text(next(), e.ticket);
  push_text(next(), e.customer);
  next().push(e.time);
  push_text(next(), event_names[static_cast<std::size_t>(e.kind)]);
  for (const std::string_view text :
       {e.channel, e.agent, e.team, e.category, e.severity, e.language, e.skill, e.subject}) {
    push_text(next(), text);
  }
  push_number(next(), e.length);
  push_number(next(), e.minutes);
  for (int i = 0; i < 3; ++i) next().push_absent();  // outage, into, automatic
  push_text(next(), e.event_id);
}

void event_writer::copy(const table& from, std::size_t row, std::string_view event_id) {
  for (column& c : rows_->columns()) {
    if (c.name() == "event_id") {
      push_text(c, event_id);
    } else {
      push_cell(c, from.find(c.name()), row);
    }
  }
}

std::shared_ptr<const table> event_writer::sealed(std::string_view extra) {
  rows_->seal(extra);
  return rows_;
}

}  // namespace clv::desk

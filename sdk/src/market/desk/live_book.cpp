#include "market/desk/live_book.hpp"

#include <algorithm>

namespace clv::market_desk {
namespace {

auto place_of(std::vector<desk::ticket>& tickets, const std::string& id) {
  return std::lower_bound(
      tickets.begin(), tickets.end(), id, [](const desk::ticket& t, const std::string& at) {
        return t.id < at;
      });
}

}  // namespace

live_book::live_book(const scenario& s)
    : s_(s), rows_(std::make_shared<table>()), had_last_(s.tickets.size(), nobody) {
  for (const std::string_view name : {"ticket", "customer"}) {
    rows_->add(std::string(name), type::utf8);
  }
  rows_->add("time", type::time, "us");
  for (const std::string_view name : {"kind", "agent"}) rows_->add(std::string(name), type::utf8);
  view_.policy = s.world.rules;
  view_.book.rows = rows_;
  for (const sim_customer& c : s.customers) {
    view_.at_risk[c.id] = c.estimated_clv;
    view_.tiers[c.id] = c.tier;
  }
  for (std::size_t i = 0; i < s.tickets.size(); ++i) position_[s.tickets[i].id] = i;
}

desk::ticket& live_book::find(std::size_t ticket) {
  return *place_of(view_.book.tickets, s_.tickets[ticket].id);
}

std::size_t live_book::ticket_at(std::size_t in_book) const {
  return position_.find(view_.book.tickets[in_book].id)->second;
}

const desk::desk_view& live_book::view(std::int64_t now) {
  view_.now = now;
  return view_;
}

void live_book::add_row(const sim_event& e) {
  const sim_ticket& t = s_.tickets[e.ticket];
  auto& columns = rows_->columns();
  columns[0].push(std::string_view(t.id));
  columns[1].push(std::string_view(s_.customers[t.customer].id));
  columns[2].push(e.time);
  columns[3].push(desk::event_names[static_cast<std::size_t>(e.kind)]);
  if (e.agent == nobody) {
    columns[4].push_absent();
  } else {
    columns[4].push(std::string_view(s_.agents[e.agent].id));
  }
}

void live_book::create(const sim_event& e) {
  const sim_ticket& from = s_.tickets[e.ticket];
  desk::ticket t;
  t.id = from.id;
  t.customer = s_.customers[from.customer].id;
  t.channel = from.channel, t.category = from.category, t.severity = from.severity;
  t.language = from.language, t.skill = from.skill, t.subject = from.subject;
  t.outage = from.outage;
  t.created = e.time;
  t.length = from.length;
  auto& tickets = view_.book.tickets;
  tickets.insert(place_of(tickets, t.id), std::move(t));
}

void live_book::happened(const sim_event& e) {
  add_row(e);
  if (e.kind == desk::event_kind::created) create(e);
  desk::ticket& t = find(e.ticket);
  const auto next = desk::move(t.status, e.kind, false, t.status);
  if (e.kind == desk::event_kind::created || e.kind == desk::event_kind::message_in) {
    ++t.messages_in, t.last_message_in = e.time;
  }
  if (e.kind == desk::event_kind::message_out) {
    ++t.messages_out, t.last_reply = e.time;
    if (!t.first_reply) t.first_reply = e.time;
    t.replied_by = s_.agents[e.agent].id;
  }
  if (e.kind == desk::event_kind::assigned) {
    std::size_t& had = had_last_[e.ticket];
    if (had != nobody && had != e.agent) ++t.reassigned;
    had = e.agent;
    t.agent = s_.agents[e.agent].id, t.assigned = e.time;
  }
  if (e.kind == desk::event_kind::unassigned) t.agent.clear(), t.assigned.reset();
  if (next == desk::ticket_status::reopened && t.status != *next) ++t.reopened;
  if (e.minutes > 0) t.minutes += e.minutes, t.has_minutes = true;
  t.status = next.value_or(t.status);
  t.events.push_back({.time = e.time,
                      .row = static_cast<std::uint32_t>(rows_->rows() - 1),
                      .kind = e.kind,
                      .status = t.status});
  if (e.kind != desk::event_kind::resolved) return;
  ++t.resolutions, t.resolved = e.time, t.resolved_by = s_.agents[e.agent].id;
  // One whose customer will write again is kept, so that its history is whole when that happens.
  if (static_cast<std::size_t>(t.messages_out) == s_.tickets[e.ticket].rounds.size()) {
    finished_.push_back(e.ticket);
  }
  if (finished_.size() > finished_kept) forget_oldest();
}

void live_book::forget_oldest() {
  view_.book.tickets.erase(place_of(view_.book.tickets, s_.tickets[finished_.front()].id));
  finished_.pop_front();
}

}  // namespace clv::market_desk

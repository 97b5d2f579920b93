#include "desk/care/customer_standing.hpp"

#include <algorithm>

#include "desk/care/follow_ups.hpp"

namespace clv::desk {
namespace {

std::int64_t before(std::int64_t now, double days) {
  return now - static_cast<std::int64_t>(days * us_per_day);
}

struct sources {
  const desk_view& view;
  const hourly_costs& costs;
  const standing_rules& rules;

  std::int64_t days_ago(double days) const { return before(view.now, days); }
};

template <class Value>
void raise(std::optional<Value>& to, Value value) {
  to = to ? std::max(*to, value) : value;
}

bool is_complaint(const ticket& t, std::optional<double> severity, const standing_rules& rules) {
  const auto& named = rules.complaint_categories;
  if (severity && *severity >= rules.complaint_severity) return true;
  return std::ranges::find(named, t.category) != named.end();
}

// A promise is broken when its due time has passed; it stays so until the answer came and
// breach_days after it.
bool broken(const ticket& t, const sources& from) {
  const std::int64_t since = from.days_ago(from.rules.breach_days);
  if (t.events.empty() || (!is_active(t.status) && t.events.back().time < since)) return false;
  const clock_view view = from.view.clocks_of(t);
  return std::ranges::any_of(view.clocks, [&](const ticket_clock& c) {
    return c.state == clock_state::missed && (c.active || (c.ended && *c.ended >= since));
  });
}

void add_open(customer_standing& who, const ticket& t, const sources& from) {
  ++who.open_tickets;
  const auto severity = severity_from_1_to_4(from.view.policy, t.severity);
  if (severity) raise(who.severity, *severity);
  who.complaint_open = who.complaint_open || is_complaint(t, severity, from.rules);
}

void add_ticket(customer_standing& who, const ticket& t, const sources& from) {
  if (is_active(t.status)) add_open(who, t, from);
  for (const resolution& r : resolutions_of(t)) {
    if (r.last) raise(who.resolved, r.time);
  }
  for (const ticket_event& e : t.events) {
    if (e.kind == event_kind::survey_sent) raise(who.survey, e.time);
  }
  who.sla_breached = who.sla_breached || broken(t, from);
  // What was merged is handled, and paid for, where it goes on.
  if (t.status == ticket_status::merged) return;
  if (who.last_created && *who.last_created > t.created) return;
  who.last_created = t.created;
  who.cost = cost_of(from.view.book, t, from.costs);
}

// The answers come in the order of time: the last one stays.
void add_answer(customer_standing& who, const answer& a) {
  raise(who.answered, a.time);
  if (a.kind == "CSAT" && a.satisfaction) who.csat = {1 + 4 * *a.satisfaction, a.time};
  if (a.kind == "NPS" && a.satisfaction) who.nps = {10 * *a.satisfaction, a.time};
  if (a.kind != "complaint") raise(who.survey_answered, a.time);
}

bool is_settled(const answer& a,
                const std::set<std::string, std::less<>>& settled,
                const ticket_book& book) {
  if (settled.contains(detractor_key(a))) return true;
  const ticket* t = book.find(a.ticket);
  if (t == nullptr) return false;
  const auto ends = resolutions_of(*t);
  return std::ranges::any_of(ends, [&](const resolution& r) { return r.time > a.time; });
}

}  // namespace

std::optional<double> customer_standing::lately(const std::optional<score>& last) const {
  if (!last || *answered - last->time > us_per_day) return std::nullopt;
  return last->value;
}

bool customer_standing::survey_waits(std::int64_t now, const standing_rules& rules) const {
  if (!survey || *survey < before(now, rules.survey_days)) return false;
  return !survey_answered || *survey_answered < *survey;
}

std::optional<double> severity_from_1_to_4(const desk_policy& desk, std::string_view severity) {
  const auto level = severity_level(desk, severity);
  if (!level) return std::nullopt;
  if (desk.severities.size() < 2) return 1;
  return 1 + 3 * static_cast<double>(*level) / static_cast<double>(desk.severities.size() - 1);
}

standings standings_of(const desk_view& view,
                       std::span<const answer> answers,
                       const std::set<std::string, std::less<>>& settled,
                       const hourly_costs& costs,
                       const standing_rules& rules) {
  const sources from{view, costs, rules};
  standings all;
  for (const ticket& t : view.book.tickets) add_ticket(all[t.customer], t, from);
  for (const answer& a : answers) {
    customer_standing& who = all[a.customer];
    add_answer(who, a);
    if (!a.complaint || a.time < from.days_ago(rules.complaint_days)) continue;
    who.complaint_open = who.complaint_open || !is_settled(a, settled, view.book);
  }
  return all;
}

}  // namespace clv::desk

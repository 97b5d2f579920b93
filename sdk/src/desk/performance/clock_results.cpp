#include "desk/performance/clock_results.hpp"

namespace clv::desk {
namespace {

bool runs_in(ticket_status s, const sla_policy* p) {
  if (s == ticket_status::pending) return p != nullptr && !p->pauses_pending;
  if (s == ticket_status::waiting_customer) return p != nullptr && !p->pauses_waiting;
  return is_active(s);
}

}  // namespace

std::vector<clock_result> results_of(const ticket& t, const desk_view& view) {
  const said_of_ticket said = view.said_of(t);
  std::vector<clock_result> all;
  for (const ticket_clock& c : view.clocks_of(t).clocks) {
    const bool overdue = c.active && c.state == clock_state::missed;
    if (!overdue && !c.ended) continue;
    all.push_back({.kind = c.kind,
                   .started = c.started,
                   .ended = c.ended,
                   .due = c.due,
                   .kept = c.state == clock_state::hit,
                   .minutes = minutes_of(c.elapsed_us),
                   .target_minutes = minutes_of(c.target_us),
                   .agent = c.frozen ? said.result(c.kind, c.started)->agent : std::string()});
  }
  return all;
}

double worked_on_minutes(const ticket& t, const desk_view& view, std::size_t event) {
  const sla_policy* policy = view.policy_of(t);
  const business_calendar& hours = view.hours_of(policy);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < event; ++i) {
    if (!runs_in(t.events[i].status, policy)) continue;
    sum += hours.between(t.events[i].time, t.events[i + 1].time);
  }
  return minutes_of(sum);
}

double waited_minutes(const ticket& t, const desk_view& view, std::int64_t until) {
  return minutes_of(view.hours_of(t).between(t.created, until));
}

}  // namespace clv::desk

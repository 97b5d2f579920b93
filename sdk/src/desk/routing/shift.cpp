#include "desk/routing/shift.hpp"

#include <algorithm>

#include "desk/tickets/named_customer.hpp"

namespace clv::desk {
namespace {

// Of events of one instant `unassigned` counts after `assigned`, and of two `assigned` the later
// id: who gets a ticket that was taken back or given at this very moment has it from the next
// microsecond on.
std::int64_t moment_of_assignment(const ticket& t, std::int64_t now) {
  const bool changed_hands_now = std::ranges::any_of(t.events, [&](const ticket_event& e) {
    return e.time == now && (e.kind == event_kind::assigned || e.kind == event_kind::unassigned);
  });
  return changed_hands_now ? now + 1 : now;
}

}  // namespace

std::unique_ptr<shift> read_shift(const desk_call& asked) {
  auto s = std::make_unique<shift>();
  s->view = asked.view();
  s->who.emplace(read_agents(asked.in.of("agents"), s->view.policy), s->view.policy, s->now());
  s->who->load(s->view.book);
  return s;
}

void remember(shift& s, const report_inputs& in) {
  s.who->remember_answers(s.view.book);
  if (!in.has("feedback")) return;
  const std::vector<answer> answers = read_answers(in, s.view);
  const auto& surveys = s.view.policy.surveys;
  s.who->rate(satisfaction_figures(answers, surveys ? surveys->kind : "CSAT", s.now(), {}));
}

demand demand_of(const shift& s, const ticket_index& x) {
  demand d = demand_of(s.view.book.tickets[x.ticket]);
  d.urgency = x.index;
  d.beyond_bound = x.beyond_bound;
  return d;
}

void assignment_events::assigned(const ticket& t, const agent& to, bool automatic) {
  const std::int64_t when = moment_of_assignment(t, shift_->now());
  const std::string id = key_of({"assigned", t.id, format_time(when)});
  rows_.row({{"ticket", t.id},
             {"customer", std::string(named_customer(shift_->view.book, t))},
             {"time", when},
             {"kind", "assigned"},
             {"agent", to.id},
             {"team", word_cell(to.team)},
             {"automatic", std::int64_t{automatic}},
             {"event_id", id}});
}

void assignment_events::unassigned(const ticket& t) {
  const std::string id = key_of({"unassigned", t.id, format_time(shift_->now())});
  rows_.row({{"ticket", t.id},
             {"customer", std::string(named_customer(shift_->view.book, t))},
             {"time", shift_->now()},
             {"kind", "unassigned"},
             {"automatic", std::int64_t{1}},
             {"event_id", id}});
}

}  // namespace clv::desk

// Takes tickets back from agents who will not answer them, and gives them to others. A ticket whose
// agent is there and works on it is never moved.
#include <algorithm>
#include <array>
#include <map>

#include "data/report_tables.hpp"
#include "desk/priority/waiting.hpp"
#include "desk/reports.hpp"
#include "desk/routing/matching.hpp"
#include "desk/routing/shift.hpp"
#include "desk/tickets/event_log.hpp"
#include "value/fitting/short_text.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr const char* sweep_name = "desk_sweep";
constexpr std::array<report_input, 7> sweep_inputs{{events_input,
                                                    agents_input,
                                                    identities_input,
                                                    scores_input,
                                                    segments_input,
                                                    feedback_input,
                                                    clock_events_input}};
constexpr std::array<report_option, 3> sweep_option_rows{{desk_option, as_of_option, mode_option}};
constexpr std::array<report_output, 2> sweep_outputs{
    {{"", "ticket,customer,agent,code,reason,to,fit,to_reason"}, recorded_events_output}};

struct why_back {
  std::string code, reason;
};

struct taken_back {
  const ticket* of = nullptr;
  why_back why;
  std::optional<std::size_t> demand;  // of the matching; absent: it does not wait for us
};

// Since when the customer waits for our answer, nullopt when not.
std::optional<std::int64_t> waits_since(const ticket& t) {
  std::optional<std::int64_t> since;
  for (const ticket_event& e : t.events) {
    const bool ours = e.kind == event_kind::message_out && !e.automatic;
    const bool over = e.kind == event_kind::resolved || e.kind == event_kind::closed;
    const bool asks = (e.kind == event_kind::message_in && !e.automatic) ||
                      e.kind == event_kind::created || e.kind == event_kind::reopened;
    if (ours || over) since.reset();
    if (asks && !since) since = e.time;
  }
  return since;
}

// The last sign of the agent on the ticket: whatever it did itself, or that it was given to it.
std::int64_t last_sign_of_agent(const ticket& t, const event_columns& rows) {
  std::int64_t last = t.assigned.value_or(t.created);
  for (const ticket_event& e : t.events) {
    const bool of_customer = e.kind == event_kind::created || e.kind == event_kind::message_in;
    const auto by = event_columns::text(rows.agent, e.row);
    if (of_customer || e.automatic || (!by.empty() && by != t.agent)) continue;
    last = std::max(last, e.time);
  }
  return last;
}

class sweep_run {
 public:
  explicit sweep_run(desk_call asked)
      : asked_(std::move(asked)), mode_(read_match_mode(asked_.given)) {}

  double read();
  double advance() { return matching_->advance(); }
  void write(outcome& out) const;

 private:
  std::optional<why_back> judge(const ticket& t, const event_columns& rows) const;
  std::optional<why_back> judge_absent(const ticket& t, const agent& a) const;
  std::optional<why_back> judge_silent(const ticket& t, const event_columns& rows) const;
  void ask_for_others();

  desk_call asked_;
  match_mode mode_;
  std::unique_ptr<shift> shift_;
  std::vector<taken_back> taken_;
  std::optional<matching> matching_;
};

std::optional<why_back> sweep_run::judge_absent(const ticket& t, const agent& a) const {
  const routing_rules& rules = shift_->view.policy.routing;
  if (a.status_at(shift_->now()) != "absent") return std::nullopt;
  const std::string absent =
      a.id + " is absent" + (a.until ? " until " + format_time(*a.until) : std::string());
  if (t.status == ticket_status::reopened && rules.reroute_reopened_absent) {
    return why_back{"REOPENED_ABSENT", "it was reopened and " + absent};
  }
  if (!rules.reroute_absent_us || !waits_for_us(t.status)) return std::nullopt;
  const business_calendar& hours = shift_->view.policy.calendars[a.calendar];
  if (a.until && hours.between(shift_->now(), *a.until) < *rules.reroute_absent_us) {
    return std::nullopt;
  }
  const double minutes = minutes_of(*rules.reroute_absent_us);
  return why_back{"ABSENT",
                  absent + ", for " + short_text(minutes) + " minutes of business time or longer"};
}

std::optional<why_back> sweep_run::judge_silent(const ticket& t, const event_columns& rows) const {
  const auto limit = shift_->view.policy.routing.reroute_silent_us;
  const auto since = waits_since(t);
  if (!limit || !since || !waits_for_us(t.status)) return std::nullopt;
  const std::int64_t from = std::max(*since, last_sign_of_agent(t, rows));
  const std::int64_t silent = shift_->view.hours_of(t).between(from, shift_->now());
  if (silent < *limit) return std::nullopt;
  const double minutes = minutes_of(silent);
  return why_back{"SILENT",
                  "the customer waits, and " + t.agent + " did nothing for " + short_text(minutes) +
                      " minutes of business time"};
}

std::optional<why_back> sweep_run::judge(const ticket& t, const event_columns& rows) const {
  const auto who = shift_->who->find(t.agent);
  if (!who) return why_back{"UNKNOWN_AGENT", t.agent + " is not in table 'agents'"};
  const agent& a = shift_->who->agents()[*who];
  if (a.status_at(shift_->now()) == "deleted") return why_back{"DELETED", a.id + " is deleted"};
  if (auto why = judge_absent(t, a)) return why;
  return judge_silent(t, rows);
}

// In the order of work; the one who was silent is not asked again.
void sweep_run::ask_for_others() {
  std::map<const ticket*, taken_back*> by_ticket;
  for (taken_back& b : taken_) by_ticket.emplace(b.of, &b);
  std::vector<demand> demands;
  for (const ticket_index& x : rank_tickets(shift_->view)) {
    const auto found = by_ticket.find(&shift_->view.book.tickets[x.ticket]);
    if (found == by_ticket.end()) continue;
    found->second->demand = demands.size();
    demands.push_back(demand_of(*shift_, x));
    demands.back().taken_from = found->first->agent;
  }
  matching_.emplace(*shift_->who, std::move(demands), mode_);
}

double sweep_run::read() {
  shift_ = read_shift(asked_);
  remember(*shift_, asked_.in);
  const event_columns rows(*shift_->view.book.rows);
  for (const ticket& t : shift_->view.book.tickets) {
    if (!is_active(t.status) || t.agent.empty()) continue;
    auto why = judge(t, rows);
    if (!why) continue;
    if (const auto who = shift_->who->find(t.agent)) {
      shift_->who->give_back(*who, t.channel, waits_for_us(t.status));
    }
    taken_.push_back({.of = &t, .why = std::move(*why), .demand = {}});
  }
  ask_for_others();
  return 1;
}

void sweep_run::write(outcome& out) const {
  report_writer main({{"ticket", type::utf8},
                      {"customer", type::utf8},
                      {"agent", type::utf8},
                      {"code", type::utf8},
                      {"reason", type::utf8},
                      {"to", type::utf8},
                      {"fit", type::f64},
                      {"to_reason", type::utf8}});
  assignment_events events(*shift_);
  for (const taken_back& b : taken_) {
    std::optional<std::string> to;
    std::optional<double> fit;
    std::string reason = "it does not wait for us: it is given out when the customer answers";
    if (b.demand && matching_->of(*b.demand)) {
      const desk::match& m = *matching_->of(*b.demand);
      to = shift_->who->agents()[m.agent].id;
      fit = m.parts.fit();
      reason = m.reason;
      events.assigned(*b.of, shift_->who->agents()[m.agent], true);
    } else {
      if (b.demand) reason = matching_->why_not(*b.demand).reason;
      events.unassigned(*b.of);
    }
    main.row(b.of->id, b.of->customer, b.of->agent, b.why.code, b.why.reason, to, fit, reason);
  }
  out.tables[""] = main.sealed(asked_.seal);
  out.tables["events"] = events.sealed(asked_.seal);
}

job sweep_begin(report_inputs in, std::string_view options_json) {
  return desk_job("match",
                  std::make_shared<sweep_run>(
                      desk_call(sweep_name, std::move(in), options_json, sweep_option_rows)));
}

}  // namespace

constinit const report desk_sweep_report{
    .name = sweep_name,
    .summary = "Tickets taken back from agents who are gone, absent or silent, and who gets them",
    .needs_model = false,
    .inputs = sweep_inputs,
    .options = sweep_option_rows,
    .outputs = sweep_outputs,
    .begin = sweep_begin,
};

}  // namespace clv

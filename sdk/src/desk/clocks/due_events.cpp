#include "desk/clocks/due_events.hpp"

#include "math/json.hpp"

namespace clv::desk {
namespace {

// One clock of a ticket with all that is asked about it.
struct clock_case {
  const traced_clocks& traced;
  const said_of_ticket& said;
  const ticket_clock& clock;
  const clock_run& run;

  due_event event(std::int64_t time, clock_word word) const {
    return {.time = time,
            .word = word,
            .clock = clock.kind,
            .started = clock.started,
            .due = clock.due,
            .elapsed_us = clock.elapsed_us,
            .target_us = clock.target_us};
  }
};

// While it stands still a warning would ask an agent to hurry who can do nothing; it is given when
// the clock goes on. Past the due time the breach takes its place.
void append_warnings(const clock_case& of, std::vector<due_event>& out) {
  if (of.run.breach || of.clock.stands) return;
  for (const std::int64_t before : of.traced.view.policy->warn_before_us) {
    const auto at = warning_of(of.run, of.traced.rules, before);
    if (!at || of.said.warning(of.clock.kind, of.clock.started, before)) continue;
    due_event e = of.event(*at, clock_word::warning);
    e.elapsed_us = of.clock.target_us - before;
    e.before_us = before;
    out.push_back(e);
  }
}

void append_breach(const clock_case& of, std::vector<due_event>& out) {
  if (!of.run.breach || of.run.breached_before) return;
  if (of.said.breach(of.clock.kind, of.clock.started)) return;
  due_event e = of.event(*of.run.breach, clock_word::breach);
  e.elapsed_us = of.clock.target_us;
  out.push_back(e);
}

void append_result(const clock_case& of, std::vector<due_event>& out) {
  if (!of.run.ended) return;
  due_event e = of.event(*of.run.ended, of.run.breach ? clock_word::missed : clock_word::hit);
  e.row = of.run.ended_by;
  out.push_back(e);
}

}  // namespace

void append_due(const traced_clocks& traced,
                const said_of_ticket& said,
                std::vector<due_event>& out) {
  for (std::size_t at = 0; at < traced.runs.size(); ++at) {
    const clock_case of{traced, said, traced.view.clocks[at], traced.runs[at]};
    if (of.clock.frozen) continue;
    append_warnings(of, out);
    append_breach(of, out);
    append_result(of, out);
  }
}

std::string event_id_of(std::string_view ticket, const due_event& e) {
  std::string id(ticket);
  id += '/';
  id += clock_names[static_cast<std::size_t>(e.clock)];
  id += '/' + format_time(e.started) + '/';
  id += clock_words[static_cast<std::size_t>(e.word)];
  if (e.word == clock_word::warning) {
    id += '/' + math::to_text(minutes_of(e.before_us));
  }
  return id;
}

}  // namespace clv::desk

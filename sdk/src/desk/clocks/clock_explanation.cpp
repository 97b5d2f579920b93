#include "desk/clocks/clock_explanation.hpp"

#include <algorithm>

namespace clv::desk {
namespace {

std::string_view name_of(clock_kind kind) {
  return clock_names[static_cast<std::size_t>(kind)];
}

std::string day_in(const business_calendar& by, std::int64_t us) {
  return format_day(by.where().day_of(us));
}

}  // namespace

void clock_explanation::stand(const clock_run& run,
                              const business_calendar& by,
                              const clock_stretch& s) {
  if (s.from == s.to) return;
  rows_.row(name_of(run.kind),
            run.started,
            day_in(by, s.from),
            s.from,
            s.to,
            0.0,
            "stands still: " + std::string(status_names[static_cast<std::size_t>(s.status)]));
}

// The due time parts what counts towards the target from what comes too late.
void clock_explanation::count(const clock_run& run,
                              const business_calendar& by,
                              span_of_time within) {
  const bool late = run.breach && within.from >= *run.breach;
  for (const counted& step : by.explain(within.from, within.to)) {
    const bool counts = step.skipped.empty();
    rows_.row(
        name_of(run.kind),
        run.started,
        format_day(step.day),
        step.from,
        step.to,
        counts ? minutes_of(step.to - step.from) : 0.0,
        !counts ? step.skipped : std::string(late ? "counted, past the due time" : "counted"));
  }
}

void clock_explanation::add(const traced_clocks& traced, std::size_t at) {
  const clock_run& run = traced.runs[at];
  const ticket_clock& c = traced.view.clocks[at];
  const business_calendar& by = *traced.rules.calendar;
  const auto whole = [&](std::int64_t to, std::int64_t us, const std::string& reason) {
    rows_.row(name_of(run.kind),
              run.started,
              day_in(by, run.started),
              run.started,
              to,
              minutes_of(us),
              reason);
  };
  if (c.frozen) {
    return whole(
        *c.ended, c.elapsed_us, "as it was recorded at its end: rules no longer change it");
  }
  if (run.carried_us > 0) whole(run.started, run.carried_us, "used before it was reopened");
  for (const clock_stretch& s : run.stretches) {
    if (!s.counts) {
      stand(run, by, s);
      continue;
    }
    const bool goes_on = &s == &run.stretches.back() && c.active;
    const std::int64_t to = goes_on && !run.breach && run.due ? std::max(s.to, *run.due) : s.to;
    const std::int64_t due = run.breach ? std::clamp(*run.breach, s.from, to) : to;
    count(run, by, {s.from, due});
    if (due < to) count(run, by, {due, to});
  }
}

std::string why_no_clock(const ticket& t, const traced_clocks& traced) {
  const auto& all = traced.view.clocks;
  if (std::any_of(all.begin(), all.end(), [](const ticket_clock& c) { return c.active; }))
    return "";
  const std::string who = "ticket '" + t.id + "' has no active clock: ";
  if (t.status == ticket_status::merged) {
    return who + "it is merged, '" + t.merged_into + "' goes on";
  }
  if (!is_active(t.status)) {
    return who + "it is " + std::string(status_names[static_cast<std::size_t>(t.status)]);
  }
  if (traced.view.policy == nullptr) return who + "no policy fits it";
  return who + "policy '" + traced.view.policy->name + "' has no target for what is open";
}

}  // namespace clv::desk

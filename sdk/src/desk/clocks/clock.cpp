#include "desk/clocks/clock.hpp"

#include <algorithm>

#include "desk/clocks/clock_run.hpp"

namespace clv::desk {
namespace {

clock_rules rules_of(const sla_policy* policy, const desk_policy& desk, std::string_view tier) {
  if (policy == nullptr) return {.calendar = &desk.calendars[desk.calendar]};
  return {.calendar = &desk.calendars[policy->calendar],
          .targets = targets_for(*policy, tier),
          .pauses_pending = policy->pauses_pending,
          .pauses_waiting = policy->pauses_waiting,
          .restart_on_reopen = policy->restart_on_reopen};
}

ticket_clock frozen_clock(const clock_run& run, const said_event& result) {
  return {.kind = run.kind,
          .state = result.word == clock_word::hit ? clock_state::hit : clock_state::missed,
          .active = false,
          .started = run.started,
          .started_by = run.started_by,
          .target_us = result.target_us,
          .elapsed_us = result.elapsed_us,
          .carried_us = std::min(run.carried_us, result.elapsed_us),
          .due = result.due,
          .ended = result.time,
          .frozen = true};
}

clock_state state_of(const clock_run& run) {
  if (run.breach) return clock_state::missed;
  if (run.ended) return clock_state::hit;
  return run.stretches.back().counts ? clock_state::running : clock_state::paused;
}

ticket_clock clock_as_computed(const clock_run& run, std::int64_t target_us) {
  return {.kind = run.kind,
          .state = state_of(run),
          .active = !run.ended,
          .stands = !run.ended && !run.stretches.back().counts,
          .started = run.started,
          .started_by = run.started_by,
          .target_us = target_us,
          .elapsed_us = run.elapsed_us,
          .carried_us = run.carried_us,
          .due = run.breach ? run.breach : run.due,
          .ended = run.ended,
          .frozen = false};
}

// A result that was recorded is a clock whatever the rules say now; otherwise a target makes one.
std::optional<ticket_clock> clock_of(const clock_run& run,
                                     const clock_rules& rules,
                                     const said_of_ticket& said) {
  if (const said_event* result = said.result(run.kind, run.started)) {
    return frozen_clock(run, *result);
  }
  const auto target = rules.targets[static_cast<std::size_t>(run.kind)];
  if (run.held || !target) return std::nullopt;
  return clock_as_computed(run, *target);
}

}  // namespace

std::optional<std::int64_t> clock_view::due() const {
  std::optional<std::int64_t> first;
  for (const ticket_clock& c : clocks) {
    if (c.active && !c.stands && c.due && (!first || *c.due < *first)) first = c.due;
  }
  return first;
}

traced_clocks trace_clocks(const ticket& t,
                           const desk_policy& desk,
                           std::string_view tier,
                           const recorded_clocks* recorded,
                           std::int64_t now) {
  traced_clocks traced;
  traced.view.tier = tier;
  traced.view.policy = find_policy(desk,
                                   {.severity = t.severity,
                                    .channel = t.channel,
                                    .category = t.category,
                                    .team = t.team,
                                    .tier = tier});
  const said_of_ticket said = recorded != nullptr ? recorded->of(t.id) : said_of_ticket();
  if (traced.view.policy == nullptr && said.empty()) return traced;
  traced.rules = rules_of(traced.view.policy, desk, tier);
  std::vector<clock_run> runs = runs_of(t, traced.rules, said, now);
  std::stable_sort(runs.begin(), runs.end(), [](const clock_run& a, const clock_run& b) {
    return a.kind < b.kind;
  });
  for (clock_run& run : runs) {
    const auto clock = clock_of(run, traced.rules, said);
    if (!clock) continue;
    traced.view.clocks.push_back(*clock);
    traced.runs.push_back(std::move(run));
  }
  return traced;
}

clock_view clocks_of(const ticket& t,
                     const desk_policy& desk,
                     std::string_view tier,
                     const recorded_clocks* recorded,
                     std::int64_t now) {
  return trace_clocks(t, desk, tier, recorded, now).view;
}

}  // namespace clv::desk

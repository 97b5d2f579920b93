// The walk over a ticket's events that starts, pauses and ends its clocks.
#include "desk/clocks/clock_run.hpp"

#include <algorithm>

namespace clv::desk {
namespace {

class clock_walk {
 public:
  clock_walk(const clock_rules& rules, const said_of_ticket& said) : rules_(rules), said_(said) {}

  void begin(const ticket_event& first);
  void take(const ticket_event& e);
  std::vector<clock_run> finish(std::int64_t now);

 private:
  enum class mode : std::uint8_t { counts, stands, ended };
  mode mode_of(ticket_status s) const;
  // Closes the stretch since the last change. `at_due`: a due time at `to` itself has passed.
  void advance(clock_run& run, std::int64_t to, bool at_due);
  void change(clock_run* run, const ticket_event& e);
  std::int64_t name_of_start(clock_kind kind, std::int64_t time) const;
  void start(clock_kind kind, const ticket_event& e);
  void end(clock_run& run, const ticket_event& e);
  void close(clock_run& run, const ticket_event& e);
  void leave(const ticket_event& e);
  void come_back(const ticket_event& e);
  bool is_over(const clock_run& run, std::int64_t now) const;
  bool was_hit(const clock_run& run) const;

  clock_run* open(std::optional<std::size_t> at) { return at ? &runs_[*at] : nullptr; }
  std::optional<std::int64_t> target(const clock_run& run) const {
    return rules_.targets[static_cast<std::size_t>(run.kind)];
  }

  const clock_rules& rules_;
  const said_of_ticket& said_;
  ticket_status status_ = ticket_status::fresh;
  std::vector<clock_run> runs_;
  std::optional<std::size_t> response_, resolution_;  // runs that have not ended
  std::optional<std::size_t> resolved_;               // the last resolution that has
};

bool is_answer(const ticket_event& e) {
  return e.kind == event_kind::message_out && !e.automatic;
}

bool is_message(const ticket_event& e) {
  return e.kind == event_kind::message_in && !e.automatic;
}

clock_walk::mode clock_walk::mode_of(ticket_status s) const {
  if (!is_active(s)) return mode::ended;
  const bool stands = (s == ticket_status::pending && rules_.pauses_pending) ||
                      (s == ticket_status::waiting_customer && rules_.pauses_waiting);
  return stands ? mode::stands : mode::counts;
}

// The walk gives a stretch that is open the end of its start.
void clock_walk::advance(clock_run& run, std::int64_t to, bool at_due) {
  clock_stretch& last = run.stretches.back();
  last.to = to;
  run.due.reset();
  const auto limit = target(run);
  if (!last.counts || !limit) return;
  last.used_us = rules_.calendar->between(last.from, to);
  const std::int64_t left = std::max<std::int64_t>(0, *limit - run.elapsed_us);
  run.elapsed_us += last.used_us;
  if (run.breach) return;
  const std::int64_t due = rules_.calendar->add(last.from, left);
  if (due == end_of_time) return;
  run.due = due;
  // Hours that are closed lie between the due time and what has been used by now: an answer on
  // Saturday to what was due on Friday evening used no more than the target and is late.
  if (due < to || (at_due && due == to)) run.breach = due;
}

// A run that is open goes through a change of status.
void clock_walk::change(clock_run* run, const ticket_event& e) {
  if (run == nullptr) return;
  const mode next = mode_of(e.status);
  clock_stretch& last = run->stretches.back();
  // Two stretches that count stay one: a due time is counted from where it began to run.
  if (last.counts && next == mode::counts) return;
  if (last.from == e.time) {
    last.status = e.status;
    last.counts = next == mode::counts;
    return;
  }
  advance(*run, e.time, false);
  run->stretches.push_back(
      {.from = e.time, .to = e.time, .status = e.status, .counts = next == mode::counts});
}

// A run is known by its kind and start. In a log of whole days a ticket is created, resolved and
// reopened at one instant: the later run is named a microsecond on.
std::int64_t clock_walk::name_of_start(clock_kind kind, std::int64_t time) const {
  const auto before = std::find_if(
      runs_.rbegin(), runs_.rend(), [&](const clock_run& r) { return r.kind == kind; });
  return before == runs_.rend() ? time : std::max(time, before->started + 1);
}

void clock_walk::start(clock_kind kind, const ticket_event& e) {
  clock_run run{.kind = kind, .started = name_of_start(kind, e.time), .started_by = e.row};
  run.stretches.push_back({.from = e.time,
                           .to = e.time,
                           .status = e.status,
                           .counts = mode_of(e.status) == mode::counts});
  (kind == clock_kind::resolution ? resolution_ : response_) = runs_.size();
  runs_.push_back(std::move(run));
}

void clock_walk::end(clock_run& run, const ticket_event& e) {
  advance(run, e.time, false);
  close(run, e);
}

void clock_walk::close(clock_run& run, const ticket_event& e) {
  run.ended = e.time;
  run.ended_by = e.row;
  if (run.kind == clock_kind::resolution) {
    resolved_ = resolution_;
    resolution_.reset();
  } else {
    response_.reset();
  }
}

// A result that was recorded later says that the run went on beyond this moment.
bool clock_walk::is_over(const clock_run& run, std::int64_t now) const {
  const said_event* result = said_.result(run.kind, run.started);
  return result != nullptr ? result->time <= now : run.breach.has_value();
}

bool clock_walk::was_hit(const clock_run& run) const {
  const said_event* result = said_.result(run.kind, run.started);
  return result != nullptr && result->word == clock_word::hit;
}

// The ticket is no longer worked on. What is late by then was missed. What is in time and got no
// answer is neither: it stands still, is no clock, and goes on should the ticket come back.
void clock_walk::leave(const ticket_event& e) {
  for (clock_run* run : {open(response_), open(resolution_)}) {
    if (run == nullptr) continue;
    if (run->kind == clock_kind::resolution && e.status != ticket_status::merged) {
      end(*run, e);
      continue;
    }
    change(run, e);
    if (is_over(*run, e.time)) close(*run, e);
  }
}

void clock_walk::come_back(const ticket_event& e) {
  change(open(response_), e);
  if (resolution_) return change(open(resolution_), e);
  start(clock_kind::resolution, e);
  const bool anew = rules_.restart_on_reopen && e.kind != event_kind::split;
  if (!resolved_ || anew) return;
  clock_run& run = runs_[*resolution_];
  const clock_run& before = runs_[*resolved_];
  run.carried_us = run.elapsed_us = before.elapsed_us;
  // A result that was recorded as kept under other rules had no breach yet: this run may have one.
  if (before.breach && !was_hit(before)) {
    run.breach = before.breach;
    run.breached_before = true;
  }
}

void clock_walk::begin(const ticket_event& first) {
  // A ticket that an agent opened by writing to the customer owes no first answer.
  if (!is_answer(first)) start(clock_kind::first_response, first);
  start(clock_kind::resolution, first);
  status_ = ticket_status::fresh;
}

void clock_walk::take(const ticket_event& e) {
  if (is_answer(e) && response_) end(*open(response_), e);
  if (e.status != status_) {
    const bool was = is_active(status_), is = is_active(e.status);
    if (was && !is) leave(e);
    if (!was && is) come_back(e);
    if (was && is) {
      change(open(response_), e);
      change(open(resolution_), e);
    }
    status_ = e.status;
  }
  if (is_message(e) && !response_ && is_active(e.status)) start(clock_kind::next_response, e);
}

std::vector<clock_run> clock_walk::finish(std::int64_t now) {
  for (clock_run* run : {open(response_), open(resolution_)}) {
    if (run == nullptr) continue;
    advance(*run, now, true);
    run->held = !is_active(status_);
  }
  return std::move(runs_);
}

}  // namespace

std::vector<clock_run> runs_of(const ticket& t,
                               const clock_rules& rules,
                               const said_of_ticket& said,
                               std::int64_t now) {
  if (t.events.empty()) return {};
  clock_walk walk(rules, said);
  walk.begin(t.events.front());
  for (const ticket_event& e : t.events) walk.take(e);
  return walk.finish(now);
}

std::optional<std::int64_t> warning_of(const clock_run& run,
                                       const clock_rules& rules,
                                       std::int64_t before_us) {
  const auto target = rules.targets[static_cast<std::size_t>(run.kind)];
  if (!target || *target <= before_us || *target - before_us <= run.carried_us) return std::nullopt;
  std::int64_t used = run.carried_us;
  for (const clock_stretch& s : run.stretches) {
    if (s.counts && used + s.used_us >= *target - before_us) {
      const std::int64_t due =
          rules.calendar->add(s.from, std::max<std::int64_t>(0, *target - used));
      const std::int64_t at = std::max(s.from, rules.calendar->subtract(due, before_us));
      // What ends or pauses a clock at that very instant comes before the warning.
      const bool goes_on = &s == &run.stretches.back() && !run.ended;
      if (at < s.to || (goes_on && at == s.to)) return at;
    }
    used += s.used_us;
  }
  return std::nullopt;
}

}  // namespace clv::desk

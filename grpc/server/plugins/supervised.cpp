#include "plugins/supervised.hpp"

#include <algorithm>
#include <utility>

#include "plugins/granted.hpp"

namespace clvd::plugins {
namespace {

milliseconds until(instant then, instant now) {
  return then <= now ? milliseconds(0) : std::chrono::ceil<milliseconds>(then - now);
}

}  // namespace

supervised::supervised(plugin_config config,
                       std::unique_ptr<home> where,
                       const restart_policy& policy,
                       const ticks& clock,
                       event_log log)
    : config_(std::move(config)),
      file_(config_.path),
      policy_(policy),
      clock_(clock),
      log_(std::move(log)),
      home_(std::move(where)),
      past_(policy),
      enabled_(config_.enabled) {
  state_.name = config_.name;
  state_.where = home_->name();
  if (!enabled_) state_.condition = "disabled";
}

bool supervised::is_enabled() const {
  const std::scoped_lock held(telling_);
  return enabled_;
}

void supervised::set_condition(const char* condition) {
  const std::scoped_lock held(telling_);
  state_.condition = enabled_ ? condition : "disabled";
}

plugin_state supervised::state() const {
  const std::scoped_lock held(telling_);
  plugin_state now = state_;
  now.quarantined_for = until(quarantine_until_, clock_.now());
  return now;
}

description supervised::says() const {
  const std::scoped_lock held(telling_);
  return state_.says;
}

std::string supervised::sha256() {
  return config_.where == mode::remote ? std::string() : file_.now();
}

std::unique_lock<turn> supervised::enter(const patience& wait) {
  const milliseconds most =
      wait.deadline == instant::max() ? milliseconds(60'000) : until(wait.deadline, clock_.now());
  std::unique_lock held(working_, most);
  if (!held) throw plugin_failure(fault::timeout, "another call kept it busy until the deadline");
  return held;
}

// Throws when it must not be asked now.
void supervised::admit(instant now) {
  if (!is_enabled()) throw plugin_failure(fault::disabled, "it is switched off");
  const instant then = past_.not_before(now);
  if (then == instant::min()) return;
  const bool quarantined = past_.quarantined(now);
  plugin_failure why(quarantined ? fault::quarantined : fault::crashed,
                     quarantined ? "it crashed too often and is left alone for a while"
                                 : "it has just ended and is started again soon");
  why.retry_after = until(then, now);
  throw why;
}

void supervised::stop() {
  home_->stop();
  was_running_ = false;
}

void supervised::start(const patience& wait) {
  const instant limit = clock_.now() + policy_.start_limit;
  try {
    description found =
        home_->start({.deadline = std::min(wait.deadline, limit), .cancelled = wait.cancelled});
    const std::scoped_lock held(telling_);
    if (!state_.says.id.empty()) ++state_.restarts;
    state_.says = std::move(found);
    state_.condition = "serving";
  } catch (const plugin_failure& e) {
    stop();
    const bool impatient =
        e.what_kind == fault::cancelled || (e.what_kind == fault::timeout && wait.deadline < limit);
    note_failure(e, !impatient, {});
    throw;
  }
  was_running_ = true;
  last_used_ = clock_.now();
  log_("plugin_started", config_.name, "", 0);
}

void supervised::ensure_started(const patience& wait) {
  if (home_->running()) return;
  if (std::exchange(was_running_, false)) {  // it went while nobody asked
    const plugin_failure why(fault::crashed, "its process ended while it was idle");
    note_failure(why, true, {});
    stop();
    admit(clock_.now());
  }
  start(wait);
}

void supervised::note_failure(const plugin_failure& why, bool its_fault, const std::string& input) {
  if (its_fault) past_.crashed(clock_.now(), input);
  const bool quarantined = past_.quarantined(clock_.now());
  {
    const std::scoped_lock held(telling_);
    ++state_.failures;
    if (its_fault) ++state_.crashes;
    if (why.what_kind == fault::timeout) ++state_.timeouts;
    if (why.signal != 0) state_.last_signal = why.signal;
    state_.last_reason = reason_of(why.what_kind);
    state_.last_message = why.message;
    if (its_fault && enabled_) state_.condition = quarantined ? "quarantined" : "backing_off";
    quarantine_until_ = past_.quarantine_until();
  }
  log_(quarantined && its_fault ? "plugin_quarantined" : "plugin_failed",
       config_.name,
       reason_of(why.what_kind),
       why.signal);
}

// `own_limit`: the deadline is the plugin's own, not that of a caller in a hurry, whose short
// patience must not send a good plugin to quarantine.
std::unique_ptr<home_answer> supervised::run(const run_input& input, bool own_limit) {
  try {
    auto answer = home_->propose(input);
    past_.worked();
    const std::scoped_lock held(telling_);
    ++state_.runs;
    return answer;
  } catch (const plugin_failure& e) {
    const bool impatient =
        e.what_kind == fault::cancelled || (e.what_kind == fault::timeout && !own_limit);
    const bool ended = e.what_kind == fault::timeout || !home_->running();
    const bool its_fault = ended && !impatient;
    note_failure(e, its_fault, its_fault ? sha256_of(input.columns) : std::string());
    if (!home_->running()) was_running_ = false;
    throw;
  }
}

std::unique_ptr<home_answer> supervised::propose(const clv_batch& candidates,
                                                 std::int64_t now_us,
                                                 std::uint64_t seed,
                                                 const patience& wait) {
  const auto held = enter(wait);
  admit(clock_.now());
  if (wait.deadline <= clock_.now()) {
    throw plugin_failure(fault::timeout, "the deadline had passed before it was asked");
  }
  ensure_started(wait);
  const granted_columns granted(candidates, says(), config_.grant, config_.where != mode::remote);
  if (past_.remembers_inputs(clock_.now()) && past_.ended_it(sha256_of(granted.batch()))) {
    throw plugin_failure(fault::quarantined, "it ended on these very customers before");
  }
  const instant limit = clock_.now() + config_.time_limit;
  const patience both{.deadline = std::min(wait.deadline, limit), .cancelled = wait.cancelled};
  auto answer = run({granted.batch(), now_us, seed, both}, limit <= wait.deadline);
  last_used_ = clock_.now();
  return answer;
}

void supervised::distrust(const plugin_failure& why) {
  const std::scoped_lock held(working_);
  stop();
  note_failure(why, true, {});
}

// A process that has grown, or has used half its time, is replaced before it fails.
void supervised::recycle_if_grown() {
  const home_usage used = home_->usage();
  {
    const std::scoped_lock held(telling_);
    state_.used = used;
  }
  const bool grown = config_.recycle_rss_bytes != 0 && used.rss_bytes > config_.recycle_rss_bytes;
  const bool old = config_.cpu_seconds != 0 && used.cpu_seconds > config_.cpu_seconds / 2;
  if (!grown && !old) return;
  stop();
  log_("plugin_recycled", config_.name, grown ? "memory" : "processor time", 0);
  {
    const std::scoped_lock held(telling_);
    ++state_.recycles;
  }
  ensure_started({});
}

void supervised::check_idle() {
  if (clock_.now() - last_used_ < policy_.ping_after) return;
  try {
    home_->check({.deadline = clock_.now() + policy_.ping_limit});
    last_used_ = clock_.now();
  } catch (const plugin_failure& e) {
    stop();
    note_failure(e, true, {});
    throw;
  }
}

void supervised::tick() {
  const std::unique_lock held(working_, std::try_to_lock);
  if (!held || !is_enabled()) return;
  try {
    if (past_.not_before(clock_.now()) != instant::min()) return;
    ensure_started({});
    check_idle();
    recycle_if_grown();
  } catch (const plugin_failure&) {
    // Noted where it happened; whoever asks next is told.
  }
}

void supervised::set_enabled(bool enabled) {
  {
    const std::scoped_lock telling(telling_);
    enabled_ = enabled;  // from here on nobody enters
    if (!enabled) state_.condition = "disabled";
  }
  if (!enabled) log_("plugin_disabled", config_.name, "", 0);
  const std::scoped_lock held(working_);
  if (!is_enabled()) return stop();
  set_condition(home_->running() ? "serving" : "stopped");
  forgive();
  log_("plugin_enabled", config_.name, "", 0);
}

void supervised::forgive() {
  past_.forgive();
  const std::scoped_lock telling(telling_);
  quarantine_until_ = instant::min();
  if (state_.condition != "serving") state_.condition = enabled_ ? "stopped" : "disabled";
}

void supervised::reload() {
  const std::scoped_lock held(working_);
  stop();
  set_condition("stopped");
  forgive();
  if (is_enabled()) ensure_started({});
}

}  // namespace clvd::plugins

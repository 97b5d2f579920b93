// One configured plugin, watched: started when needed, asked within its limits, left alone when it
// crashes too often. Everything that goes wrong with a plugin goes through here.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "plugins/config.hpp"
#include "plugins/crashes.hpp"
#include "plugins/digest.hpp"
#include "plugins/home.hpp"
#include "plugins/turn.hpp"

namespace clvd::plugins {

// For the log: an event's name, the plugin's configured name, the reason and the signal. Never what
// a plugin said: that may hold a customer's value. [any]
using event_log = std::function<void(
    std::string_view event, std::string_view plugin, std::string_view reason, int signal)>;

struct plugin_state {
  // Whether the next run may ask it, as far as is known.
  bool is_ready() const {
    return condition == "serving" || (condition == "stopped" && last_reason.empty());
  }
  std::string name;                   // configured
  std::string where;                  // "isolated", "trusted", "remote"
  std::string condition = "stopped";  // or serving, backing_off, quarantined, disabled
  description says;                   // of the last good start
  std::uint64_t runs = 0, failures = 0, crashes = 0, timeouts = 0, restarts = 0, recycles = 0;
  int last_signal = 0;              // 0 = none yet
  std::string last_reason;          // PLUGIN_...; "" = none yet
  std::string last_message;         // for an operator, not for a log
  milliseconds quarantined_for{0};  // still
  home_usage used;
};

class supervised {
 public:
  supervised(plugin_config config,
             std::unique_ptr<home> where,
             const restart_policy& policy,
             const ticks& clock,
             event_log log);
  supervised(const supervised&) = delete;
  supervised& operator=(const supervised&) = delete;

  const plugin_config& config() const { return config_; }

  // One run over the columns of `candidates` it is granted. Throws plugin_failure. A second call
  // waits for the first, at most until its own deadline. [any]
  std::unique_ptr<home_answer> propose(const clv_batch& candidates,
                                       std::int64_t now_us,
                                       std::uint64_t seed,
                                       const patience& until);
  // What it answered broke the rules after all: its process is not kept. [any]
  void distrust(const plugin_failure& why);
  // Starts it if it may, asks an idle one whether it lives, replaces one that has grown. Does
  // nothing while a run is on. [any]
  void tick();
  // Switched on, its past is forgiven; switched off, its process ends after a run that is on. [any]
  void set_enabled(bool enabled);
  // A new process, and the past forgiven. Throws plugin_failure when it does not start. [any]
  void reload();
  plugin_state state() const;  // at once, also during a run. [any]
  description says() const;    // of the last good start
  // Of its file as it is now, "" where there is none. [any]
  std::string sha256();

 private:
  const plugin_config config_;
  file_digest file_;
  const restart_policy policy_;
  const ticks& clock_;
  const event_log log_;
  turn working_;  // held for a run
  std::unique_ptr<home> home_;
  crash_record past_;
  instant last_used_ = instant::min();
  bool was_running_ = false;
  mutable std::mutex telling_;  // guards what follows
  plugin_state state_;
  bool enabled_;
  instant quarantine_until_ = instant::min();

  void admit(instant now);
  void ensure_started(const patience& until);
  void start(const patience& until);
  void stop();
  void forgive();
  std::unique_ptr<home_answer> run(const run_input& input, bool own_limit);
  void note_failure(const plugin_failure& why, bool its_fault, const std::string& input);
  void check_idle();
  void recycle_if_grown();
  void set_condition(const char* condition);
  bool is_enabled() const;
  std::unique_lock<turn> enter(const patience& until);
};

}  // namespace clvd::plugins

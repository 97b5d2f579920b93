// Where a plugin lives: in a process of its own, in this one, or behind an address. Each answers
// the same two questions; what happens when it does not is supervised.hpp's.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clv.h"
#include "plugins/failure.hpp"
#include "plugins/ticks.hpp"
#include "tables.hpp"

namespace clvd::plugins {

// What a plugin says of itself.
struct description {
  std::string id, name, version, vendor, licence, summary;
  std::vector<std::string> reads, actions;
};

// A time to be done by, and whether anybody still waits. The flag may be null.
struct patience {
  instant deadline = instant::max();
  const std::atomic<bool>* cancelled = nullptr;
  bool is_cancelled() const { return cancelled != nullptr && cancelled->load(); }
};

// Throws plugin_failure{failed} for a plugin that only computes features or segments: a server asks
// for proposals. `capabilities` is what it offers.
void require_actions(const description& says, const std::string& capabilities);

// What a plugin sees of one run.
struct run_input {
  const clv_batch& columns;  // those it is granted, and "customer", which random numbers go by
  std::int64_t now_us = 0;
  std::uint64_t seed = 0;
  patience until;
};

// What libclv or a plugin said, without making the answer wrong.
struct warning {
  std::string plugin;  // "" = libclv itself
  std::string message;
};

// An entry of a clv_diag after a run.
struct note {
  clv_status status;
  clv_log_level level;
  std::string message;
};
// Keeps what people should see among `warnings`. Throws plugin_failure{failed} for the note that
// says that the plugin failed: libclv then has dropped its proposals.
void take_note(const note& said, const std::string& id, std::vector<warning>& warnings);

// Proposals as the home got them; checked by proposals.hpp before anybody else sees them.
class home_answer {
 public:
  virtual ~home_answer() = default;
  virtual const clv_batch& proposals() const = 0;
  std::vector<warning> warnings;
};

struct home_usage {
  std::uint64_t rss_bytes = 0;
  std::uint64_t cpu_seconds = 0;
};

class home {
 public:
  home() = default;
  home(const home&) = delete;
  home& operator=(const home&) = delete;
  virtual ~home() = default;

  // "isolated", "trusted", "remote".
  virtual const char* name() const = 0;
  // Makes the plugin ready. Throws plugin_failure. [one]
  virtual description start(const patience& until) = 0;
  // Throws plugin_failure. [one]
  virtual std::unique_ptr<home_answer> propose(const run_input& input) = 0;
  // Whether it would still answer; asked when nothing else is. Throws plugin_failure. [one]
  virtual void check(const patience& until) = 0;
  // Whether start() must come before the next run. [one]
  virtual bool running() const = 0;
  virtual void stop() = 0;                         // [one]
  virtual home_usage usage() const { return {}; }  // [one]
};

}  // namespace clvd::plugins

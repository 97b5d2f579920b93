// All configured plugins of a server, asked in their order, each contained.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "plugins/proposals.hpp"
#include "plugins/spawner.hpp"
#include "plugins/supervised.hpp"

namespace clvd::plugins {

struct supervisor_options {
  std::vector<plugin_config> plugins;
  std::vector<std::string> trusted_sha256;  // digests of files that mode trusted may load
  std::string host_program;                 // absolute path of clv-plugin-host; for mode isolated
  restart_policy restarts;
  // A thread that watches idle plugins every second; without it somebody calls tick().
  bool housekeeping = true;
};

// Who answered for one plugin in one run.
struct served {
  std::string plugin;  // its id; its configured name while it has never started
  std::string by;      // "isolated", "trusted", "remote"; "" = nobody, and why:
  std::string reason;  // PLUGIN_...
  std::string message;
};

struct run_outcome {
  std::unique_ptr<proposal_table> proposals;  // of those that worked, in the order of plugins
  std::vector<served> served_by;              // every plugin, once
  std::vector<warning> warnings;
  // A plugin whose configuration says `fail` did: without it there is nothing to decide by, and the
  // caller must be told instead of being given what the others said.
  std::optional<plugin_failure> refused;
};

class supervisor {
 public:
  // Starts nothing yet. Throws std::invalid_argument: a path that is not absolute, a name twice, an
  // address that is not of this machine. `clock` must outlive this object.
  supervisor(supervisor_options options, const ticks& clock, event_log log);
  ~supervisor();  // ends all processes
  supervisor(const supervisor&) = delete;
  supervisor& operator=(const supervisor&) = delete;

  // Starts all that are enabled; the names of those that did not, and why. [any]
  std::vector<served> start_all();
  // Asks all. `candidates` must live as long as the outcome. Throws plugin_failure{cancelled} only.
  // [any]
  run_outcome propose(const clv_batch& candidates,
                      std::int64_t now_us,
                      std::uint64_t seed,
                      const patience& until);
  void tick();                               // [any]
  std::vector<plugin_state> states() const;  // [any]
  // From now until what is returned goes: `told` hears of every plugin by its configured name, at
  // once and then whenever it becomes ready to be asked or stops being it. One watcher at a time;
  // `told` must not call this object. [any]
  using readiness = std::function<void(const std::string& name, bool ready)>;
  [[nodiscard]] std::shared_ptr<void> watch(readiness told);
  // By configured name or id; nullptr when there is none. Lives as long as this object. [any]
  supervised* find(const std::string& name);

 private:
  spawner spawner_;
  std::vector<std::unique_ptr<supervised>> plugins_;
  std::mutex mutex_;
  std::condition_variable ending_now_;
  bool ending_ = false;
  std::thread housekeeper_;
  std::mutex watching_;  // held while a watcher is told: it may go only in between
  readiness told_;
  std::map<std::string, bool> said_;

  void keep_house();
  void tell();
};

}  // namespace clvd::plugins

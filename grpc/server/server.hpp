// The running server: everything opened in order by its constructor, served until drain().
#pragma once

#include <grpcpp/impl/service_type.h>
#include <grpcpp/server.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "calls/gate.hpp"
#include "calls/pool.hpp"
#include "config/data_folder.hpp"
#include "config/options.hpp"
#include "doors/answer.hpp"
#include "doors/grpc_ports.hpp"
#include "doors/http_door.hpp"
#include "jobs/job_board.hpp"
#include "ops/disk_guard.hpp"
#include "ops/heap_guard.hpp"
#include "ops/metrics.hpp"
#include "ops/ops_listener.hpp"
#include "ops/server_state.hpp"
#include "ops/signals.hpp"
#include "plugins/supervisor.hpp"
#include "plugins/ticks.hpp"
#include "security/credentials.hpp"
#include "tenants/tenants.hpp"

namespace clvd {

class last_resort;

inline constexpr std::chrono::seconds longest_closing{10};  // of stores and workers

class server {
 public:
  // Data folder, tokens, plugins, stores, and only then the doors. `read_again` parses the options
  // once more, for reload(). Throws start_error.
  server(const options& o, std::function<options()> read_again);
  // After drain(): flushes and closes the stores.
  ~server() = default;
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  // Tokens, certificates and the log level. What cannot be read stays as it was. Returns what was
  // reloaded, in words. Throws call_error. [any]
  std::string reload();

  // Stops in three steps: health says NOT_SERVING while calls are still taken (drain_delay); new
  // calls are refused, streams end, jobs are interrupted, calls in progress run on
  // (drain_timeout); what is left is cancelled. A stop signal meanwhile goes to the last step, from
  // which on `leave` allows longest_closing, the destructor included.
  void drain(const signals& stops, last_resort& leave);

  // Whether a trivial task still gets through: for systemd's watchdog. [any]
  bool alive();

 private:
  void open_data(const options& o);
  void open_doors(const options& o);
  void report_health();
  std::int64_t largest_log();
  void refuse_new_calls(const signals& stops, bool hurried);

  const options options_;
  const std::function<options()> read_again_;
  metrics metrics_;
  server_state state_;
  heap_guard heap_;
  credentials known_;
  std::unique_ptr<data_folder> folder_;
  const plugins::ticks clock_;
  std::unique_ptr<plugins::supervisor> plugins_;
  std::unique_ptr<tenants> tenants_;
  std::unique_ptr<job_board> jobs_;
  std::string checkpoint_failure_;  // what was logged last, by disk_'s thread
  std::unique_ptr<disk_guard> disk_;
  gate door_;
  pool workers_, senders_;
  host host_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc_ports> ports_;
  std::unique_ptr<grpc::Server> grpc_;
  std::shared_ptr<void> plugin_health_;  // until it goes, plugins tell grpc_
  std::unique_ptr<http_door> http_;
  std::unique_ptr<ops_listener> ops_;
};

// The plugins of the options, and their workers' program: --plugin-host, or the one beside clvd.
plugins::supervisor_options plugins_of(const options& o);

}  // namespace clvd

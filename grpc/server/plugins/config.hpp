// What an operator says about one plugin.
#pragma once

#include <cstdint>
#include <string>

#include "plugins/ticks.hpp"

namespace clvd::plugins {

enum class mode : std::uint8_t {
  isolated,  // a file, in a clv-plugin-host process: the default
  trusted,   // a file whose SHA-256 is listed, in this process
  remote     // a gRPC service of clv.plugin.v1 on this machine
};

enum class on_failure : std::uint8_t {
  fail,     // a run without it is no run: the caller gets its failure
  fallback  // the run goes on with the others, and says so
};

struct plugin_config {
  std::string name;  // the operator's, unique; "" = the file's name without its ending
  std::string
      path;  // absolute, of isolated and trusted; of remote "unix:/path" or "127.0.0.1:port"
  std::string config_json;  // "" = {}
  std::string grant;        // comma list of columns it may see; "" = all that it says it reads
  mode where = mode::isolated;
  on_failure then = on_failure::fail;
  milliseconds time_limit{2000};  // of one run; a request with less left has less
  std::uint64_t memory_bytes = std::uint64_t{2} << 30;  // address space, code and batches included
  std::uint64_t recycle_rss_bytes = std::uint64_t{512} << 20;  // resident when idle: a new process
  std::uint64_t cpu_seconds = 3600;  // of one process, which is replaced at half of it
  bool enabled = true;
};

// When a plugin that ends or hangs is asked again.
struct restart_policy {
  milliseconds first_delay{100}, longest_delay{30'000};  // doubled by each crash in a row
  int crashes = 5;                                       // that many
  milliseconds within{600'000};                          // in this time
  milliseconds quarantine{600'000};                      // and it is left alone for that long
  milliseconds start_limit{10'000};
  milliseconds ping_after{10'000}, ping_limit{1000};  // of idleness
};

}  // namespace clvd::plugins

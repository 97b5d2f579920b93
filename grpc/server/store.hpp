// The server's store: one engine, its plugins, and what pages and repeated requests need.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "handles.hpp"
#include "repeats.hpp"

namespace clvd {

struct plugin_file {
  std::string path;         // absolute
  std::string config_json;  // "" = {}
};

class store {
 public:
  // Tries every plugin once, then opens the engine (creating the file when absent). Throws
  // call_error; its `core` is CLV_E_BUSY when another process has the store.
  store(const std::string& path, std::vector<plugin_file> plugins, bool read_only);

  // The right to use everything below until it goes out of scope. Throws call_error ABORTED
  // JOB_IN_PROGRESS when another call has it: a worker that waited could not serve others. [any]
  std::unique_lock<std::mutex> enter();

  clv_engine* engine() { return engine_.get(); }
  // Fresh instances of all plugins: each run has a clock and random numbers of its own.
  plugins_ptr load_plugins(std::int64_t now_us, std::uint64_t seed) const;
  // A stored table, kept for the pages that follow. Throws call_error.
  std::shared_ptr<const clv_result> table(const std::string& name);
  // After a verb has written.
  void forget_tables() { tables_.clear(); }
  // Of the latest model, "" when it names none. Throws call_error.
  std::string currency();

  repeats decided;  // answers of Decide by request_id

 private:
  std::mutex mutex_;
  const std::vector<plugin_file> plugins_;
  engine_ptr engine_;
  std::map<std::string, std::shared_ptr<const clv_result>> tables_;
};

// Loads each plugin once, to see that it can be. Throws call_error.
plugins_ptr load_all(const std::vector<plugin_file>& files,
                     std::int64_t now_us,
                     std::uint64_t seed);

}  // namespace clvd

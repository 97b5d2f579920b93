// A plugin in a clv-plugin-host process of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "plugins/home.hpp"
#include "plugins/worker.hpp"

namespace clvd::plugins {

struct isolated_setup {
  std::string host_program;  // absolute path of clv-plugin-host
  std::string path;          // absolute path of the plugin
  std::string config_json;   // "" = {}
  std::string grant;         // comma list of columns it may see; "" = all it reads
  std::uint64_t memory_bytes = 0, cpu_seconds = 0;  // 0 = no limit
};

class isolated_home final : public home {
 public:
  isolated_home(isolated_setup setup, spawner& starter, const ticks& clock);

  const char* name() const override { return "isolated"; }
  description start(const patience& until) override;
  std::unique_ptr<home_answer> propose(const run_input& input) override;
  void check(const patience& until) override;
  bool running() const override { return worker_ != nullptr && worker_->alive(); }
  void stop() override { worker_.reset(); }
  home_usage usage() const override;
  int pid_for_tests() const;  // 0 = none

 private:
  const isolated_setup setup_;
  spawner& starter_;
  const ticks& clock_;
  std::unique_ptr<worker> worker_;
  std::string id_;
  bool renews_ = true;  // false: its second instance failed, so each run gets a process of its own

  description load(std::int64_t now_us, std::uint64_t seed, const patience& until);
  worker_reply run(const run_input& input, bool fresh);
};

}  // namespace clvd::plugins

// The subcommands: each file of this folder that is named after one adds it here.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <functional>

namespace cli {

// What the chosen subcommand does once the command line is known to be right; returns an
// exit_status, or throws failure.
using action = std::function<int()>;

void add_import(CLI::App& app, action& chosen);
void add_fit(CLI::App& app, action& chosen);
void add_models(CLI::App& app, action& chosen);
void add_predict(CLI::App& app, action& chosen);
void add_score(CLI::App& app, action& chosen);
void add_segment(CLI::App& app, action& chosen);
void add_decide(CLI::App& app, action& chosen);
void add_plugins(CLI::App& app, action& chosen);
void add_record(CLI::App& app, action& chosen);
void add_desk(CLI::App& app, action& chosen);
void add_explain(CLI::App& app, action& chosen);
void add_replay(CLI::App& app, action& chosen);
void add_measure(CLI::App& app, action& chosen);
void add_export(CLI::App& app, action& chosen);
void add_forget(CLI::App& app, action& chosen);
void add_store(CLI::App& app, action& chosen);
void add_backtest(CLI::App& app, action& chosen);
void add_report(CLI::App& app, action& chosen);
void add_summarize(CLI::App& app, action& chosen);
void add_simulate(CLI::App& app, action& chosen);
void add_validate(CLI::App& app, action& chosen);
void add_new_plugin(CLI::App& app, action& chosen);
void add_version(CLI::App& app, action& chosen);

class stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace cli

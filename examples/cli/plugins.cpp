// clv plugins: what the plugins beside the command, or others, say of themselves.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "plugin_files.hpp"
#include "rows.hpp"
#include "table_text.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct plugins_command {
  plugin_request plugins;
  bool json = false;
};

// "proposes: winback.email; computes: feature.overdue; segments: new, lost"
std::string what_it_does(const result& list, std::int64_t row) {
  const std::pair<const char*, const char*> kinds[] = {
      {"actions", "proposes "}, {"features", "computes "}, {"segments", "sorts into "}};
  std::string all;
  for (const auto& [column, verb] : kinds) {
    const std::string names = text_at(list, column, row);
    if (!names.empty()) all += (all.empty() ? "" : "; ") + std::string(verb) + names;
  }
  return all;
}

std::string plugins_table(const result& list) {
  std::vector<std::vector<std::string>> rows;
  for (std::int64_t i = 0; i < clv_result_rows(list.get()); ++i) {
    rows.push_back({text_at(list, "id", i),
                    text_at(list, "version", i),
                    text_at(list, "reads", i),
                    what_it_does(list, i)});
  }
  return text_table({{"plugin", 32}, {"version", 10}, {"reads", 36}, {"what it does"}}, rows, 120);
}

int run_plugins(plugins_command o) {
  diag d;
  o.plugins.now_us = system_now_us();
  const result list = list_plugins(load_plugins(o.plugins, d), d);
  const std::string text = o.json ? json_table(list, d) + "\n" : plugins_table(list);
  std::fputs(text.c_str(), stdout);
  return exit_ok;
}

}  // namespace

void add_plugins(CLI::App& app, action& chosen) {
  auto o = std::make_shared<plugins_command>();
  CLI::App& command = *app.add_subcommand("plugins", "Say what plugins read, propose and compute");
  command.add_option("--plugin",
                     o->plugins.paths,
                     "This plugin only: a name or a file, may be repeated (default: those beside "
                     "clv)");
  command.add_option("--plugin-config", o->plugins.configs, "Settings of a plugin: ID={JSON}");
  command.add_flag("--json", o->json, "Print all that they say as JSON");
  command.footer(
      "Example:\n  clv plugins\n  clv plugins --plugin lifecycle --json\n"
      "  clv segment --store shop.clv --plugin lifecycle");
  command.callback([o, &chosen] { chosen = [o] { return run_plugins(*o); }; });
}

}  // namespace cli

// The options about plugins: --plugin FILE and those that name it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "plugins/config.hpp"

namespace clvd {

// As they were written, "NAME=VALUE" all but the first.
struct plugin_words {
  std::vector<std::string> files, remotes, configs, trusted, grants, on_failure, time_limits;
};

void add_plugin_options(CLI::App& app, plugin_words& words);

// One for each --plugin and --plugin-remote; the hashes of --plugin-trust are added to
// `trusted_sha256`. Throws start_error{usage}.
std::vector<plugins::plugin_config> plugins_of(const plugin_words& words,
                                               std::vector<std::string>& trusted_sha256);

}  // namespace clvd

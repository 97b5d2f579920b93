// Which plugins a command works with, and loading them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "failure.hpp"
#include "handles.hpp"

namespace cli {

struct plugin_request {
  std::vector<std::string> paths;    // files, or names of those beside clv; empty: the default
  std::vector<std::string> configs;  // "id={json}" or "file-name={json}"
  std::uint64_t seed = 0;
  std::int64_t now_us = 0;
};

// Those beside the command: ../<libdir>/clv/plugins where it is installed, ../../plugins in a build
// tree; without the templates, which are meant to be copied, and the one that is bad on purpose.
// Sorted by file name.
std::vector<std::string> default_plugins();
// Throws failure naming the file: exit_usage for a configuration that fits no plugin.
plugins load_plugins(const plugin_request& request, const diag& d);
// The table of clv_plugins_list.
result list_plugins(const plugins& loaded, const diag& d);

}  // namespace cli

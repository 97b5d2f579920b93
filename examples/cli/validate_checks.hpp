// What is asked of every plugin.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace cli {

struct plugin_check {
  std::string name;
  // Returns a detail worth showing, or ""; throws failure saying what is wrong.
  std::function<std::string()> run;
};

// The checks for the plugin in this file, in the order to run them: each relies on those before,
// and the first one's detail is what the plugin says of itself. `config` is its JSON or "".
std::vector<plugin_check> checks_for(const std::string& path, const std::string& config);

}  // namespace cli

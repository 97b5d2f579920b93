#include "config/config_file.hpp"

#include <algorithm>
#include <cstdlib>

namespace clvd {

std::string environment_name(const std::string& option) {
  // CLI11 also has items of nothing but dashes: where a section ends.
  std::string name =
      "CLVD_" + option.substr(std::min(option.find_first_not_of('-'), option.size()));
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c == '-' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

std::vector<CLI::ConfigItem> config_file::from_config(std::istream& text) const {
  std::vector<CLI::ConfigItem> merged;
  for (CLI::ConfigItem& item : CLI::ConfigTOML::from_config(text)) {
    // A line "--" would be skipped in silence.
    if (item.parents.empty() && item.name.find_first_not_of('-') == std::string::npos) {
      throw CLI::ConfigError::Extras(item.name);
    }
    // An empty variable counts as not set, as CLI11 sees it too.
    const char* set = std::getenv(environment_name(item.name).c_str());
    if (set != nullptr && *set != '\0') continue;
    const auto earlier = std::find_if(merged.begin(), merged.end(), [&](const auto& m) {
      return m.parents == item.parents && m.name == item.name;
    });
    if (earlier == merged.end()) {
      merged.push_back(std::move(item));
    } else {
      earlier->inputs.insert(earlier->inputs.end(), item.inputs.begin(), item.inputs.end());
    }
  }
  return merged;
}

}  // namespace clvd

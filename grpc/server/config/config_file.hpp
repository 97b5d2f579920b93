// The file of --config: one `option = value` a line, named as on the command line without "--".
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace clvd {

// "--drain-delay" -> "CLVD_DRAIN_DELAY".
std::string environment_name(const std::string& option);

// CLI11's reader (TOML and INI) with two rules of ours: what the environment sets is not taken from
// the file (CLI11 would prefer the file), and an option that comes several times in the file has
// several values (CLI11 would drop all but the first in silence, unless they are neighbours).
class config_file final : public CLI::ConfigTOML {
 public:
  std::vector<CLI::ConfigItem> from_config(std::istream& text) const override;
};

}  // namespace clvd

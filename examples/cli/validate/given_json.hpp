// JSON that the caller hands over: looked at before any plugin is loaded, so that a slip of the pen
// is told with its place and is no finding about the plugin.
#pragma once

#include <string>

namespace cli {

// The settings: as given, or what is in the file after '@'. Throws failure{exit_usage} naming the
// file, line and column where it is no JSON object.
std::string given_config(const std::string& given);

// The file of --effects. Throws failure{exit_usage} naming the file and what report market would
// not take of it.
std::string given_effects(const std::string& path);

}  // namespace cli

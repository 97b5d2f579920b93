// What a plugin says about itself in JSON, and the configuration it is given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capabilities.hpp"
#include "clv/schema.hpp"

namespace clv::abi {

struct manifest {
  std::vector<std::string> reads;     // columns of scores, of customers, attr.*, feature.*
  std::vector<std::string> actions;   // codes it may propose
  std::vector<std::string> features;  // that it computes, without "feature."
  std::vector<std::string> segments;  // that it assigns
  std::string effects = "none";       // "none", "network" or "files"
  bool deterministic = true;
  std::string config_schema;  // JSON, or ""
  bool declares(std::string_view action) const;
};

// Throws error{invalid} naming the plugin, the member and what it should be; each of "actions",
// "features" and "segments" is required with the capability it belongs to. Members that this
// version does not know are left alone: a newer plugin may have more to say.
manifest read_manifest(std::string_view json,
                       const capabilities& offers,
                       const std::string& plugin_id);

// Throws error{invalid} unless `config` is a JSON object that fits the manifest's schema.
void check_config(std::string_view config, const manifest& m, const std::string& plugin_id);

// The column of schema "scores" or "customers", or nullptr.
const field* field_to_read(std::string_view name);
// A column of the host's own: "attr.region".
bool is_own_attribute(std::string_view name);
// A column that a feature plugin makes: "feature.gap".
bool is_feature(std::string_view name);

// Throws error{invalid} when one of `columns` is neither; `who` says it in the message.
void check_readable(const std::vector<std::string>& columns, const std::string& who);

}  // namespace clv::abi

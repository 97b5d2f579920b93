// What a plugin says about itself in JSON, and the configuration it is given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clv::abi {

struct manifest {
  std::vector<std::string> reads;    // score columns
  std::vector<std::string> actions;  // codes it may propose
  std::string config_schema;         // JSON, or ""
  bool declares(std::string_view action) const;
};

// Throws error{invalid} naming the plugin, the member and what it should be. Members that this
// version does not know are left alone: a newer plugin may have more to say.
manifest read_manifest(std::string_view json, const std::string& plugin_id);

// Throws error{invalid} unless `config` is a JSON object that fits the manifest's schema: its
// "required", and of each of its "properties" the "type", "minimum", "maximum" and "enum";
// "additionalProperties": false refuses unknown names. Other schema words are not checked.
void check_config(std::string_view config, const manifest& m, const std::string& plugin_id);

// Throws error{invalid} when one of `columns` is no score column; `who` says it in the message.
void check_score_columns(const std::vector<std::string>& columns, const std::string& who);

}  // namespace clv::abi

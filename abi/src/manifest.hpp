// What a plugin says about itself in JSON, and the configuration it is given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "clv/schema.hpp"

namespace clv::abi {

struct manifest {
  std::vector<std::string> reads;    // columns of scores, of customers, attr.*
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

// The column of schema "scores" or "customers", or nullptr.
const field* field_to_read(std::string_view name);
// A column of the host's own: "attr.region".
bool is_own_attribute(std::string_view name);

// Throws error{invalid} when one of `columns` is neither; `who` says it in the message.
void check_readable(const std::vector<std::string>& columns, const std::string& who);

}  // namespace clv::abi

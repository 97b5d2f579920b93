#include "manifest.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "clv/error.hpp"
#include "clv/schema.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_action = 128;

[[noreturn]] void refuse(const std::string& plugin_id, const std::string& what) {
  throw error(issue{.code = status::invalid,
                    .message = "plugin " + plugin_id + ": " + what,
                    .hint = "ask the plugin's author for a corrected release",
                    .plugin = plugin_id});
}

[[noreturn]] void refuse_config(const std::string& plugin_id, const std::string& what) {
  throw error(issue{.code = status::invalid,
                    .message = "configuration of plugin " + plugin_id + ": " + what,
                    .hint = "correct config_json",
                    .plugin = plugin_id});
}

std::string text(const json::string& s) {
  return {s.data(), s.size()};
}

// The object, or an empty value when `document` is none.
json::value parse_object(std::string_view document) {
  boost::system::error_code failed;
  json::value parsed = json::parse(document, failed);
  return !failed && parsed.is_object() ? parsed : json::value();
}

std::vector<std::string> texts(const json::object& o, const char* member, const std::string& id) {
  const json::value* found = o.if_contains(member);
  const std::string name = "its manifest's \"" + std::string(member) + "\"";
  if (found == nullptr) refuse(id, name + " is missing");
  if (!found->is_array()) refuse(id, name + " is not an array of texts");
  std::vector<std::string> items;
  for (const json::value& item : found->get_array()) {
    if (!item.is_string() || item.get_string().empty()) {
      refuse(id, name + " is not an array of texts");
    }
    items.push_back(text(item.get_string()));
  }
  return items;
}

void check_optional(const json::object& o, const std::string& id) {
  if (const json::value* effects = o.if_contains("effects"); effects != nullptr) {
    const bool known = effects->is_string() &&
                       (*effects == "none" || *effects == "network" || *effects == "files");
    if (!known) refuse(id, "its manifest's \"effects\" is not \"none\", \"network\" or \"files\"");
  }
  const json::value* deterministic = o.if_contains("deterministic");
  if (deterministic != nullptr && !deterministic->is_bool()) {
    refuse(id, "its manifest's \"deterministic\" is not true or false");
  }
}

bool has_type(const json::value& v, std::string_view type) {
  if (type == "string") return v.is_string();
  if (type == "boolean") return v.is_bool();
  if (type == "array") return v.is_array();
  if (type == "object") return v.is_object();
  if (type == "number") return v.is_number();
  if (type == "integer") return v.is_int64() || v.is_uint64();
  return type != "null" || v.is_null();
}

void check_bound(const json::object& rule,
                 const char* word,
                 const json::value& v,
                 const std::string& where,
                 const std::string& id) {
  const json::value* bound = rule.if_contains(word);
  if (bound == nullptr || !bound->is_number() || !v.is_number()) return;
  const auto limit = bound->to_number<double>();
  const auto given = v.to_number<double>();
  const bool broken = word == std::string_view("minimum") ? given < limit : given > limit;
  if (broken) {
    refuse_config(
        id, where + " is " + number_text(given) + ", its " + word + " is " + number_text(limit));
  }
}

void check_value(const json::object& rule,
                 const json::value& v,
                 const std::string& where,
                 const std::string& id) {
  const json::value* type = rule.if_contains("type");
  if (type != nullptr && type->is_string() && !has_type(v, text(type->get_string()))) {
    refuse_config(id, where + " is not of type " + text(type->get_string()));
  }
  check_bound(rule, "minimum", v, where, id);
  check_bound(rule, "maximum", v, where, id);
  const json::value* options = rule.if_contains("enum");
  if (options != nullptr && options->is_array()) {
    const auto& all = options->get_array();
    if (std::find(all.begin(), all.end(), v) == all.end()) {
      refuse_config(id, where + " is none of " + json::serialize(*options));
    }
  }
}

void check_required(const json::object& rules, const json::object& given, const std::string& id) {
  const json::value* required = rules.if_contains("required");
  if (required == nullptr || !required->is_array()) return;
  for (const json::value& name : required->get_array()) {
    if (name.is_string() && !given.contains(name.get_string())) {
      refuse_config(id, "'" + text(name.get_string()) + "' is required");
    }
  }
}

}  // namespace

bool manifest::declares(std::string_view action) const {
  return std::find(actions.begin(), actions.end(), action) != actions.end();
}

const field* field_to_read(std::string_view name) {
  for (const char* schema : {"scores", "customers"}) {
    const auto fields = find_schema(schema).fields;
    const auto found = std::ranges::find(fields, name, &field::name);
    if (found != fields.end()) return &*found;
  }
  return nullptr;
}

bool is_own_attribute(std::string_view name) {
  return name.starts_with("attr.") && name.size() > 5;
}

void check_readable(const std::vector<std::string>& columns, const std::string& who) {
  for (const std::string& name : columns) {
    if (is_own_attribute(name) || field_to_read(name) != nullptr) continue;
    throw error(issue{.code = status::invalid,
                      .column = printable(name, 64),
                      .message = who + " '" + printable(name, 64) + "', which no plugin can read",
                      .hint = "clv_catalogue(\"schemas\") lists the columns of \"scores\" and "
                              "\"customers\"; the host's own are named attr.*"});
  }
}

manifest read_manifest(std::string_view document, const std::string& plugin_id) {
  const json::value parsed = parse_object(document);
  if (!parsed.is_object()) refuse(plugin_id, "its manifest is not a JSON object");
  const json::object& o = parsed.get_object();
  manifest m;
  m.reads = texts(o, "reads", plugin_id);
  check_readable(m.reads, "plugin " + plugin_id + " reads");
  m.actions = texts(o, "actions", plugin_id);
  if (m.actions.empty()) refuse(plugin_id, "its manifest's \"actions\" is empty");
  for (const std::string& action : m.actions) {
    if (action.size() > longest_action || first_bad_utf8(action) != std::string::npos) {
      refuse(plugin_id, "its manifest names an action that is not UTF-8 of at most 128 bytes");
    }
  }
  check_optional(o, plugin_id);
  if (const json::value* config = o.if_contains("config"); config != nullptr) {
    if (!config->is_object()) refuse(plugin_id, "its manifest's \"config\" is not an object");
    m.config_schema = json::serialize(*config);
  }
  return m;
}

void check_config(std::string_view config, const manifest& m, const std::string& plugin_id) {
  const json::value parsed = parse_object(config);
  if (!parsed.is_object()) refuse_config(plugin_id, "it is not a JSON object");
  if (m.config_schema.empty()) return;
  const json::value schema_value = json::parse(m.config_schema);
  const json::object& rules = schema_value.get_object();
  check_required(rules, parsed.get_object(), plugin_id);
  const json::value* properties = rules.if_contains("properties");
  const json::value* more = rules.if_contains("additionalProperties");
  const bool closed = more != nullptr && more->is_bool() && !more->get_bool();
  for (const auto& [key, value] : parsed.get_object()) {
    const std::string where = "'" + std::string(key) + "'";
    const json::value* rule = properties != nullptr && properties->is_object()
                                  ? properties->get_object().if_contains(key)
                                  : nullptr;
    if (rule == nullptr && closed) refuse_config(plugin_id, where + " is not one of its settings");
    if (rule != nullptr && rule->is_object()) {
      check_value(rule->get_object(), value, where, plugin_id);
    }
  }
}

}  // namespace clv::abi

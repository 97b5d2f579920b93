#include "manifest.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "clv/error.hpp"
#include "clv/schema.hpp"
#include "config_schema.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_code = 128;
constexpr std::size_t longest_feature = 64;

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

// The names that go with a capability: each once, and none without a name.
std::vector<std::string> codes(const json::object& o, const char* member, const std::string& id) {
  std::vector<std::string> all = texts(o, member, id);
  const std::string name = "its manifest's \"" + std::string(member) + "\"";
  if (all.empty()) refuse(id, name + " is empty");
  for (const std::string& code : all) {
    if (code.size() > longest_code || first_bad_utf8(code) != std::string::npos) {
      refuse(id, name + " has one that is not UTF-8 of at most 128 bytes");
    }
    if (std::count(all.begin(), all.end(), code) > 1) {
      refuse(id, name + " has '" + code + "' twice");
    }
  }
  return all;
}

// They become names of columns.
void check_feature_names(const std::vector<std::string>& features, const std::string& id) {
  for (const std::string& name : features) {
    const bool good =
        name.size() <= longest_feature && std::all_of(name.begin(), name.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '_' || c == '.';
        });
    if (good) continue;
    refuse(id,
           "its manifest's feature '" + printable(name, longest_feature) +
               "' has more than 64 bytes or others than a-z, A-Z, 0-9, '_' and '.'");
  }
}

// What only computes features runs before there are any.
void check_order(const manifest& m, const capabilities& offers, const std::string& id) {
  if (offers.feature == nullptr || offers.action != nullptr || offers.segmentation != nullptr) {
    return;
  }
  const auto found = std::find_if(m.reads.begin(), m.reads.end(), is_feature);
  if (found != m.reads.end()) refuse(id, "it reads '" + *found + "'; no feature reads another");
}

void read_offers(const json::object& o,
                 const capabilities& offers,
                 const std::string& id,
                 manifest& m) {
  if (offers.action != nullptr) m.actions = codes(o, "actions", id);
  if (offers.feature != nullptr) m.features = codes(o, "features", id);
  if (offers.segmentation != nullptr) m.segments = codes(o, "segments", id);
  check_feature_names(m.features, id);
  check_order(m, offers, id);
}

void read_effects(const json::object& o, const std::string& id, manifest& m) {
  if (const json::value* effects = o.if_contains("effects"); effects != nullptr) {
    const bool known = effects->is_string() &&
                       (*effects == "none" || *effects == "network" || *effects == "files");
    if (!known) refuse(id, "its manifest's \"effects\" is not \"none\", \"network\" or \"files\"");
    m.effects = text(effects->get_string());
  }
  const json::value* deterministic = o.if_contains("deterministic");
  if (deterministic == nullptr) return;
  if (!deterministic->is_bool()) {
    refuse(id, "its manifest's \"deterministic\" is not true or false");
  }
  m.deterministic = deterministic->get_bool();
}

void read_config_schema(const json::object& o, const std::string& id, manifest& m) {
  const json::value* config = o.if_contains("config");
  if (config == nullptr) return;
  if (!config->is_object()) refuse(id, "its manifest's \"config\" is not an object");
  if (const auto fault = fault_of_schema(*config)) {
    refuse(id, "its manifest's \"config\": " + fault->where + " " + fault->what);
  }
  m.config_schema = json::serialize(*config);
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

bool is_feature(std::string_view name) {
  return name.starts_with("feature.") && name.size() > 8;
}

void check_readable(const std::vector<std::string>& columns, const std::string& who) {
  for (const std::string& name : columns) {
    const bool other_plugins = is_feature(name);
    if (other_plugins || is_own_attribute(name) || field_to_read(name) != nullptr) continue;
    throw error(issue{.code = status::invalid,
                      .column = printable(name, 64),
                      .message = who + " '" + printable(name, 64) + "', which no plugin can read",
                      .hint = "clv_catalogue(\"schemas\") lists the columns of \"scores\" and "
                              "\"customers\"; the host's own are named attr.*, those of feature "
                              "plugins feature.*"});
  }
}

manifest read_manifest(std::string_view document,
                       const capabilities& offers,
                       const std::string& plugin_id) {
  const json::value parsed = parse_object(document);
  if (!parsed.is_object()) refuse(plugin_id, "its manifest is not a JSON object");
  const json::object& o = parsed.get_object();
  manifest m;
  m.reads = texts(o, "reads", plugin_id);
  check_readable(m.reads, "plugin " + plugin_id + " reads");
  read_offers(o, offers, plugin_id, m);
  read_effects(o, plugin_id, m);
  read_config_schema(o, plugin_id, m);
  return m;
}

void check_config(std::string_view config, const manifest& m, const std::string& plugin_id) {
  const json::value parsed = parse_object(config);
  if (!parsed.is_object()) refuse_config(plugin_id, "it is not a JSON object");
  if (m.config_schema.empty()) return;
  const auto breach = breach_of_schema(json::parse(m.config_schema), parsed);
  if (breach) refuse_config(plugin_id, breach->where + " " + breach->what);
}

}  // namespace clv::abi

#include "market/action.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>

#include "clv/error.hpp"
#include "math/json.hpp"

namespace clv::market {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, kind_count> kind_names{
    "top", "heavy", "light", "lapsing", "lost", "complaint"};
constexpr std::size_t most_actions = 100;

struct number_member {
  std::string_view name;
  double action::*value;
  double least, most;
};

constexpr std::array<std::string_view, response_count> response_names{
    "order", "renewal", "referral", "answer", "service_cost", "promotion", "tier_loss"};

constexpr std::array<number_member, 9> number_members{{
    {"benefit", &action::benefit, 0, 1e6},
    {"discount_share", &action::discount_share, 0, 1},
    {"contact_cost", &action::contact_cost, 0, 1e6},
    {"worst_case", &action::worst_case, 0, 1e9},
    {"agent_minutes", &action::agent_minutes, 0, 1e5},
    {"pull_forward", &action::pull_forward, 0, 1},
    {"unsubscribe", &action::unsubscribe, 0, 1},
    {"keeps_days", &action::keeps_days, 0, 3650},
    {"valid_days", &action::valid_days, 0, 3650},
}};

struct text_member {
  std::string_view name;
  std::string action::*value;
};

constexpr std::array<text_member, 3> text_members{
    {{"name", &action::name}, {"plugin", &action::plugin}, {"channel", &action::channel}}};

// Where in the options a value stands, for complaints.
struct place {
  std::string_view owner;
  std::string path;

  place at(const std::string& member) const { return {owner, path + member}; }
  [[noreturn]] void refuse(const json::value& found, const std::string& wanted) const {
    throw error(status::invalid,
                std::string(owner) + " option '" + path + "' is " + math::to_json(found) +
                    ", expected " + wanted);
  }
};

double number_of(const place& where, const json::value& v, double least, double most) {
  const double found = v.is_number() ? v.to_number<double>() : least - 1;
  if (!(found >= least && found <= most)) {
    where.refuse(v, "a number from " + math::to_text(least) + " to " + math::to_text(most));
  }
  return found;
}

void read_effect(const place& where, const json::value& v, action& into) {
  if (!v.is_object()) where.refuse(v, "an object of numbers by kind of customer");
  for (const auto& member : v.get_object()) {
    const std::string key(std::string_view(member.key()));
    const auto* const found = std::find(kind_names.begin(), kind_names.end(), key);
    if (found == kind_names.end()) {
      where.at("." + key).refuse(member.value(),
                                 "no such kind: top, heavy, light, lapsing, lost or complaint");
    }
    into.effect[static_cast<std::size_t>(found - kind_names.begin())] =
        number_of(where.at("." + key), member.value(), -1, 1);
  }
}

// True when `key` is a member of that sort.
bool read_number(const place& where, std::string_view key, const json::value& v, action& into) {
  for (const number_member& m : number_members) {
    if (m.name != key) continue;
    into.*m.value = number_of(where, v, m.least, m.most);
    return true;
  }
  return false;
}

bool read_text(const place& where, std::string_view key, const json::value& v, action& into) {
  for (const text_member& m : text_members) {
    if (m.name != key) continue;
    if (!v.is_string() || v.get_string().empty() || v.get_string().size() > 128) {
      where.refuse(v, "a text of 1 to 128 bytes");
    }
    into.*m.value = std::string(std::string_view(v.get_string()));
    return true;
  }
  return false;
}

void read_response(const place& where, const json::value& v, action& into) {
  const std::string_view said = v.is_string() ? std::string_view(v.get_string()) : "";
  const auto* const found = std::find(response_names.begin(), response_names.end(), said);
  if (found == response_names.end()) {
    where.refuse(v, "order, renewal, referral, answer, service_cost, promotion or tier_loss");
  }
  into.response = static_cast<response>(found - response_names.begin());
}

action read_action(const place& where, const json::value& v) {
  if (!v.is_object()) where.refuse(v, "an object");
  action a;
  for (const auto& member : v.get_object()) {
    const std::string key(std::string_view(member.key()));
    const place here = where.at("." + key);
    if (key == "effect") {
      read_effect(here, member.value(), a);
    } else if (key == "response") {
      read_response(here, member.value(), a);
    } else if (!read_number(here, key, member.value(), a) &&
               !read_text(here, key, member.value(), a)) {
      here.refuse(member.value(), "no such member of an action");
    }
  }
  if (a.name.empty()) where.refuse(v, "a member 'name'");
  if (a.channel.empty()) a.channel = "email";
  // "winback.nudge" is an action of plugin "winback" unless said otherwise.
  if (a.plugin.empty()) a.plugin = a.name.substr(0, a.name.find('.'));
  return a;
}

// "plugins", or the id of one of them.
std::vector<action> named_set(const place& where, const json::value& said) {
  const std::string_view name = said.get_string();
  std::vector<action> out = plugin_actions();
  if (name == "plugins") return out;
  std::erase_if(out, [&](const action& a) { return a.plugin != name; });
  if (out.empty()) where.refuse(said, "a list, \"plugins\", or the id of a sample plugin");
  return out;
}

}  // namespace

std::string_view name_of(kind k) {
  return kind_names[static_cast<std::size_t>(k)];
}

std::vector<action> default_actions() {
  return {{.name = "winback.nudge",
           .plugin = "clv.winback",
           .channel = "email",
           .contact_cost = .01,
           .unsubscribe = .004,
           .effect = {0, 0, .002, .12, .004, -.05}},
          {.name = "winback.discount",
           .plugin = "clv.winback",
           .channel = "email",
           .benefit = 5,
           .contact_cost = .05,
           .pull_forward = .2,
           .unsubscribe = .002,
           .effect = {-.03, -.03, .2, .05, .002, -.05}},
          {.name = "vip_concierge.call",
           .plugin = "clv.vip_concierge",
           .channel = "phone",
           .contact_cost = 4,
           .agent_minutes = 10,
           .unsubscribe = .001,
           .keeps_days = 365,
           .effect = {.3, .02, .01, .01, 0, .3}},
          {.name = "blanket_20pct.discount",
           .plugin = "clv.blanket_20pct",
           .channel = "email",
           .discount_share = .2,
           .contact_cost = .05,
           .pull_forward = .3,
           .unsubscribe = .004,
           .effect = {.05, .05, .12, .05, .002, -.05}},
          {.name = "cross_sell.category",
           .plugin = "clv.cross_sell",
           .channel = "email",
           .contact_cost = .02,
           .unsubscribe = .001,
           .effect = {.25, .2, .015, .005, 0, -.1}}};
}

std::vector<action> read_actions(std::string_view owner, std::string_view options_json) {
  if (options_json.empty()) return default_actions();
  const json::value options = math::parse_json(options_json);
  const json::value* found =
      options.is_object() ? options.get_object().if_contains("actions") : nullptr;
  if (found == nullptr) return default_actions();
  const place where{owner, "actions"};
  if (found->is_string()) return named_set(where, *found);
  if (!found->is_array() || found->get_array().empty() ||
      found->get_array().size() > most_actions) {
    where.refuse(*found, "a list of 1 to 100 actions, or the name of a set");
  }
  std::vector<action> out;
  for (std::size_t i = 0; i < found->get_array().size(); ++i) {
    const json::value& one = found->get_array()[i];
    const place here = where.at("[" + std::to_string(i) + "]");
    out.push_back(read_action(here, one));
    for (std::size_t j = 0; j < i; ++j) {
      if (out[j].name == out[i].name) here.refuse(one, "a name that no other action has");
    }
  }
  return out;
}

}  // namespace clv::market

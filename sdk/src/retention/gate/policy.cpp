#include "retention/gate/policy.hpp"

#include <algorithm>
#include <array>

#include "clv/error.hpp"
#include "math/json.hpp"
#include "retention/gate/policy_node.hpp"

namespace clv::retention {
namespace {

constexpr double most_money = 1e15;  // of one amount, major units

// `names` of an object with exactly these members allowed.
template <std::size_t n>
const policy_node& only(const policy_node& node, const std::array<std::string_view, n>& names) {
  node.allow(names);
  return node;
}

void read_format(const policy_node& n, policy&) {
  if (n.text() != "clv.policy/1") n.refuse("\"clv.policy/1\"");
}

void read_consent(const policy_node& n, policy& p) {
  p.consent = n.texts();
}

void read_exempt(const policy_node& n, policy& p) {
  p.exempt = n.texts();
}

void read_protected(const policy_node& n, policy& p) {
  p.protected_columns = n.texts();
}

void read_suspended(const policy_node& n, policy& p) {
  p.suspended = n.texts();
}

void read_quiet_hours(const policy_node& n, policy& p) {
  only(n, std::array<std::string_view, 4>{"channels", "from", "to", "zone"});
  quiet_hours q{.channels = n.at("channels").texts(),
                .from_minute = n.at("from").minute(),
                .to_minute = n.at("to").minute(),
                .zone = n.has("zone") ? n.at("zone").time_zone() : "UTC"};
  if (q.channels.empty()) n.at("channels").refuse("at least one channel");
  if (q.from_minute == q.to_minute) n.at("to").refuse("another time than 'from'");
  p.quiet = std::move(q);
}

void read_caps(const policy_node& n, policy& p) {
  for (const policy_node& item : n.items()) {
    only(item, std::array<std::string_view, 4>{"channel", "category", "limit", "days"});
    p.caps.push_back({.channel = item.has("channel") ? item.at("channel").text() : "",
                      .category = item.has("category") ? item.at("category").text() : "",
                      .limit = item.at("limit").count(),
                      .days = item.at("days").days()});
  }
}

void read_cooldowns(const policy_node& n, policy& p) {
  for (const policy_node& item : n.items()) {
    only(item, std::array<std::string_view, 2>{"action", "days"});
    p.cooldowns.push_back({.action = item.at("action").pattern(), .days = item.at("days").days()});
  }
}

void read_after_rejections(const policy_node& n, policy& p) {
  only(n, std::array<std::string_view, 2>{"count", "days"});
  p.rejections = n.at("count").count();
  if (p.rejections == 0) n.at("count").refuse("a whole number of 1 or more");
  p.rejection_days = n.at("days").days();
}

void read_conflicts(const policy_node& n, policy& p) {
  for (const policy_node& item : n.items()) {
    const auto pair = item.items();
    if (pair.size() != 2) item.refuse("a list of two actions");
    p.conflicts.emplace_back(pair[0].pattern(), pair[1].pattern());
  }
}

void read_conflict_days(const policy_node& n, policy& p) {
  p.conflict_days = n.days();
}

void read_one_open_benefit(const policy_node& n, policy& p) {
  p.one_open_benefit = n.flag();
}

void read_margin_floor(const policy_node& n, policy& p) {
  p.margin_floor = n.number(-1, 1);
}

void read_deal_seeker(const policy_node& n, policy& p) {
  only(n, std::array<std::string_view, 2>{"share", "orders"});
  deal_seeker_rule rule{.share = n.at("share").number(0, 1),
                        .orders = static_cast<double>(n.at("orders").count())};
  if (rule.share == 0) n.at("share").refuse("a share above 0");
  if (rule.orders == 0) n.at("orders").refuse("a whole number of 1 or more");
  p.deal_seeker = rule;
}

void read_worst_case_limit(const policy_node& n, policy& p) {
  p.worst_case_limit = n.number(0, most_money);
}

void read_budgets(const policy_node& n, policy& p) {
  only(n, std::array<std::string_view, 3>{"contacts", "agent_minutes", "worst_case"});
  for (const std::string_view name : n.names()) {
    p.budgets.push_back({std::string(name), n.at(name).number(0, most_money)});
  }
}

void read_stock(const policy_node& n, policy& p) {
  for (const std::string_view name : n.names()) {
    if (name.empty()) n.refuse("counters that have names");
    p.stock.push_back({std::string(name), n.at(name).number(0, most_money)});
  }
}

void read_holdouts(const policy_node& n, policy& p) {
  for (const policy_node& item : n.items()) {
    only(item, std::array<std::string_view, 3>{"action", "share", "salt"});
    p.holdouts.push_back({.action = item.at("action").pattern(),
                          .share = item.at("share").number(0, 1),
                          .salt = item.at("salt").text()});
  }
}

void read_explore(const policy_node& n, policy& p) {
  only(n, std::array<std::string_view, 5>{"share", "method", "floor", "budget", "sd"});
  exploration e{.method = exploring::thompson, .share = n.at("share").number(0, 1)};
  if (n.has("method")) {
    const std::string method = n.at("method").text();
    if (method == "uniform") e.method = exploring::uniform;
    if (method != "uniform" && method != "thompson") {
      n.at("method").refuse("\"uniform\" or \"thompson\"");
    }
  }
  if (n.has("floor")) e.floor = n.at("floor").number(0.01, 0.5);
  if (n.has("budget")) e.budget = n.at("budget").number(0, most_money);
  if (n.has("sd")) e.sd = n.at("sd").number(0, 1);
  if (e.share == 0) e.method = exploring::nothing;
  p.explore = e;
}

void read_levers(const policy_node& n, policy& p) {
  for (const policy_node& item : n.items()) {
    only(item, std::array<std::string_view, 3>{"action", "add", "why"});
    p.levers.push_back({.action = item.at("action").pattern(),
                        .add = item.at("add").number(-most_money, most_money),
                        .why = item.at("why").text()});
  }
}

struct member {
  std::string_view name;
  void (*read)(const policy_node&, policy&);
};

// A new member of the policy is one row here and one in sdk/POLICY.md.
constexpr std::array<member, 20> members{{
    {"format", read_format},
    {"consent", read_consent},
    {"exempt", read_exempt},
    {"quiet_hours", read_quiet_hours},
    {"caps", read_caps},
    {"cooldowns", read_cooldowns},
    {"after_rejections", read_after_rejections},
    {"conflicts", read_conflicts},
    {"conflict_days", read_conflict_days},
    {"one_open_benefit", read_one_open_benefit},
    {"protected", read_protected},
    {"suspended", read_suspended},
    {"margin_floor", read_margin_floor},
    {"deal_seeker", read_deal_seeker},
    {"worst_case_limit", read_worst_case_limit},
    {"budgets", read_budgets},
    {"stock", read_stock},
    {"holdouts", read_holdouts},
    {"explore", read_explore},
    {"levers", read_levers},
}};

boost::json::value parse(std::string_view text) {
  try {
    return math::parse_json(text);
  } catch (const error& e) {
    throw error(e.details().code, "policy: " + e.details().message);
  }
}

}  // namespace

bool fits(std::string_view pattern, std::string_view action) {
  if (!pattern.ends_with('*')) return pattern == action;
  return action.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool policy::needs_time() const {
  return quiet || !caps.empty() || !cooldowns.empty() || rejections > 0 || !conflicts.empty() ||
         one_open_benefit;
}

policy read_policy(std::string_view text) {
  policy out;
  if (text.empty()) return out;
  const boost::json::value parsed = parse(text);
  const policy_node root(parsed, "$");
  std::array<std::string_view, members.size()> names;
  std::ranges::transform(members, names.begin(), &member::name);
  root.allow(names);
  for (const member& m : members) {
    if (root.has(m.name)) m.read(root.at(m.name), out);
  }
  return out;
}

}  // namespace clv::retention

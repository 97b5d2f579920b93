#include "market_effects.hpp"

#include <cmath>
#include <map>

#include "../json.hpp"
#include "../rows.hpp"
#include "tried_plugin.hpp"

namespace cli {
namespace {

// What a plugin says of an action, on average over its proposals; money in major units.
struct opinion {
  std::string channel;
  double n = 0, effect = 0, contact_cost = 0, benefit = 0, discount = 0, minutes = 0, pull = 0,
         leaves = 0;
};

using opinions = std::map<std::string, opinion>;  // by action

void add_opinions(opinions& all, const result& proposals) {
  const auto number = [&](const char* column, std::int64_t row) {
    const double found = number_at(proposals, column, row);
    return std::isfinite(found) ? found : 0;
  };
  for (std::int64_t row = 0; row < clv_result_rows(proposals.get()); ++row) {
    if (number("veto", row) > 0) continue;
    opinion& o = all[text_at(proposals, "action", row)];
    o.channel = text_at(proposals, "channel", row);
    ++o.n;
    o.effect += number("effect_mean", row);
    o.contact_cost += number("contact_cost", row) / simulated_shop::minor_units;
    o.benefit += number("benefit", row) / simulated_shop::minor_units;
    o.discount += number("discount_share", row);
    o.minutes += number("agent_minutes", row);
    o.pull += number("pull_forward", row);
    o.leaves += number("unsubscribe_effect", row);
  }
}

// "actions" of report market: every kind of customer answers as the plugin expects on average.
std::string as_it_believes(const std::string& plugin, const opinions& all) {
  json_array list;
  for (const auto& [name, o] : all) {
    const double effect = o.effect / o.n;
    json_object by_kind;
    for (const char* kind : {"top", "heavy", "light", "lapsing", "lost", "complaint"}) {
      by_kind.add(kind, effect);
    }
    json_object one;
    one.add("name", name).add("plugin", plugin).add("channel", o.channel);
    // A discount is said in money, too: once is enough.
    one.add("benefit", o.discount > 0 ? 0.0 : o.benefit / o.n);
    one.add("discount_share", o.discount / o.n);
    one.add("contact_cost", o.contact_cost / o.n).add("agent_minutes", o.minutes / o.n);
    one.add("pull_forward", o.pull / o.n).add("unsubscribe", o.leaves / o.n);
    list.add_json(one.add_json("effect", by_kind.text()).text());
  }
  return list.text();
}

// Whether report market knows what this plugin's actions do. It says so before it simulates much.
bool is_sample(const std::string& plugin) {
  const std::string options = R"({"customers": 1, "actions": )" + json_text(plugin) + "}";
  auto asked = sized<clv_report_options>();
  asked.report = "market";
  asked.options_json = options.c_str();
  clv_job* raw = nullptr;
  if (clv_report_begin(&asked, &raw, nullptr) != CLV_OK) return false;
  const job work(raw);
  return clv_job_step(work.get(), 0, nullptr) == CLV_OK;
}

}  // namespace

simulated_shop open_shop(std::uint64_t seed, const std::string& actions_json, diag& d) {
  return {{.customers = trial_customers,
           .seed = seed,
           .actions_json = actions_json,
           .experiment_share = .3},
          d};
}

result propose_in(const simulated_shop& shop, const subject& s, const diag& d) {
  subject there = s;
  there.now_us = shop.now_us;
  return propose_by_libclv(load_by_libclv(there), shop.customers(d));
}

known_effects effects_of(const subject& s, const plugin_facts& facts, diag& d) {
  if (!s.market.effects_json.empty()) return {s.market.effects_json, "as given with --effects"};
  if (is_sample(facts.id)) {
    return {json_text(facts.id), "made up for the sample plugins (sdk/src/market)"};
  }
  // All markets are asked: there are actions for few customers.
  opinions all;
  for (int i = 0; i < s.market.markets; ++i) {
    const std::uint64_t seed = s.seed + static_cast<std::uint64_t>(i);
    add_opinions(all, propose_in(open_shop(seed, R"("clv.template")", d), s, d));
  }
  if (all.empty()) fail("it proposes no action to anybody in the simulated markets");
  return {as_it_believes(facts.id, all),
          "what the plugin expects on average; give --effects to try others"};
}

}  // namespace cli

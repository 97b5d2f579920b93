#include "market_trial.hpp"

#include <map>
#include <set>
#include <utility>

#include "../command.hpp"
#include "../rows.hpp"
#include "../task.hpp"
#include "lent_rows.hpp"
#include "market_effects.hpp"
#include "simulated_shop.hpp"
#include "tried_plugin.hpp"

namespace cli {
namespace {

constexpr std::int64_t year_us = std::int64_t{365} * 86'400'000'000;

// Consent is asked for, and nobody is advertised to twice a year by one channel.
constexpr const char* trial_policy =
    R"({"format": "clv.policy/1", "consent": ["email", "sms", "phone"],
        "caps": [{"channel": "email", "category": "marketing", "limit": 1, "days": 365},
                 {"channel": "sms", "category": "marketing", "limit": 1, "days": 365},
                 {"channel": "phone", "category": "marketing", "limit": 1, "days": 365}]})";

struct carried_out {
  std::string action, channel, category;
};
using carried_out_by_customer = std::map<std::string, carried_out>;

// ---- What a host does.

struct decided_trial {
  result decisions, refusals;
};

decided_trial decide_in(const simulated_shop& shop, const result& proposals, diag& d) {
  const clv_batch known = batch_of(shop.known, d), consent = batch_of(shop.consent, d);
  const clv_batch contacts = batch_of(shop.contacts, d), scored = batch_of(shop.scores, d);
  const clv_batch proposed = batch_of(proposals, d);
  const clv_named_batch facts[] = {
      {"customers", &known}, {"consent", &consent}, {"contacts", &contacts}};
  auto o = sized<clv_decide_options>();
  o.flags = CLV_DECIDE_NO_HOLDOUT;
  o.margin = simulated_shop::margin;
  o.now_us = shop.now_us;
  o.policy_json = trial_policy;
  o.facts = facts;
  o.n_facts = 3;
  task work(d, "decide", "", clv_decide_begin, &o, shop.by.get(), &scored, &proposed);
  work.run();
  return {work.take(), work.take("refusals")};
}

carried_out_by_customer carried_out_in(const result& decisions) {
  carried_out_by_customer all;
  for (std::int64_t row = 0; row < clv_result_rows(decisions.get()); ++row) {
    const std::string action = text_at(decisions, "action", row);
    if (action.empty()) continue;
    all[text_at(decisions, "customer", row)] = {
        action, text_at(decisions, "channel", row), text_at(decisions, "category", row)};
  }
  return all;
}

// The strongest proposal to each customer (the first of equals): what a host without a gate does.
carried_out_by_customer favourites_in(const result& proposals) {
  std::map<std::string, double> strongest;
  carried_out_by_customer all;
  for (std::int64_t row = 0; row < clv_result_rows(proposals.get()); ++row) {
    if (number_at(proposals, "veto", row) > 0) continue;
    const double effect = number_at(proposals, "effect_mean", row);
    const std::string who = text_at(proposals, "customer", row);
    const auto [at, is_new] = strongest.try_emplace(who, effect);
    if (!is_new && !(effect > at->second)) continue;
    at->second = effect;
    const std::string category = text_at(proposals, "category", row);
    all[who] = {text_at(proposals, "action", row),
                text_at(proposals, "channel", row),
                category.empty() ? "marketing" : category};
  }
  return all;
}

// ---- What it was good for.

// Who was advertised to by which channel within the last year: "customer\tchannel".
std::set<std::string> advertised_in(const simulated_shop& shop) {
  std::set<std::string> all;
  for (std::int64_t row = 0; row < clv_result_rows(shop.contacts.get()); ++row) {
    const bool recent =
        number_at(shop.contacts, "time", row) >= static_cast<double>(shop.now_us - year_us);
    const std::string category = text_at(shop.contacts, "category", row);
    if (!recent || text_at(shop.contacts, "kind", row) != "sent") continue;
    if (!category.empty() && category != "marketing") continue;
    all.insert(text_at(shop.contacts, "customer", row) + "\t" +
               text_at(shop.contacts, "channel", row));
  }
  return all;
}

double violations_in(const simulated_shop& shop, const carried_out_by_customer& done) {
  const std::set<std::string> advertised = advertised_in(shop);
  const std::set<std::string> capped{"email", "sms", "phone"};
  std::set<std::string> forbidden;  // customer and action
  for (std::int64_t row = 0; row < clv_result_rows(shop.truth.get()); ++row) {
    if (number_at(shop.truth, "allowed", row) > 0) continue;
    forbidden.insert(text_at(shop.truth, "customer", row) + "\t" +
                     text_at(shop.truth, "action", row));
  }
  double count = 0;
  for (const auto& [who, what] : done) {
    const bool repeats = what.category == "marketing" && capped.count(what.channel) > 0 &&
                         advertised.count(who + "\t" + what.channel) > 0;
    count += repeats || forbidden.count(who + "\t" + what.action) > 0;
  }
  return count;
}

void add_policy(std::vector<customer_column>& to,
                const carried_out_by_customer& done,
                const char* policy) {
  for (const auto& [who, what] : done) {
    for (const auto& [i, text] :
         {std::pair<std::size_t, std::string>{0, who}, {1, what.action}, {2, policy}}) {
      to[i].texts.push_back(text);
      to[i].present.push_back(true);
    }
  }
}

void judge(const simulated_shop& shop,
           const carried_out_by_customer& gated,
           const carried_out_by_customer& ungated,
           trial_score& into,
           diag& d) {
  std::vector<customer_column> columns;
  for (const char* name : {"customer", "action", "policy"}) {
    columns.push_back({.name = name, .unit = "", .type = CLV_T_UTF8});
  }
  add_policy(columns, gated, "gated");
  add_policy(columns, ungated, "ungated");
  plain_arena memory;
  const clv_batch truth = batch_of(shop.truth, d);
  const clv_named_batch inputs[] = {{"truth", &truth},
                                    {"decisions", lend_rows(customer_table::of(columns), memory)}};
  auto asked = sized<clv_report_options>();
  asked.report = "market_policies";
  asked.inputs = inputs;
  asked.n_inputs = 2;
  task work(d, "judge", "", clv_report_begin, &asked);
  work.run();
  const result found = work.take();
  for (std::int64_t row = 0; row < clv_result_rows(found.get()); ++row) {
    const std::string name = text_at(found, "policy", row);
    const double lift = number_at(found, "expected_lift", row);
    if (name == "oracle") into.oracle = lift;
    if (name == "ungated") into.ungated = lift;
    if (name != "gated") continue;
    into.gated = lift;
    into.in_vain = number_at(found, "cannibalisation_share", row);
  }
}

// Or judging says that a row is wrong, where nobody but the caller made it so.
void expect_known_actions(const simulated_shop& shop, const result& proposals) {
  std::set<std::string> known;
  for (std::int64_t row = 0; row < clv_result_rows(shop.truth.get()); ++row) {
    known.insert(text_at(shop.truth, "action", row));
  }
  for (std::int64_t row = 0; row < clv_result_rows(proposals.get()); ++row) {
    const std::string action = text_at(proposals, "action", row);
    if (number_at(proposals, "veto", row) > 0 || known.count(action) > 0) continue;
    fail("it proposes the action '" + action + "', of which nothing is said what it does",
         "give a file with all its actions with --effects");
  }
}

trial_score try_in(const simulated_shop& shop, const subject& s, diag& d) {
  trial_score score;
  subject there = s;
  there.now_us = shop.now_us;
  const plugins loaded = load_by_libclv(there);
  const customer_table customers = shop.customers(d);
  const stopwatch watch;
  const result proposals = propose_by_libclv(loaded, customers);
  const decided_trial decided = decide_in(shop, proposals, d);
  score.milliseconds = 1000 * watch.seconds();
  expect_known_actions(shop, proposals);
  const carried_out_by_customer gated = carried_out_in(decided.decisions);
  const carried_out_by_customer ungated = favourites_in(proposals);
  score.proposals = static_cast<double>(clv_result_rows(proposals.get()));
  score.treated = static_cast<double>(gated.size());
  score.violations = violations_in(shop, gated);
  score.ungated_violations = violations_in(shop, ungated);
  judge(shop, gated, ungated, score, d);
  return score;
}

}  // namespace

trial try_in_markets(const subject& s) {
  diag d;
  const plugin_facts facts = read_facts(s);
  const known_effects effects = effects_of(s, facts, d);
  trial t{.truth = effects.words, .customers = trial_customers, .markets = {}};
  for (int i = 0; i < s.market.markets; ++i) {
    const std::uint64_t seed = s.seed + static_cast<std::uint64_t>(i);
    t.markets.push_back(try_in(open_shop(seed, effects.actions_json, d), s, d));
  }
  return t;
}

}  // namespace cli

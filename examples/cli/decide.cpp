// clv decide: plugins propose, libclv prices, chooses and keeps receipts; then the table to act on.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "command.hpp"
#include "decide_text.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "plugin_files.hpp"
#include "rows.hpp"
#include "score_text.hpp"
#include "store.hpp"
#include "task.hpp"

namespace cli {
namespace {

struct decide_command {
  std::string store;
  plugin_request plugins;
  std::string budget;
  double holdout = .1;
  std::string salt = "clv";
  double z = 1;
  double margin = 1;
  std::string now;
  std::string policy_file;
  std::string policy;
  bool what_if = false;
  std::int64_t top = 10;
  std::string out;
  std::string refusals_out;
  bool json = false;
};

clv_decide_options options_of(const decide_command& o, const std::string& currency) {
  auto options = sized<clv_decide_options>();
  if (!o.budget.empty()) {
    options.flags |= CLV_DECIDE_HAS_BUDGET;
    options.budget_minor = parse_money(o.budget, currency, "--budget");
  }
  if (o.holdout <= 0) options.flags |= CLV_DECIDE_NO_HOLDOUT;
  options.holdout_share = o.holdout;
  options.holdout_salt = o.salt.c_str();
  options.z = o.z;
  options.margin = o.margin;
  options.now_us = o.plugins.now_us;
  options.policy_json = or_null(o.policy);
  if (o.what_if) options.flags |= CLV_DECIDE_WHAT_IF;
  return options;
}

// The sentences about a policy begin with this word; its file says more than the store's name.
failure about_policy(const failure& e, const decide_command& o) {
  const std::string said = e.what(), start = o.store + ": policy: ";
  if (o.policy_file.empty() || !said.starts_with(start)) return e;
  return {e.status(), o.policy_file + ": " + said.substr(start.size())};
}

std::string read_policy(const std::string& path) {
  std::string policy = read_file(path);
  if (policy.find_first_not_of(" \t\r\n") == std::string::npos) {
    fail(path + ": the policy is empty", "a policy that limits nothing is {}");
  }
  return policy;
}

// Decides; the answer is the job's own, because a what-if is stored nowhere.
decided decide_with(const engine& store,
                    const plugins& loaded,
                    const clv_decide_options& options,
                    const std::string& path,
                    diag& d) {
  task work(d, "decide", path, clv_engine_decide_begin, store.get(), loaded.get(), &options);
  work.run();
  decided tables;
  tables.decisions = work.take();
  tables.refusals = work.take("refusals");
  tables.budget = work.take("budget");
  tables.resources = work.take("resources");
  return tables;
}

// What the tables are about to show, and what they cannot.
std::string heading(const decided& tables) {
  const std::string none = why_no_values(tables.scores);
  const std::string currency = unit_of(tables.scores, "clv");
  return none.empty()
             ? "Value, cost and earnings are in " + currency + ".\n"
             : "There are " + none + "; customers are in the order of the purchases expected.\n";
}

void print_outcome(const decide_command& o, const decided& tables, const diag& d) {
  if (o.json) {
    std::printf("%s\n", decision_json(tables, o.store, d).c_str());
    return;
  }
  const bool any = number_at(tables.budget, "customers_treated", 0) > 0;
  const bool valued = has_column(tables.scores, "clv");
  if (o.top == 0) {
    std::fputs(decision_summary(tables).c_str(), stdout);
    return;
  }
  std::string text = doubtful_values(tables.scores) + heading(tables) + "\n";
  if (any) text += "The actions expected to earn most\n\n" + top_actions(tables, o.top, d) + "\n";
  text += valued ? "The most valuable customers without an action\n\n"
                 : "The customers without an action who are expected to buy most\n\n";
  text += top_untreated(tables, any ? (o.top + 1) / 2 : o.top, d) + "\n";
  std::fputs((text + decision_summary(tables)).c_str(), stdout);
}

// The currency of the values; where there are none, of the log.
std::string currency_of(const engine& store, const std::string& path, const diag& d) {
  const std::string values = unit_of(read_store(store, "scores", path, d), "clv");
  if (!values.empty()) return values;
  const result summary = try_read_store(store, "summary");
  const std::string log = summary == nullptr ? "" : unit_of(summary, "revenue");
  return log.empty() ? "XXX" : log;
}

// Those that only compute features or segments are no one to ask.
void require_proposers(const result& list) {
  std::string others;
  for (std::int64_t i = 0; i < clv_result_rows(list.get()); ++i) {
    if (!text_at(list, "actions", i).empty()) return;
    others += (others.empty() ? "" : ", ") + text_at(list, "id", i) + " (" +
              text_at(list, "capabilities", i) + ")";
  }
  fail(others.empty() ? "there is no plugin to ask" : "no plugin proposes anything: " + others,
       "name one: clv decide --plugin winback.so");
}

int run_decide(decide_command o) {
  diag d;
  const engine store = open_store(o.store, false, d);
  o.plugins.now_us = o.now.empty() ? system_now_us() : parse_time(o.now, "UTC", "--now");
  const plugins loaded = load_plugins(o.plugins, d);
  require_proposers(list_plugins(loaded, d));
  if (!o.policy_file.empty()) o.policy = read_policy(o.policy_file);
  const clv_decide_options options = options_of(o, currency_of(store, o.store, d));
  decided tables;
  try {
    tables = decide_with(store, loaded, options, o.store, d);
  } catch (const failure& e) {
    throw about_policy(e, o);
  }
  tables.scores = read_store(store, "scores", o.store, d);
  tables.segments = try_read_store(store, "segments");
  if (!o.out.empty()) write_csv(tables.decisions, o.out, d);
  if (!o.refusals_out.empty()) write_csv(tables.refusals, o.refusals_out, d);
  if (o.out != "-") print_outcome(o, tables, d);
  return exit_ok;
}

void add_gate(CLI::App& command, decide_command& o) {
  command.add_option("--policy", o.policy_file, "What is allowed: consent, caps, budgets, ...")
      ->type_name("FILE.json");
  command.add_flag("--what-if", o.what_if, "Decide, show the answer, store nothing");
  command.add_option("--budget", o.budget, "The most that may be spent, e.g. 500.00")
      ->type_name("AMOUNT");
  command.add_option("--holdout", o.holdout, "Share of customers left alone to measure the effect")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--salt", o.salt, "Same salt, same holdout")->capture_default_str();
  command.add_option("--z", o.z, "Accept when mean - z sd of the profit is above zero")
      ->check(above_zero())
      ->capture_default_str();
  command.add_option("--margin", o.margin, "Share of spend that is profit")
      ->check(CLI::Range(1e-9, 1.0))
      ->capture_default_str();
}

}  // namespace

void add_decide(CLI::App& app, action& chosen) {
  auto o = std::make_shared<decide_command>();
  CLI::App& command = *app.add_subcommand("decide", "Choose who gets which retention action");
  command.add_option("--store", o->store, "The store; score (and segment) it before")->required();
  command.add_option(
      "--plugin",
      o->plugins.paths,
      "Ask this plugin only: a name or a file, may be repeated (default: those beside clv)");
  command.add_option("--plugin-config", o->plugins.configs, "Settings of a plugin: ID={JSON}");
  add_gate(command, *o);
  command.add_option("--seed", o->plugins.seed, "Of the random numbers plugins get")
      ->capture_default_str();
  command.add_option(
      "--now", o->now, "When it is decided: facts later than this do not count (default: now)");
  command
      .add_option("--top",
                  o->top,
                  "Customers with an action to show, and half as many without; 0: totals only")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{10'000}))
      ->capture_default_str();
  command.add_option("--out", o->out, "Write all decisions to this CSV file");
  command.add_option("--refusals", o->refusals_out, "Write proposals not chosen to this CSV file");
  command.add_flag("--json", o->json, "Print the totals as JSON instead of the table");
  command.footer(
      "sdk/POLICY.md tells the members of a policy. Check a plugin of others first with clv "
      "validate.\n"
      "Ctrl-C stops before anything is stored; a second one ends the command at once.\n\n"
      "Example:\n  clv decide --store shop.clv --budget 500.00 --margin .3 "
      "--plugin-config 'clv.winback={\"discount_minor\": 300}' --out decisions.csv\n"
      "  clv decide --store shop.clv --policy policy.json --budget 1000.00 --what-if");
  command.callback([o, &chosen] { chosen = [o] { return run_decide(*o); }; });
}

}  // namespace cli

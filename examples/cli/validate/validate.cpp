// clv validate: is this plugin correct? Every check runs in a process of its own with a time limit,
// so that a crash, a hang or an exit() is a finding and not the end of the command.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "../command.hpp"
#include "../failure.hpp"
#include "../json.hpp"
#include "../rows.hpp"
#include "../text.hpp"
#include "check.hpp"
#include "child.hpp"
#include "given_json.hpp"
#include "simulated_shop.hpp"

namespace cli {
namespace {

struct validate_command {
  subject about;
  int seconds = 30;
  std::vector<std::string> only;
  bool market = false;
  std::string config, effects_file;  // as given
  int markets = 0;                   // 0: not given
  finding market_answer;
  bool strict = false;
  bool json = false;
  bool here = false;
  bool in_child = false;
};

struct checked {
  const plugin_check* check;
  bool was_run = false;
  finding found;
  double milliseconds = 0;
};

// In the order of verdict, and what was not run.
const char* word_of(const checked& c, bool for_people) {
  if (!c.was_run) return "not run";
  switch (c.found.result) {
    case verdict::ok:
      return "ok";
    case verdict::warning:
      return "warning";
    case verdict::failed:
      return for_people ? "FAILED" : "failed";
    case verdict::skipped:
      return "skipped";
  }
  return "";
}

void print_one(const checked& c) {
  std::printf("%-8s %-13s %s\n", word_of(c, true), c.check->name, c.check->title);
  if (!c.found.detail.empty()) {
    const bool is_report = c.check == &market_check();  // of several lines
    const std::string detail = is_report ? c.found.detail : fitted(c.found.detail, 1000);
    std::printf("         %s\n", detail.c_str());
  }
  std::fflush(stdout);
}

std::vector<const plugin_check*> chosen_checks(const std::vector<std::string>& only) {
  std::vector<const plugin_check*> chosen;
  for (const plugin_check& check : all_checks()) {
    if (only.empty() || std::ranges::find(only, check.name) != only.end()) chosen.push_back(&check);
  }
  return chosen;
}

std::vector<checked> run_checks(const validate_command& o, const check_runner& runner) {
  std::vector<checked> done;
  bool hopeless = false;
  for (const plugin_check* check : chosen_checks(o.only)) {
    checked& c = done.emplace_back(checked{.check = check, .found = {}});
    if (!hopeless) {
      const stopwatch watch;
      c.found = runner.run(*check);
      c.milliseconds = 1000 * watch.seconds();
      c.was_run = true;
    }
    hopeless = hopeless || (check->first_of_all && c.found.result == verdict::failed);
    if (!o.json) print_one(c);
  }
  return done;
}

bool is_good(const checked& c, bool strict) {
  return c.was_run && c.found.result != verdict::failed &&
         !(strict && c.found.result == verdict::warning);
}

void print_json(const validate_command& o, const std::vector<checked>& done, bool valid) {
  json_array list;
  for (const checked& c : done) {
    json_object one;
    one.add("check", c.check->name).add("title", c.check->title).add("result", word_of(c, false));
    one.add("detail", c.found.detail).add("milliseconds", c.milliseconds);
    list.add_json(one.text());
  }
  json_object json;
  json.add("plugin", o.about.path).add("valid", valid);
  json.add("seed", std::to_string(o.about.seed)).add_json("checks", list.text());
  const std::string& market = o.market_answer.detail;
  if (market.starts_with('{')) json.add_json("market", market);
  if (o.market_answer.result == verdict::skipped) json.add("market_not_applicable", market);
  if (o.market_answer.result == verdict::failed) json.add("market_error", market);
  std::printf("%s\n", json.text().c_str());
}

// One check in this process, for a debugger.
int run_here(const validate_command& o, bool nothing_else) {
  diag d;
  subject about = o.about;
  about.customers = simulated_shop({.seed = about.seed}, d).customers(d);
  bool good = true;
  std::vector<const plugin_check*> checks =
      nothing_else ? std::vector<const plugin_check*>() : chosen_checks(o.only);
  if (o.market) checks.push_back(&market_check());
  for (const plugin_check* check : checks) {
    checked c{.check = check, .was_run = true, .found = {}};
    try {
      c.found = check->run(about);
    } catch (const std::exception& e) {
      c.found = {verdict::failed, e.what()};
    }
    std::ranges::replace(c.found.detail, line_break, '\n');
    print_one(c);
    good = good && is_good(c, o.strict);
  }
  return good ? exit_ok : exit_failed;
}

// What the market found, if it was asked; the answer is in o.
bool try_market(validate_command& o, const check_runner& runner) {
  o.about.market.json = o.json;
  o.market_answer = runner.run(market_check());
  std::ranges::replace(o.market_answer.detail, line_break, '\n');
  return o.market_answer.result != verdict::failed;
}

void print_verdict(const validate_command& o, bool valid, bool only_market) {
  const bool applies = o.market_answer.result != verdict::skipped;
  if (!o.market_answer.detail.empty()) {
    std::printf("%s%s%s\n%s",
                only_market ? "" : "\n",
                applies ? "" : "--market is not applicable: ",
                o.market_answer.detail.c_str(),
                only_market ? "" : "\n");
  }
  if (only_market && valid) return;  // whether it is, nobody asked
  std::printf("%s %s\n", o.about.path.c_str(), valid ? "is a valid plugin" : "is not valid");
}

// Before anything is loaded: what was typed wrongly is no finding about a plugin.
void read_given(validate_command& o) {
  if (!o.market && !o.effects_file.empty()) misuse("--effects goes with --market");
  if (!o.market && o.markets != 0) misuse("--markets goes with --market");
  if (o.markets != 0) o.about.market.markets = o.markets;
  if (!o.config.empty()) o.about.config = given_config(o.config);
  if (!o.effects_file.empty()) o.about.market.effects_json = given_effects(o.effects_file);
}

int run_validate(validate_command o) {
  o.about.path = std::filesystem::absolute(o.about.path).lexically_normal().string();
  if (o.in_child) {
    o.about.config = o.config;
    o.about.market.markets = o.markets;
    o.about.market.json = o.json;
    return run_as_child(*find_check(o.only.at(0)), o.about);
  }
  // Not one of the checklist, but to be asked for like one.
  const bool market_named = !o.only.empty() && std::erase(o.only, market_check().name) > 0;
  const bool only_market = market_named && o.only.empty();
  o.market = o.market || market_named;
  read_given(o);
  if (o.here) return run_here(o, only_market);
  diag d;
  o.about.customers = simulated_shop({.seed = o.about.seed}, d).customers(d);
  const check_runner runner({.about = &o.about, .seconds = o.seconds});
  const std::vector<checked> done = only_market ? std::vector<checked>() : run_checks(o, runner);
  bool valid = std::ranges::all_of(done, [&](const checked& c) { return is_good(c, o.strict); });
  if (valid && o.market) valid = try_market(o, runner);
  if (o.json) {
    print_json(o, done, valid);
  } else {
    print_verdict(o, valid, only_market);
  }
  return valid ? exit_ok : exit_failed;
}

std::string not_empty(const std::string& text) {
  return text.empty() ? "it is empty" : "";
}

std::string known_check(const std::string& name) {
  if (find_check(name) != nullptr) return "";
  std::string names;
  for (const plugin_check& c : all_checks())
    names += (names.empty() ? "" : ", ") + std::string(c.name);
  return "there is no check '" + name + "'; known: " + names;
}

}  // namespace

void add_validate(CLI::App& app, action& chosen) {
  auto o = std::make_shared<validate_command>();
  CLI::App& command =
      *app.add_subcommand("validate", "Check a plugin, each check in a process of its own");
  command.add_option("plugin", o->about.path, "The plugin")
      ->required()
      ->check(CLI::ExistingFile)
      ->type_name("PLUGIN.so");
  command.add_option("--config", o->config, "Its settings, a JSON object")
      ->check(CLI::Validator(not_empty, ""))
      ->type_name("JSON|@FILE");
  command
      .add_option(
          "--seed", o->about.seed, "Of the customers and the random numbers it is tried with")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 53))
      ->capture_default_str();
  command.add_option("--check", o->only, "Only this check; may be repeated")
      ->check(CLI::Validator(known_check, "NAME"))
      ->type_name("");
  command.add_option("--seconds", o->seconds, "How long one check may take")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command.add_flag("--market", o->market, "Then try it in simulated markets whose truth is known");
  command.add_option("--markets", o->markets, "How many, with seeds from --seed on")
      ->check(CLI::Range(1, 1000))
      ->default_str("4");
  command
      .add_option("--effects", o->effects_file, "What its actions do there: see plugins/README.md")
      ->check(CLI::Validator(not_empty, ""))
      ->type_name("FILE.json");
  command.add_flag("--strict", o->strict, "A warning is a failure");
  command.add_flag("--here", o->here, "In this process, without a time limit: for a debugger");
  command.add_flag("--json", o->json, "Print the checklist as JSON");
  // What the command calls itself with.
  command.add_flag("--in-child", o->in_child)->group("");
  command.add_option("--effects-json", o->about.market.effects_json)->group("");
  command.footer(
      "Exit status: 0 valid, 1 not valid or not to be checked, 2 the command was called "
      "wrongly.\n\n"
      "Example:\n  clv validate winback.so --config '{\"discount_minor\": 300}'\n"
      "  clv validate winback.so --check poison --check float --json\n"
      "  clv validate winback.so --market --markets 8");
  command.callback([o, &chosen] { chosen = [o] { return run_validate(*o); }; });
}

}  // namespace cli

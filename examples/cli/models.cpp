// clv models: the models that a store keeps, and the aliases that name them.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "json.hpp"
#include "model_text.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "table_text.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct models_command {
  std::string store;
  std::string promote;   // ALIAS=MODEL
  std::string rollback;  // ALIAS
  std::string retire;    // MODEL
  std::string add;       // a model file
  double max_age_days = 0;
  bool unchecked = false;
  bool json = false;
};

constexpr double us_per_day = 86'400e6;

// 0 when there is no such alias yet.
std::int64_t etag_of(const engine& store,
                     const std::string& alias,
                     const models_command& o,
                     diag& d) {
  const result aliases = read_store(store, "aliases", o.store, d);
  for (std::int64_t row = 0; row < clv_result_rows(aliases.get()); ++row) {
    if (text_at(aliases, "alias", row) != alias) continue;
    return static_cast<std::int64_t>(number_at(aliases, "etag", row));
  }
  return 0;
}

void set_alias(const engine& store, const models_command& o, clv_alias_options& options, diag& d) {
  options.etag = etag_of(store, options.alias, o, d);
  options.now_us = system_now_us();
  options.max_age_us = std::llround(o.max_age_days * us_per_day);
  std::int64_t etag = 0;
  d.check(clv_engine_set_alias(store.get(), &options, &etag, d.get()), o.store);
}

void promote(const engine& store, const models_command& o, diag& d) {
  const std::size_t equals = o.promote.find('=');
  if (equals == std::string::npos || equals + 1 == o.promote.size()) {
    misuse("--promote '" + o.promote + "' is not ALIAS=MODEL", "write --promote production=3");
  }
  const std::string alias = o.promote.substr(0, equals), model = o.promote.substr(equals + 1);
  auto options = sized<clv_alias_options>();
  options.alias = alias.c_str();
  options.model = model.c_str();
  options.flags = o.unchecked ? std::uint32_t{CLV_ALIAS_UNCHECKED} : 0;
  set_alias(store, o, options, d);
}

void roll_back(const engine& store, const models_command& o, diag& d) {
  auto options = sized<clv_alias_options>();
  options.alias = o.rollback.c_str();
  options.flags = CLV_ALIAS_ROLLBACK;
  set_alias(store, o, options, d);
}

void add_model(const engine& store, const models_command& o, diag& d) {
  const model made = load_model(o.add, d);
  const char* number = nullptr;
  d.check(clv_engine_add_model(store.get(), nullptr, made.get(), system_now_us(), &number, d.get()),
          o.store);
}

std::string day_at(const result& table, const char* column, std::int64_t row) {
  return iso_time(number_at(table, column, row)).substr(0, 10);
}

// "production, staging": the aliases that name a model.
std::string aliases_of(const result& aliases, const std::string& model) {
  std::string list;
  for (std::int64_t row = 0; row < clv_result_rows(aliases.get()); ++row) {
    if (text_at(aliases, "model", row) != model) continue;
    list += (list.empty() ? "" : ", ") + text_at(aliases, "alias", row);
  }
  return list;
}

std::string shown(const result& models, const result& aliases) {
  std::vector<std::vector<std::string>> rows;
  for (std::int64_t row = 0; row < clv_result_rows(models.get()); ++row) {
    const std::string name = text_at(models, "name", row);
    const bool retired = number_at(models, "retired", row) == 1;
    rows.push_back({name,
                    text_at(models, "model", row),
                    retired ? "retired" : text_at(models, "status", row),
                    rounded(number_at(models, "customers", row), 0),
                    rounded(number_at(models, "log_likelihood", row), 2),
                    day_at(models, "as_of_us", row),
                    day_at(models, "created_us", row),
                    aliases_of(aliases, name)});
  }
  return text_table({{"number", 20, true},
                     {"model"},
                     {"status"},
                     {"customers", 20, true},
                     {"log-likelihood", 20, true},
                     {"data until"},
                     {"made on"},
                     {"aliases"}},
                    rows);
}

void list(const engine& store, const models_command& o, const diag& d) {
  const result models = read_store(store, "models", o.store, d);
  const result aliases = read_store(store, "aliases", o.store, d);
  if (o.json) {
    json_object json;
    json.add("store", o.store).add_json("models", json_table(models, d));
    std::printf("%s\n", json.add_json("aliases", json_table(aliases, d)).text().c_str());
  } else if (clv_result_rows(models.get()) == 0) {
    std::printf("%s has no model yet: clv fit --store makes one\n", o.store.c_str());
  } else {
    std::printf("%s", shown(models, aliases).c_str());
  }
}

int run_models(const models_command& o) {
  diag d;
  const bool promotes = !o.promote.empty(), goes_back = !o.rollback.empty();
  if (promotes && goes_back) misuse("--promote and --rollback: give one");
  if (o.unchecked && !promotes) misuse("--unchecked goes with --promote");
  if (o.max_age_days > 0 && !promotes && !goes_back) misuse("--max-age goes with --promote");
  const engine store = open_store(o.store, false, d);
  if (!o.add.empty()) add_model(store, o, d);
  if (promotes) promote(store, o, d);
  if (goes_back) roll_back(store, o, d);
  if (!o.retire.empty()) {
    d.check(clv_engine_retire_model(store.get(), nullptr, o.retire.c_str(), d.get()), o.store);
  }
  list(store, o, d);
  return exit_ok;
}

}  // namespace

void add_models(CLI::App& app, action& chosen) {
  auto o = std::make_shared<models_command>();
  CLI::App& command = *app.add_subcommand("models", "List a store's models, promote one");
  command.add_option("store,--store", o->store, "The store of clv fit")->required();
  command.add_option("--promote", o->promote, "Let an alias name this model")
      ->type_name("ALIAS=MODEL");
  command.add_option("--rollback", o->rollback, "Let it name the one before again")
      ->type_name("ALIAS");
  command.add_option("--retire", o->retire, "Nothing is scored with it any more")
      ->type_name("MODEL");
  command.add_option("--add", o->add, "Keep a model of this file of clv fit --save-model")
      ->type_name("FILE");
  command.add_option("--max-age", o->max_age_days, "Refuse data that end more days ago")
      ->check(above_zero())
      ->type_name("DAYS");
  command.add_flag("--unchecked", o->unchecked, "Promote one that did not converge, too");
  command.add_flag("--json", o->json, "Print both tables as JSON");
  command.footer(
      "A model goes by its number or an alias; clv score --model takes either.\n\n"
      "Example:\n  clv models shop.clv\n  clv models shop.clv --promote production=1\n"
      "  clv models shop.clv --promote production=1 --max-age 100000 --json");
  command.callback([o, &chosen] { chosen = [o] { return run_models(*o); }; });
}

}  // namespace cli

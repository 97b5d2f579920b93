// clv fit: estimates from a store, or from a summary file without one.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "fit_settings.hpp"
#include "fit_text.hpp"
#include "input.hpp"
#include "model_text.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "task.hpp"

namespace cli {
namespace {

struct fit_command {
  std::string store;
  csv_source summary;
  fit_settings settings;
  std::string as_of;
  std::string save;
  std::string out;
  bool drop_zero_value = false;
  bool json = false;
};

clv_summarize_options summarize_options_of(const fit_command& o, const std::string& unit) {
  auto options = sized<clv_summarize_options>();
  options.flags = o.drop_zero_value ? std::uint32_t{CLV_SUMMARIZE_DROP_ZERO} : 0;
  options.unit = unit.c_str();
  options.time_zone = o.settings.time_zone.c_str();
  options.currency = or_null(o.settings.currency);
  if (!o.as_of.empty()) {
    options.as_of_us = parse_time(o.as_of, o.settings.time_zone, "--as-of");
  }
  return options;
}

// A fit and how long it took, without reading its input.
struct timed_model {
  model fitted;
  double seconds;
  std::string kept_as;  // number in the store
};

timed_model run_timed(task fitting) {
  const stopwatch watch;
  fitting.run();
  return {fitting.take_model(), watch.seconds(), {}};
}

timed_model fit_summary(const fit_command& o, const fit_options& options, diag& d) {
  csv_source source = o.summary;
  source.extra = covariate_columns(o.settings);
  const csv_rows rows = read_csv(source, d);
  const clv_batch batch = batch_of(rows.accepted, d);
  return run_timed(task(d, "fit", source.path, clv_fit_begin, options.get(), &batch));
}

timed_model fit_store(const fit_command& o, const fit_options& options, diag& d) {
  const engine store = open_store(o.store, false, d);
  const clv_summarize_options summarize = summarize_options_of(o, options.unit());
  clv_fit_options fitting = *options.get();
  fitting.now_us = system_now_us();
  timed_model done =
      run_timed(task(d, "fit", o.store, clv_engine_fit_begin, store.get(), &summarize, &fitting));
  const result models = read_store(store, "models", o.store, d);
  done.kept_as = text_at(models, "name", clv_result_rows(models.get()) - 1);
  return done;
}

// "auto" is no row of the table: it asks for the choice among them, which needs the log.
model_traits check_model(const fit_command& o, const diag& d) {
  const std::string& name = o.settings.model;
  const bool chosen_by_backtest = name == "auto" || name.starts_with("auto+");
  if (!chosen_by_backtest) {
    const model_traits traits = traits_of(name, d);
    if (!traits.counts_periods || o.store.empty()) return traits;
    misuse("--model " + name + " needs --summary: a log has no opportunities",
           "give a file of x,t_x,n (or x,n of contracts)");
  }
  if (o.store.empty()) {
    misuse("--model " + name + " needs --store: models are compared on a part of the log",
           "name a model, or import the log first");
  }
  return {.predicts_purchases = true};
}

int run_fit(const fit_command& o) {
  diag d;
  if (o.store.empty() == o.summary.path.empty()) misuse("fit needs either --store or --summary");
  const model_traits traits = check_model(o, d);
  if (!o.store.empty() && !covariate_columns(o.settings).empty()) {
    misuse("covariates are columns of --summary; a store has none");
  }
  if ((o.settings.l2 > 0 || o.settings.l2_life > 0) && covariate_columns(o.settings).empty()) {
    misuse("--l2 is a penalty on coefficients", "it needs --covariates");
  }
  const fit_options options(o.settings, traits);
  const auto [fitted, seconds, kept_as] =
      o.store.empty() ? fit_summary(o, options, d) : fit_store(o, options, d);
  if (!o.save.empty()) save_model(fitted, o.save, d);
  const result table = table_of(fitted, d);
  if (!o.out.empty()) write_csv(table, o.out, d);
  if (o.out == "-") return exit_ok;
  const fit_report report{facts_of(table), options.unit(), seconds, d.warnings_json(), kept_as};
  std::printf("%s\n", (o.json ? fit_json(report) : fit_table(report)).c_str());
  return exit_ok;
}

}  // namespace

void add_fit(CLI::App& app, action& chosen) {
  auto o = std::make_shared<fit_command>();
  o->summary.schema = "summary";
  CLI::App& command = *app.add_subcommand("fit", "Fit a customer-value model");
  command.add_option("--store", o->store, "Summarise and fit the log in this store");
  command.add_option(
      "--summary",
      o->summary.path,
      "Fit this CSV of x,t_x,T (or n; weight; mean_spend; litt; covariates) instead");
  command.add_option("--map", o->summary.map, "Headers of --summary: x=frequency,t_x=recency");
  add_fit_settings(command, o->settings);
  command.add_option("--as-of", o->as_of, "Last day observed (default: the day of the last event)");
  command.add_flag(
      "--drop-zero-value", o->drop_zero_value, "Leave zero-value orders out altogether");
  command.add_option("--save-model", o->save, "Write the model to this JSON file");
  command.add_option("--out", o->out, "Write the estimates to this CSV file");
  command.add_flag("--json", o->json, "Print the estimates as JSON");
  command.footer(
      "Example:\n  clv fit --store shop.clv --as-of 2025-06-30\n"
      "  clv fit --model pareto_nbd --summary summary.csv --unit week --json\n"
      "  clv fit --model bg_cnbd_k --fix k=2 --summary summary.csv\n"
      "  clv fit --model bg_nbd --summary summary.csv --covariates channel,gender --l2 .01");
  command.callback([o, &chosen] { chosen = [o] { return run_fit(*o); }; });
}

}  // namespace cli

// clv fit: estimates from a store, or from a summary file without one.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "fit_text.hpp"
#include "input.hpp"
#include "json.hpp"
#include "model_text.hpp"
#include "report.hpp"
#include "rows.hpp"
#include "store.hpp"
#include "task.hpp"

namespace cli {
namespace {

struct fit_command {
  std::string store;
  csv_source summary;
  std::string model = "bg_nbd+gamma_gamma";
  std::string unit = "week";
  std::string time_zone = "UTC";
  std::string currency;
  std::string as_of;
  std::string save;
  std::uint32_t threads = 1;
  double tolerance = 0;
  int max_iterations = 0;
  bool drop_zero_value = false;
  bool json = false;
};

clv_fit_options fit_options_of(const fit_command& o) {
  auto options = sized<clv_fit_options>();
  options.threads = o.threads;
  options.model = o.model.c_str();
  options.tolerance = o.tolerance;
  options.max_iterations = o.max_iterations;
  options.unit = o.unit.c_str();
  options.time_zone = o.time_zone.c_str();
  options.currency = or_null(o.currency);
  return options;
}

clv_summarize_options summarize_options_of(const fit_command& o) {
  auto options = sized<clv_summarize_options>();
  options.flags = o.drop_zero_value ? std::uint32_t{CLV_DROP_ZERO_VALUE} : 0;
  options.unit = o.unit.c_str();
  options.time_zone = o.time_zone.c_str();
  options.currency = or_null(o.currency);
  if (!o.as_of.empty()) options.as_of_us = parse_time(o.as_of, o.time_zone, "--as-of");
  return options;
}

// A fit and how long it took, without reading its input.
struct timed_model {
  model fitted;
  double seconds;
};

timed_model run_timed(task fitting) {
  const stopwatch watch;
  fitting.run();
  return {fitting.take_model(), watch.seconds()};
}

timed_model fit_summary(const fit_command& o, diag& d) {
  const csv_rows rows = read_csv(o.summary, d);
  const clv_batch batch = batch_of(rows.accepted, d);
  const clv_fit_options options = fit_options_of(o);
  return run_timed(task(d, "fit", o.summary.path, clv_fit_begin, &options, &batch));
}

timed_model fit_store(const fit_command& o, diag& d) {
  const engine store = open_store(o.store, false, d);
  const clv_summarize_options summarize = summarize_options_of(o);
  const clv_fit_options options = fit_options_of(o);
  return run_timed(
      task(d, "fit", o.store, clv_engine_fit_begin, store.get(), &summarize, &options));
}

int run_fit(const fit_command& o) {
  diag d;
  if (o.store.empty() == o.summary.path.empty()) misuse("fit needs either --store or --summary");
  require_model(o.model, d);
  const auto [fitted, seconds] = o.store.empty() ? fit_summary(o, d) : fit_store(o, d);
  if (!o.save.empty()) save_model(fitted, o.save, d);
  const std::vector<fit_facts> parts = facts_of(table_of(fitted, d));
  const std::string text =
      o.json ? fit_json(o.model, o.unit, seconds, parts, d.warnings_json()) : fit_table(parts);
  std::printf("%s\n", text.c_str());
  return exit_ok;
}

void add_settings(CLI::App& command, fit_command& o) {
  command
      .add_option("--model", o.model, "One model, or a purchase and a spend model joined by '+'")
      ->capture_default_str();
  command.add_option("--unit", o.unit, "What ages are counted in: day or week")
      ->check(unit_name())
      ->capture_default_str();
  command.add_option("--time-zone", o.time_zone, "Whose midnight separates purchase days")
      ->capture_default_str();
  command.add_option("--currency", o.currency, "Take only events of this currency");
  command.add_option("--as-of", o.as_of, "Last day observed (default: the day of the last event)");
  command.add_option("--threads", o.threads, "The same result for any number")
      ->capture_default_str();
  command.add_option("--tolerance", o.tolerance, "On the gradient per customer; 0 = 1e-9");
  command.add_option("--max-iterations", o.max_iterations, "0 = 200");
  command.add_flag(
      "--drop-zero-value", o.drop_zero_value, "Leave zero-value orders out altogether");
}

}  // namespace

void add_fit(CLI::App& app, action& chosen) {
  auto o = std::make_shared<fit_command>();
  o->summary.schema = "summary";
  CLI::App& command = *app.add_subcommand("fit", "Fit a customer-value model");
  command.add_option("--store", o->store, "Summarise and fit the log in this store");
  command.add_option(
      "--summary", o->summary.path, "Fit this CSV of x,t_x,T (mean_spend, weight) instead");
  command.add_option("--map", o->summary.map, "Headers of --summary: x=frequency,t_x=recency");
  add_settings(command, *o);
  command.add_option("--save-model", o->save, "Write the model to this JSON file");
  command.add_flag("--json", o->json, "Print the estimates as JSON");
  command.footer(
      "Example:\n  clv fit --store shop.clv --as-of 2025-06-30\n"
      "  clv fit --model bg_nbd --summary summary.csv --unit week --json");
  command.callback([o, &chosen] { chosen = [o] { return run_fit(*o); }; });
}

}  // namespace cli

// clv score: every customer's value, from a store or, for big logs, from CSV to CSV in memory.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "json.hpp"
#include "log_summary.hpp"
#include "model_text.hpp"
#include "rows.hpp"
#include "score_text.hpp"
#include "store.hpp"
#include "task.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct score_command {
  std::string store;
  csv_source log;
  std::string model;  // with a log what to fit, with a store which one it is
  std::string model_file;
  std::string unit = "week";
  std::string as_of;
  double horizon = 0;
  double horizon_days = 0;
  double discount = 0;
  double margin = 0;
  std::string quantities;
  bool process_only = false;
  bool summarise = false;
  std::uint32_t threads = 1;
  std::string out;
  bool json = false;
};

constexpr double days_per_week = 7;

clv_score_options options_of(const score_command& o, const std::string& unit) {
  auto options = sized<clv_score_options>();
  options.threads = o.threads;
  options.horizon = o.horizon;
  if (o.horizon_days > 0) {
    options.horizon = unit == "day" ? o.horizon_days : o.horizon_days / days_per_week;
  }
  options.annual_discount = o.discount;
  options.margin = o.margin;
  options.quantities = or_null(o.quantities);
  options.flags = o.process_only ? std::uint32_t{CLV_SCORE_PROCESS_ONLY} : 0;
  return options;
}

model fit(const score_command& o, const result& summary, diag& d) {
  if (!o.model_file.empty()) return load_model(o.model_file, d);
  auto options = sized<clv_fit_options>();
  options.threads = o.threads;
  options.model = or_null(o.model);
  options.unit = o.unit.c_str();
  options.time_zone = o.log.time_zone.c_str();
  const std::string currency = unit_of(summary, "revenue");  // the log's own
  options.currency = or_null(currency);
  const clv_batch batch = batch_of(summary, d);
  task work(d, "fit", o.log.path, clv_fit_begin, &options, &batch);
  work.run();
  return work.take_model();
}

// Each table is let go as soon as the next one stands: a big log is in memory only once.
result score_log(const score_command& o, diag& d) {
  result summary = summary_of({.log = o.log, .unit = o.unit, .as_of = o.as_of}, d);
  const model fitted = fit(o, summary, d);
  const clv_batch batch = batch_of(summary, d);
  const clv_score_options options = options_of(o, o.unit);
  task work(d, "score", o.log.path, clv_score_begin, &options, fitted.get(), &batch);
  summary.reset();
  work.run();
  return work.take();
}

result score_store(const score_command& o, diag& d) {
  const engine store = open_store(o.store, false, d);
  const model with = model_named(store, o.model, o.store, d);
  clv_score_options options = options_of(o, member_of(with, "unit", d));
  options.model = or_null(o.model);
  if (o.summarise) options.flags |= std::uint32_t{CLV_SCORE_SUMMARIZE};
  if (!o.as_of.empty()) {
    options.as_of_us = parse_time(o.as_of, member_of(with, "time_zone", d), "--as-of");
  }
  {
    task work(d, "score", o.store, clv_engine_score_begin, store.get(), &options);
    work.run();
  }
  return read_store(store, "scores", o.store, d);
}

struct value_sum {
  double total = 0;
  std::int64_t valued = 0;
};

value_sum sum_of(const result& scores, const diag& d) {
  value_sum sum;
  if (!has_column(scores, "clv")) return sum;
  for (const double value : numbers(scores, "clv", d)) {
    if (std::isnan(value)) continue;
    sum.total += value;
    ++sum.valued;
  }
  return sum;
}

std::string outcome_json(const result& scores, double seconds, const diag& d) {
  const value_sum sum = sum_of(scores, d);
  const std::string why = why_no_values(scores);
  json_object json;
  json.add("customers", clv_result_rows(scores.get())).add("valued", sum.valued);
  json.add_json("total_clv", why.empty() ? json_number(sum.total) : "null");
  json.add("currency", unit_of(scores, "clv")).add_json("statuses", statuses_json(scores));
  json.add("fingerprint", clv_result_fingerprint(scores.get())).add("seconds", seconds);
  return json.add_json("warnings", d.warnings_json()).text();
}

std::string outcome_text(const result& scores, const diag& d) {
  const value_sum sum = sum_of(scores, d);
  const std::string why = why_no_values(scores);
  const std::string text = grouped(clv_result_rows(scores.get())) + " customers scored, ";
  if (!why.empty()) return text + why;
  return text + grouped(sum.valued) + " of them with a value, " + rounded(sum.total, 2) + " " +
         unit_of(scores, "clv") + " together";
}

void print_outcome(const score_command& o, const result& scores, double seconds, diag& d) {
  if (o.json) {
    std::printf("%s\n", outcome_json(scores, seconds, d).c_str());
    return;
  }
  std::printf("%s%s%s%s\n",
              doubtful_values(scores).c_str(),
              outcome_text(scores, d).c_str(),
              o.out.empty() ? "" : ": ",
              o.out.c_str());
}

int run_score(const score_command& o) {
  diag d;
  if (o.store.empty() == o.log.path.empty()) misuse("score needs either --store or --log");
  if (o.store.empty() && o.out.empty()) misuse("score --log needs --out", "--out scores.csv");
  if (o.horizon > 0 && o.horizon_days > 0) misuse("--horizon and --horizon-days: give one");
  if (!o.store.empty() && !o.quantities.empty()) {
    misuse("--quantities goes with --log: a store keeps all that segment and decide read");
  }
  if (o.store.empty() && o.summarise) misuse("--summarize goes with --store");
  if (!o.store.empty() && !o.as_of.empty() && !o.summarise) {
    misuse("--as-of with --store needs --summarize", "the stored summary is of a day of its own");
  }
  if (o.store.empty() && o.model_file.empty() && !o.model.empty()) traits_of(o.model, d);
  const stopwatch watch;
  const result scores = o.store.empty() ? score_log(o, d) : score_store(o, d);
  if (!o.out.empty()) write_csv(scores, o.out, d);
  if (o.out != "-") print_outcome(o, scores, watch.seconds(), d);
  return exit_ok;
}

void add_values(CLI::App& command, score_command& o) {
  command.add_option("--horizon", o.horizon, "Model units ahead (default: one year)")
      ->check(above_zero());
  command.add_option("--horizon-days", o.horizon_days, "The same in days")->check(above_zero());
  command.add_option("--discount", o.discount, "Annual discount rate: .1 is ten per cent")
      ->check(CLI::Range(0.0, 10.0));
  command.add_option("--margin", o.margin, "Share of spend that is profit (default 1: revenue)")
      ->check(CLI::Range(1e-9, 1.0));
  command.add_option("--quantities",
                     o.quantities,
                     "With --log: columns to compute, e.g. p_alive,clv,pmf:0,dert:.002 (default: "
                     "all the model has)");
  command.add_flag("--process-only",
                   o.process_only,
                   "Intervals without the uncertainty of the estimates themselves");
  command.add_option("--threads", o.threads, "The same result for any number")
      ->capture_default_str();
}

}  // namespace

void add_score(CLI::App& app, action& chosen) {
  auto o = std::make_shared<score_command>();
  CLI::App& command = *app.add_subcommand("score", "Value every customer");
  command.add_option(
      "--store", o->store, "Score the customers of this store with one of its models");
  command.add_option("--log", o->log.path, "No store: summarize, fit and score this CSV log");
  add_values(command, *o);
  command.add_option("--out", o->out, "Write the scores to this CSV file");
  command.add_option("--model",
                     o->model,
                     "With --log: what to fit (default bg_nbd+gamma_gamma); with --store: number "
                     "or alias of the model (default: the latest)");
  command.add_option("--model-file", o->model_file, "With --log: use this model, do not fit");
  command.add_option("--unit", o->unit, "With --log: day or week")
      ->check(unit_name())
      ->capture_default_str();
  command.add_option("--as-of", o->as_of, "With --log or --summarize: last day observed");
  command.add_flag("--summarize,--summarise",
                   o->summarise,
                   "With --store: count the log anew, in the model's unit and zone");
  add_csv_options(command, o->log);
  command.add_flag("--json", o->json, "Print the totals as JSON");
  command.footer(
      "Example:\n  clv score --store shop.clv --horizon-days 365 --discount .1 "
      "--margin .3 --out scores.csv\n  clv score --store shop.clv --model 1 --summarize "
      "--as-of 2025-06-30\n  clv score --log log.csv --out scores.csv");
  command.callback([o, &chosen] { chosen = [o] { return run_score(*o); }; });
}

}  // namespace cli

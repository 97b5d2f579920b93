// clv backtest: the report of that name, with options of its own and the figures people compare.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "report_run.hpp"
#include "rows.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct backtest_command {
  std::string store;
  csv_source log;
  std::string models;
  std::string spend = "gamma_gamma";
  std::string split;
  std::string as_of;
  std::string by = "log_score";
  std::string unit = "week";
  bool drop_zero_value = false;
  std::uint32_t threads = 1;
  std::string out;
  bool json = false;
};

constexpr const char* report_name = "backtest";

report_request request_of(const backtest_command& o) {
  report_request request;
  request.store = o.store;
  if (!o.log.path.empty()) request.files.emplace("transactions", o.log);
  request.options = {{"models", o.models},
                     {"spend", o.spend == "none" ? "" : o.spend},
                     {"by", o.by},
                     {"unit", o.unit},
                     {"time_zone", o.log.time_zone},
                     {"drop_zero_value", o.drop_zero_value ? "true" : "false"},
                     {"threads", std::to_string(o.threads)}};
  if (o.log.currency != "XXX") request.options.emplace("currency", o.log.currency);
  if (!o.split.empty()) request.options.emplace("split", "\"" + o.split + "\"");
  if (!o.as_of.empty()) request.options.emplace("as_of", "\"" + o.as_of + "\"");
  return request;
}

// "0.754" or, where nothing was compared, "-".
std::string figure(const result& table, const char* column, std::int64_t row, int decimals) {
  return rounded(number_at(table, column, row), decimals);
}

std::string per_cent(const result& table, const char* column, std::int64_t row) {
  const double value = number_at(table, column, row);
  return std::isnan(value) ? "-" : rounded(value, 1) + " %";
}

std::string comparison(const result& table) {
  std::vector<std::vector<std::string>> rows;
  for (std::int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    if (std::isnan(number_at(table, "mae", row))) continue;  // its reason stands below
    rows.push_back({text_at(table, "model", row),
                    figure(table, "mae", row, 4),
                    figure(table, "rmse", row, 4),
                    per_cent(table, "bias_percent", row),
                    figure(table, "rank_correlation", row, 3),
                    percent(number_at(table, "count_coverage", row)),
                    figure(table, "value_mae", row, 2),
                    per_cent(table, "value_bias_percent", row),
                    figure(table, "log_likelihood", row, 2),
                    text_at(table, "status", row)});
  }
  return text_table({{"model"},
                     {"MAE", 12, true},
                     {"RMSE", 12, true},
                     {"bias", 10, true},
                     {"rank corr.", 10, true},
                     {"in 80 %", 8, true},
                     {"value MAE", 12, true},
                     {"value bias", 10, true},
                     {"log-likelihood", 18, true},
                     {"fit"}},
                    rows);
}

std::string remarks(const result& table) {
  std::string chosen;
  std::string reasons;
  for (std::int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    const std::string name = text_at(table, "model", row);
    const std::string reason = text_at(table, "reason", row);
    if (number_at(table, "chosen", row) == 1) chosen = name;
    if (!reason.empty()) reasons += name + ": " + reason + "\n";
  }
  return (chosen.empty() ? "No model was chosen.\n" : "Chosen: " + chosen + ".\n") + reasons;
}

int run_backtest(const backtest_command& o) {
  diag d;
  if (o.store.empty() == o.log.path.empty()) misuse("backtest needs either --log or --store");
  const report_facts facts = report_named(report_name, d);
  const named_tables tables = run_report(facts, request_of(o), d);
  const result& main = tables.front().second;
  if (!o.out.empty()) write_csv(main, o.out, d);
  if (o.out == "-") return exit_ok;
  const std::string text =
      o.json ? answer_json(report_name, tables, d) + "\n" : comparison(main) + "\n" + remarks(main);
  std::fputs(text.c_str(), stdout);
  return exit_ok;
}

void add_settings(CLI::App& command, backtest_command& o) {
  command.add_option("--models", o.models, "Comma list (default: all that fit a log)");
  command.add_option("--spend", o.spend, "Spend model of the values compared, or none")
      ->capture_default_str();
  command.add_option("--split", o.split, "Last day fitted (default: two thirds of the days)");
  command.add_option("--as-of", o.as_of, "Last day compared (default: that of the last event)");
  command.add_option("--by", o.by, "What the choice goes by")
      ->check(CLI::IsMember({"mae", "rmse", "log_score"}))
      ->capture_default_str();
  command.add_option("--unit", o.unit, "Of the fits: day or week")
      ->check(unit_name())
      ->capture_default_str();
  command.add_flag(
      "--drop-zero-value", o.drop_zero_value, "Leave zero-value orders out altogether");
  command.add_option("--threads", o.threads, "The same result for any number")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
}

}  // namespace

void add_backtest(CLI::App& app, action& chosen) {
  auto o = std::make_shared<backtest_command>();
  CLI::App& command =
      *app.add_subcommand("backtest", "Compare what models foretell with what came");
  command.add_option("--store", o->store, "The log in this store");
  command.add_option("--log", o->log.path, "This CSV log instead");
  add_settings(command, *o);
  add_csv_options(command, o->log);
  command.add_option("--out", o->out, "Write all figures to this CSV file");
  command.add_flag("--json", o->json, "Print all figures, and the calibration by count, as JSON");
  command.footer(
      "MAE and RMSE are per customer, in purchases of the days held out; bias is predicted over\n"
      "actual; 'in 80 %' is how many counts fell into the central 80 % that the model gave.\n\n"
      "Example:\n  clv backtest --log log.csv\n"
      "  clv backtest --store shop.clv --models bg_nbd,pareto_nbd --split 2025-03-31");
  command.callback([o, &chosen] { chosen = [o] { return run_backtest(*o); }; });
}

}  // namespace cli

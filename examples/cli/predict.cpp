// clv predict: what a model with given parameters says about each row of a summary file.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "input.hpp"
#include "model_text.hpp"
#include "report.hpp"
#include "rows.hpp"
#include "task.hpp"

namespace cli {
namespace {

const std::vector<std::string>& usual_columns() {
  static const std::vector<std::string> columns{
      "customer", "log_likelihood", "p_alive", "expected_purchases", "expected_spend"};
  return columns;
}

struct predict_options {
  model_spec spec{.name = {}, .parameters = {}, .unit = "week", .currency = {}};
  csv_source summary;
  double horizon = 0;
  std::vector<std::string> quantities;
  std::string out = "-";
  std::uint32_t threads = 1;
};

int run_predict(const predict_options& o) {
  diag d;
  const model given = given_model(o.spec, d);
  const csv_rows rows = read_csv(o.summary, d);
  if (clv_result_rows(rows.accepted.get()) == 0) {
    fail(o.summary.path + ": the summary has no rows", "give a row of x,t_x,T for each customer");
  }
  const clv_batch batch = batch_of(rows.accepted, d);
  auto options = sized<clv_score_options>();
  options.horizon = o.horizon;
  options.threads = o.threads;
  task scoring(d, "predict", o.summary.path, clv_score_begin, &options, given.get(), &batch);
  scoring.run();
  const result scores = scoring.take();
  for (const std::string& name : o.quantities) {
    if (!has_column(scores, name.c_str())) {
      misuse("--quantities: " + o.spec.name + " has no '" + name + "'");
    }
  }
  write_columns(scores, o.quantities.empty() ? usual_columns() : o.quantities, o.out, d);
  return exit_ok;
}

}  // namespace

void add_predict(CLI::App& app, action& chosen) {
  auto o = std::make_shared<predict_options>();
  o->summary.schema = "summary";
  CLI::App& command =
      *app.add_subcommand("predict", "Predict each customer from given parameters (no store)");
  command.add_option("--model", o->spec.name, "bg_nbd, gamma_gamma or bg_nbd+gamma_gamma")
      ->required();
  command.add_option("--params", o->spec.parameters, "r=..,alpha=..")->required();
  command.add_option("--summary", o->summary.path, "CSV of x,t_x,T (mean_spend)")->required();
  command.add_option("--map", o->summary.map, "Headers of --summary: x=frequency,t_x=recency");
  command.add_option("--horizon", o->horizon, "Units of time ahead")
      ->required()
      ->check(above_zero());
  command.add_option("--unit", o->spec.unit, "What ages and horizon are counted in: day or week")
      ->check(unit_name())
      ->capture_default_str();
  command
      .add_option("--quantities",
                  o->quantities,
                  "Columns to write (default: all of these "
                  "that the model has: log_likelihood,p_alive,expected_purchases,expected_spend)")
      ->delimiter(',');
  command.add_option("--out", o->out, "CSV file; - is standard output")->capture_default_str();
  command.add_option("--threads", o->threads, "The same result for any number")
      ->capture_default_str();
  command.footer(
      "Example:\n  clv predict --model bg_nbd --params r=.243,alpha=4.41,a=.793,b=2.43 "
      "--summary summary.csv --horizon 39");
  command.callback([o, &chosen] { chosen = [o] { return run_predict(*o); }; });
}

}  // namespace cli

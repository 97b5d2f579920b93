// clv predict: what a model with given parameters says about each row of a summary file.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "failure.hpp"
#include "input.hpp"
#include "model_text.hpp"
#include "rows.hpp"
#include "task.hpp"
#include "text.hpp"

namespace cli {
namespace {

struct predict_command {
  model_spec spec{.name = {}, .parameters = {}, .unit = {}, .currency = {}};
  std::string model_file;
  csv_source summary;
  double horizon = 0;
  std::vector<std::string> quantities;
  std::string out = "-";
  std::uint32_t threads = 1;
};

// What is written when nothing is asked for, of that what the model has.
const std::vector<std::string>& usual_columns() {
  static const std::vector<std::string> columns{
      "customer", "log_likelihood", "p_alive", "expected_purchases", "expected_spend"};
  return columns;
}

// Columns of the summary, which stand in the answer as they came.
bool is_given(const std::string& name) {
  constexpr std::array given{"customer", "x", "t_x", "T", "n", "mean_spend"};
  return std::ranges::find(given, name) != given.end();
}

bool looks_ahead(const std::string& name) {
  constexpr std::array ahead{"expected_purchases", "expected_new", "pmf:", "no_purchase", "clv"};
  return std::ranges::any_of(ahead, [&](const char* start) { return name.starts_with(start); });
}

model model_of(const predict_command& o, const diag& d) {
  const bool named = !o.spec.name.empty();
  if (named != o.model_file.empty() || named == o.spec.parameters.empty()) {
    misuse("predict needs either --model with --params, or --model-file");
  }
  if (!named && !o.spec.unit.empty()) misuse("--unit: the model file says what its unit is");
  return named ? given_model(o.spec, d) : load_model(o.model_file, d);
}

// One unit where nothing that is asked for looks ahead: what is asked for does not depend on it.
double horizon_of(const predict_command& o, const std::string& name, const diag& d) {
  if (o.horizon > 0) return o.horizon;
  const bool usual = o.quantities.empty();
  if (usual && traits_of(name, d).predicts_purchases) {
    misuse("--horizon is missing", "give it, or --quantities that need none: log_likelihood");
  }
  const auto ahead = std::ranges::find_if(o.quantities, looks_ahead);
  if (ahead != o.quantities.end()) misuse("--horizon is missing; " + *ahead + " needs it");
  return 1;
}

std::string joined_quantities(const predict_command& o) {
  std::string list;
  for (const std::string& name : o.quantities) {
    if (!is_given(name)) list += (list.empty() ? "" : ",") + name;
  }
  return list;
}

// A quantity that the model lacks is the caller's mistake, a row it cannot take is the file's.
task begin_scoring(const predict_command& o,
                   diag& d,
                   const clv_score_options& options,
                   const model& given,
                   const clv_batch& batch) {
  try {
    return task(d, "predict", o.summary.path, clv_score_begin, &options, given.get(), &batch);
  } catch (const failure& e) {
    const std::string_view said = e.what();
    const bool of_quantity = said.find("quantity") != std::string_view::npos;
    if (!of_quantity || !said.starts_with(o.summary.path + ": ")) throw;
    misuse("--quantities: " + std::string(said.substr(o.summary.path.size() + 2)));
  }
}

// Empty cells in what was computed are said aloud: nobody reads a million rows for them.
void warn_of_gaps(const result& scores, const std::vector<std::string>& columns, diag& d) {
  for (const std::string& name : columns) {
    const bool text = !has_column(scores, name.c_str()) || name == "clv_status";
    if (text || is_given(name)) continue;
    const std::vector<double> values = numbers(scores, name.c_str(), d);
    const auto gaps = std::ranges::count_if(values, [](double v) { return std::isnan(v); });
    if (gaps == 0) continue;
    d.warn(name + " is empty in " + grouped(gaps) + " of " +
           grouped(static_cast<std::int64_t>(values.size())) +
           " rows: under these parameters it is not finite there");
  }
}

int run_predict(predict_command o) {
  diag d;
  const model given = model_of(o, d);
  const std::string name = name_of(given, d);
  o.summary.extra = covariates_of(given, d);
  const std::string quantities = joined_quantities(o);
  auto options = sized<clv_score_options>();
  options.horizon = horizon_of(o, name, d);
  options.quantities = or_null(quantities);
  options.threads = o.threads;
  const csv_rows rows = read_csv(o.summary, d);
  if (clv_result_rows(rows.accepted.get()) == 0) {
    fail(o.summary.path + ": the summary has no rows", "give a row of x,t_x,T for each customer");
  }
  const clv_batch batch = batch_of(rows.accepted, d);
  task scoring = begin_scoring(o, d, options, given, batch);
  scoring.run();
  const result scores = scoring.take();
  for (const std::string& asked : o.quantities) {
    if (!has_column(scores, asked.c_str())) {
      misuse("--quantities: " + o.summary.path + " has no column '" + asked + "'");
    }
  }
  const std::vector<std::string>& columns = o.quantities.empty() ? usual_columns() : o.quantities;
  write_columns(scores, columns, o.out, d);
  warn_of_gaps(scores, columns, d);
  return exit_ok;
}

void add_model(CLI::App& command, predict_command& o) {
  command.add_option(
      "--model",
      o.spec.name,
      "nbd, bg_nbd, mbg_nbd, bg_cnbd_k, mbg_cnbd_k, pareto_nbd, gg_nbd, bg_bb, sbg, bdw, "
      "gamma_gamma; a purchase and a spend model are joined by '+'");
  command.add_option(
      "--params", o.spec.parameters, "Its parameters by the paper's names: r=..,alpha=..");
  command.add_option("--model-file", o.model_file, "Instead of both: a file of clv fit");
  command
      .add_option("--unit",
                  o.spec.unit,
                  "What ages and horizon are counted in: day or week (default); period of a model "
                  "of opportunities or renewals")
      ->check(model_unit_name());
}

}  // namespace

void add_predict(CLI::App& app, action& chosen) {
  auto o = std::make_shared<predict_command>();
  o->summary.schema = "summary";
  CLI::App& command =
      *app.add_subcommand("predict", "Predict each customer from given parameters (no store)");
  add_model(command, *o);
  command
      .add_option("--summary",
                  o->summary.path,
                  "CSV of x,t_x,T (or n; mean_spend; litt; covariates of the model)")
      ->required();
  command.add_option("--map", o->summary.map, "Headers of --summary: x=frequency,t_x=recency");
  command
      .add_option("--horizon", o->horizon, "Units of time (or periods) ahead, where one is needed")
      ->check(above_zero());
  command
      .add_option("--quantities",
                  o->quantities,
                  "Columns to write, among log_likelihood, p_alive, expected_purchases, "
                  "no_purchase, expected_new and pmf:N (of a new customer, within the horizon), "
                  "dert:D (at rate D per unit, or per period), survival:S (S units ahead), "
                  "expected_spend, and the summary's own (default: all of these that the model "
                  "has: log_likelihood,p_alive,expected_purchases,expected_spend)")
      ->delimiter(',');
  command.add_option("--out", o->out, "CSV file; - is standard output")->capture_default_str();
  command.add_option("--threads", o->threads, "The same result for any number")
      ->capture_default_str();
  command.footer(
      "Example:\n  clv predict --model bg_nbd --params r=.243,alpha=4.41,a=.793,b=2.43 "
      "--summary summary.csv --horizon 39\n"
      "  clv predict --model pareto_nbd --params r=.553,alpha=10.58,s=.606,beta=11.67 "
      "--summary summary.csv --quantities customer,p_alive,dert:.0027");
  command.callback([o, &chosen] { chosen = [o] { return run_predict(*o); }; });
}

}  // namespace cli

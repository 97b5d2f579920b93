// What goes with churn: a regularised logistic regression, or with a column of time at risk a
// discrete-time hazard, judged on rows it has not seen. It predicts and it describes; it does not
// say what would happen if a feature were changed: only an experiment does.
#include <array>
#include <cmath>
#include <memory>
#include <optional>

#include "math/normal.hpp"
#include "value/churn/churn_study.hpp"
#include "value/churn/churn_tables.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 1> inputs{{{"rows", "", true, "customer,churned,..."}}};
constexpr std::array<report_option, 16> option_rows{
    {{"label", "\"churned\"", "column with what came of it"},
     {"positive", "", "its value that means churn; default: 1, yes, true, churned"},
     {"customer", "", "column of ids; default: customer, customer_id, customerID, id, ..."},
     {"time_at_risk", "", "column of whole periods at risk: fits a hazard, contractual churn"},
     {"features", "", "columns to use; default: all that have no other use"},
     {"exclude", "", "columns not to use"},
     {"protected", "", "columns that are audited and never decide; default: gender, age, ..."},
     {"audit_only", "false", "let protected columns be features of a model that never decides"},
     {"groups", "", "sets left out together in the ablation: \"services=TechSupport+Backup\""},
     {"penalty", "", "ridge penalty; default: chosen by cross-validation"},
     {"penalty_rule",
      "\"simplest\"",
      "best, or simplest: the strongest within one standard error of it"},
     {"folds", "5", "2 to 20"},
     {"seed", "1", "of the folds"},
     {"level", "0.95", "of all intervals"},
     {"select_share", "0.2", "share of the riskiest that the audit counts as selected"},
     {"max_levels", "50", "text columns with more different values are set aside"}}};
constexpr std::array<report_output, 7> outputs{
    {{"",
      "term,feature,level,kind,coefficient,standard_error,odds_ratio,lower,upper,center,scale,mean,"
      "n,status,association"},
     {"drivers",
      "feature,level,effect,odds_ratio,lower,upper,customers,churned,churn_rate,rate_lower,"
      "rate_upper,importance,importance_share,association"},
     {"quality",
      "model,status,reason,customers,churned,outcomes,penalty,log_loss,brier,auc,base_log_loss,"
      "base_brier,calibrated,log_loss_uncalibrated,brier_uncalibrated"},
     {"calibration", "bin,outcomes,predicted,observed,lower,upper"},
     {"fairness",
      "attribute,group,customers,outcomes,churn_rate,rate_lower,rate_upper,predicted,auc,brier,"
      "selected_share"},
     {"ablation", "without,log_loss,brier,auc,log_loss_added,auc_lost"},
     {"penalties", "penalty,log_loss,standard_error"}}};

struct request {
  std::shared_ptr<const table> rows;
  settings given;
  churn_columns columns;
  churn_study_options options;
  double z = 0, select_share = 0;
  std::string extra;
  std::optional<churn_study> study;
};

double whole(const settings& given, std::string_view name, double fallback, double most) {
  const double v = given.number_in(name, fallback, name == "folds" ? 2 : 0, most);
  if (v != std::floor(v)) given.refuse(name, "a whole number");
  return v;
}

churn_study_options read_options(const settings& given) {
  churn_study_options o{.folds = static_cast<int>(whole(given, "folds", 5, 20)),
                        .seed = static_cast<std::uint64_t>(whole(given, "seed", 1, 9e15))};
  const std::string rule = given.text("penalty_rule", "simplest");
  if (rule != "best" && rule != "simplest") given.refuse("penalty_rule", "best or simplest");
  o.simplest = rule == "simplest";
  if (given.has("penalty")) o.penalty = given.number_in("penalty", 1, 1e-6, 1e9);
  return o;
}

// "services=TechSupport+OnlineBackup" to the features' places.
churn_group parse_group(const settings& given, const std::string& text, const churn_data& data) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    given.refuse("groups", "texts like \"services=TechSupport+OnlineBackup\"");
  }
  churn_group group{.name = text.substr(0, equals)};
  for (std::size_t from = equals + 1; from <= text.size();) {
    const std::size_t end = std::min(text.find('+', from), text.size());
    const std::string name = text.substr(from, end - from);
    std::size_t at = 0;
    while (at < data.features.size() && data.features[at].name != name) ++at;
    if (at == data.features.size()) {
      given.refuse("groups", "names of features; '" + name + "' is none");
    }
    group.features.push_back(at);
    from = end + 1;
  }
  return group;
}

// Every feature by itself, then the baseline over time, then the caller's groups.
std::vector<churn_group> groups_of(const settings& given, const churn_data& data) {
  std::vector<churn_group> groups;
  for (std::size_t i = 0; i < data.features.size(); ++i) {
    groups.push_back({.name = data.features[i].name, .features = {i}});
  }
  if (!data.baseline.time_column.empty()) {
    groups.push_back({.name = data.baseline.time_column, .baseline = true});
  }
  for (const std::string& text : given.names("groups").value_or(std::vector<std::string>{})) {
    groups.push_back(parse_group(given, text, data));
  }
  return groups;
}

void write(const request& r, outcome& out) {
  const churn_view view{*r.study, r.columns, r.z, r.select_share, r.extra};
  churn_model model = r.study->model();
  model.audit_only = r.columns.audit_only;
  out.tables[""] = churn_model_table(model, r.z, r.extra);
  out.tables["drivers"] = churn_drivers(view);
  out.tables["quality"] = churn_quality_table(view);
  out.tables["calibration"] = churn_calibration_table(view);
  out.tables["fairness"] = churn_fairness(view);
  out.tables["ablation"] = churn_ablation_table(view);
  out.tables["penalties"] = churn_penalties(view);
  if (const std::string why = r.study->reason(); !why.empty()) {
    out.notes.push_back({.code = status::ok, .level = log_level::warn, .message = why});
  }
}

job begin(report_inputs in, std::string_view options_json) {
  const auto out = std::make_shared<outcome>();
  settings given("churn_fit", options_json, option_rows);
  const auto rows = in.tables.find("rows")->second;
  const auto r = std::make_shared<request>(request{.rows = rows, .given = std::move(given)});
  r->columns = choose_churn_columns(*rows, r->given, out->notes);
  r->options = read_options(r->given);
  r->z = math::normal_quantile(0.5 + r->given.number_in("level", 0.95, 0.5, 0.9999) / 2);
  r->select_share = r->given.number_in("select_share", 0.2, 0, 1);
  r->extra = "churn_fit|" + std::string(options_json);
  const auto read = [r, out] {
    churn_data data = read_churn_data(*r->rows, r->columns, r->given, out->notes);
    auto groups = groups_of(r->given, data);
    r->study.emplace(std::move(data), r->options, std::move(groups));
    return 1.0;
  };
  const auto fit = [r] {
    r->study->fit();
    return 1.0;
  };
  const auto tables = [r, out] {
    write(*r, *out);
    return 1.0;
  };
  return {{{"read", read},
           {"penalty", [r] { return r->study->advance_penalty(); }},
           {"fit", fit},
           {"ablation", [r] { return r->study->advance_ablation(); }},
           {"tables", tables}},
          out};
}

}  // namespace

constinit const report churn_fit_report{
    .name = "churn_fit",
    .summary = "What goes with churn: a calibrated model, its drivers, quality and audit",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv

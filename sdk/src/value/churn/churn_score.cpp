// Scores customers with a churn model and says which features moved each score away from the
// average customer's, by how much: base + sum of contributions = logit.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "features/cells.hpp"
#include "value/churn/churn_data.hpp"
#include "value/churn/churn_model.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

using features::number_at;
using features::text_at;

constexpr std::array<report_input, 2> churn_score_inputs{
    {{"model", "", true, "term,feature,level,kind,coefficient,center,scale,mean,n"},
     {"rows", "", true, "customer,..."}}};
constexpr std::array<report_option, 5> churn_score_option_rows{
    {{"customer", "", "column of ids; default: customer, customer_id, customerID, id, ..."},
     {"horizon_periods", "1", "of a hazard: churn within so many further periods"},
     {"reasons", "3", "features named in words, those that moved the score most"},
     {"contributions", "true", "whether table contributions is made"},
     {"audit_only", "false", "score with a model whose features are protected, never to decide"}}};
constexpr std::array<report_output, 2> churn_score_outputs{
    {{"", "customer,churn_probability,logit,base,reasons"},
     {"contributions", "customer,feature,value,contribution"}}};

struct plan {
  churn_model model;
  const column* customer = nullptr;
  const column* time = nullptr;
  std::vector<const column*> cells;  // per feature
  int horizon = 1;
  std::size_t reasons = 3;
  bool contributions = true;
};

const column* feature_column(const table& rows, const std::string& name) {
  if (const column* found = rows.find(name)) return found;
  throw error({.code = status::invalid,
               .column = name,
               .message = "report 'churn_score': table 'rows' has no column '" + name +
                          "', which the model uses",
               .hint = "give the columns the model was fitted on"});
}

plan read_plan(const report_inputs& in, const settings& given) {
  plan p{.model = read_churn_model(in.of("model"))};
  const table& rows = in.of("rows");
  const std::string id = given.text("customer", "");
  p.customer = find_customer_column(rows, id);
  if (p.customer == nullptr) {
    throw error(status::invalid,
                "report 'churn_score': table 'rows' has no column of customer ids",
                "add a column customer, or name yours with option 'customer'");
  }
  for (const churn_feature& f : p.model.features) p.cells.push_back(feature_column(rows, f.name));
  const std::string& time = p.model.baseline.time_column;
  if (!time.empty()) p.time = feature_column(rows, time);
  if (p.model.audit_only && !given.flag("audit_only", false)) {
    throw error(
        status::invalid,
        "report 'churn_score': the model has protected features and was fitted for an audit",
        "fit one without audit_only to decide with");
  }
  const double horizon = given.number_in("horizon_periods", 1, 1, 1200);
  if (horizon != std::floor(horizon)) given.refuse("horizon_periods", "a whole number");
  p.horizon = static_cast<int>(horizon);
  p.reasons = static_cast<std::size_t>(given.number_in("reasons", 3, 0, 100));
  p.contributions = given.flag("contributions", true);
  return p;
}

struct contribution {
  std::string feature, value;
  double amount = 0;
};

struct score {
  double base = 0, logit = 0, probability = 0;
  std::vector<contribution> parts;
};

double time_of(const column& c, std::size_t row) {
  const auto t = number_at(c, row);
  if (t && *t >= 0 && std::isfinite(*t)) return *t;
  features::refuse_cell(c,
                        row,
                        "'" + text_at(c, row) + "' is not a number of periods",
                        "use the periods at risk so far, 0 or more");
}

// Chance of churn within the horizon: one less the product of staying each period.
double within_horizon(const plan& p, double own, double time) {
  const churn_model& m = p.model;
  double stays = 1;
  for (int ahead = 1; ahead <= p.horizon; ++ahead) {
    const double logit =
        m.calibration_intercept + m.calibration_slope * (own + m.baseline.at(time + ahead));
    stays *= logistic(-logit);
  }
  return 1 - stays;
}

// Only the row itself enters, in the order of the model: the same bits alone as in a batch.
score score_row(const plan& p, std::size_t row) {
  const churn_model& m = p.model;
  const double slope = m.calibration_slope, average = m.baseline.at(m.baseline.mean_time + 1);
  score s;
  double base = average, own = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < m.features.size(); ++i) {
    const churn_feature& f = m.features[i];
    const column& cell = *p.cells[i];
    const auto number = f.numeric ? number_at(cell, row) : std::nullopt;
    contribution part{.feature = f.name, .value = text_at(cell, row)};
    for (; at < m.columns.size() && m.columns[at].feature == i; ++at) {
      const churn_column& c = m.columns[at];
      const double x = churn_design_value(c, f, number, f.numeric ? "" : part.value);
      base += c.coefficient * c.mean;
      own += c.coefficient * x;
      part.amount += slope * c.coefficient * (x - c.mean);
    }
    s.parts.push_back(std::move(part));
  }
  s.base = m.calibration_intercept + slope * base;
  double now = average;
  if (p.time != nullptr) {
    const double time = time_of(*p.time, row);
    now = m.baseline.at(time + 1);
    s.parts.push_back({m.baseline.time_column, text_at(*p.time, row), slope * (now - average)});
  }
  s.logit = m.calibration_intercept + slope * (now + own);
  s.probability = p.time == nullptr || p.horizon == 1
                      ? logistic(s.logit)
                      : within_horizon(p, own, time_of(*p.time, row));
  return s;
}

// "+0.83" with two decimals, by hand: the locale has no say.
std::string signed_text(double v) {
  const auto hundredths = std::llround(std::abs(v) * 100);
  const std::string cents = std::to_string(hundredths % 100);
  return (v < 0 ? "-" : "+") + std::to_string(hundredths / 100) + "." +
         (cents.size() < 2 ? "0" + cents : cents);
}

// "Contract = Month-to-month (+0.83); tenure = 1 (+0.40)": largest first, equals in model order.
std::string reasons_text(const score& s, std::size_t most) {
  std::vector<const contribution*> order;
  for (const contribution& c : s.parts) order.push_back(&c);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::abs(a->amount) > std::abs(b->amount);
  });
  std::string text;
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) {
    if (order[i]->amount == 0) break;
    const std::string& value = order[i]->value;
    text += (text.empty() ? "" : "; ") + order[i]->feature + " = " +
            (value.empty() ? std::string(missing_level) : value) + " (" +
            signed_text(order[i]->amount) + ")";
  }
  return text;
}

void run(const report_inputs& in, const plan& p, const std::string& extra, outcome& out) {
  report_writer scores({{"customer", type::utf8},
                        {"churn_probability", type::f64},
                        {"logit", type::f64},
                        {"base", type::f64},
                        {"reasons", type::utf8}});
  report_writer parts({{"customer", type::utf8},
                       {"feature", type::utf8},
                       {"value", type::utf8},
                       {"contribution", type::f64}});
  const std::size_t rows = in.of("rows").rows();
  for (std::size_t row = 0; row < rows; ++row) {
    const score s = score_row(p, row);
    const std::string customer = text_at(*p.customer, row);
    scores.row(customer, s.probability, s.logit, s.base, reasons_text(s, p.reasons));
    for (const contribution& c : s.parts) {
      if (!p.contributions) break;
      parts.row(customer,
                c.feature,
                c.value.empty() ? std::nullopt : std::optional(std::string_view(c.value)),
                c.amount);
    }
  }
  out.tables[""] = scores.sealed(extra);
  out.tables["contributions"] = parts.sealed(extra + "|contributions");
}

job churn_score_begin(report_inputs in, std::string_view options_json) {
  const settings given("churn_score", options_json, churn_score_option_rows);
  plan p = read_plan(in, given);
  return report_at_once(
      "score",
      [in = std::move(in), p = std::move(p), extra = "churn_score|" + std::string(options_json)](
          outcome& out) { run(in, p, extra, out); });
}

}  // namespace

constinit const report churn_score_report{
    .name = "churn_score",
    .summary = "Chance of churn per customer, and which features moved it by how much",
    .needs_model = false,
    .inputs = churn_score_inputs,
    .options = churn_score_option_rows,
    .outputs = churn_score_outputs,
    .begin = churn_score_begin,
};

}  // namespace clv

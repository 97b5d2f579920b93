#include "fit_text.hpp"

#include <cmath>
#include <cstdint>
#include <functional>

#include "json.hpp"
#include "rows.hpp"
#include "text.hpp"

namespace cli {
namespace {

fit_facts facts_at(const result& table, std::int64_t row) {
  fit_facts facts;
  facts.model = text_at(table, "model", row);
  facts.log_likelihood = number_at(table, "log_likelihood", row);
  facts.aic = number_at(table, "aic", row);
  facts.bic = number_at(table, "bic", row);
  facts.status = text_at(table, "status", row);
  facts.reason = text_at(table, "reason", row);
  facts.gradient_norm = number_at(table, "gradient_norm", row);
  facts.condition = number_at(table, "condition", row);
  facts.iterations = number_at(table, "iterations", row);
  facts.customers = number_at(table, "customers", row);
  facts.tuples = number_at(table, "tuples", row);
  return facts;
}

bool is_coefficient(const fitted_parameter& p) {
  return p.name.find('.') != std::string::npos;
}

// {"r": ..., "transaction.Gender": ...} of one column.
template <typename Chosen>
std::string members(const fit_facts& facts, double fitted_parameter::*column, Chosen&& chosen) {
  json_object values;
  for (const fitted_parameter& p : facts.parameters) {
    if (chosen(p)) values.add(p.name, p.*column);
  }
  return values.text();
}

json_object part_json(const fit_facts& facts) {
  const auto all = [](const fitted_parameter&) { return true; };
  json_object json;
  json.add("model", facts.model);
  json.add_json("parameters",
                members(facts, &fitted_parameter::value, std::not_fn(is_coefficient)));
  json.add_json("coefficients", members(facts, &fitted_parameter::value, is_coefficient));
  json.add_json("standard_errors", members(facts, &fitted_parameter::standard_error, all));
  json.add_json("lower", members(facts, &fitted_parameter::lower, all));
  json.add_json("upper", members(facts, &fitted_parameter::upper, all));
  json.add("log_likelihood", facts.log_likelihood).add("aic", facts.aic).add("bic", facts.bic);
  json.add("status", facts.status).add("reason", facts.reason);
  json.add("customers", facts.customers).add("tuples", facts.tuples);
  json.add("gradient_norm", facts.gradient_norm).add("condition", facts.condition);
  json.add("iterations", facts.iterations);
  return json;
}

std::string outcome_line(const fit_facts& part) {
  return part.model + ": " + part.status + ", log-likelihood " + rounded(part.log_likelihood, 5) +
         ", AIC " + rounded(part.aic, 2) + ", BIC " + rounded(part.bic, 2) + ", " +
         rounded(part.customers, 0) + " customers\n" +
         (part.reason.empty() ? "" : "  " + part.reason + "\n");
}

}  // namespace

std::vector<fit_facts> facts_of(const result& table) {
  std::vector<fit_facts> parts;
  for (std::int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    if (parts.empty() || parts.back().model != text_at(table, "model", row)) {
      parts.push_back(facts_at(table, row));
    }
    parts.back().parameters.push_back({text_at(table, "parameter", row),
                                       number_at(table, "value", row),
                                       number_at(table, "standard_error", row),
                                       number_at(table, "lower", row),
                                       number_at(table, "upper", row)});
  }
  return parts;
}

std::string fit_json(const fit_report& report) {
  const std::vector<fit_facts>& parts = report.parts;
  if (parts.size() == 1) {
    json_object only = part_json(parts[0]).add("unit", report.unit).add("seconds", report.seconds);
    if (!report.kept_as.empty()) only.add("kept_as", report.kept_as);
    return only.add_json("warnings", report.warnings).text();
  }
  json_array models;
  std::string name;
  for (const fit_facts& facts : parts) {
    models.add_json(part_json(facts).text());
    name += (name.empty() ? "" : "+") + facts.model;
  }
  json_object json;
  json.add("model", name).add_json("parts", models.text());
  json.add("unit", report.unit).add("seconds", report.seconds);
  if (!report.kept_as.empty()) json.add("kept_as", report.kept_as);
  return json.add_json("warnings", report.warnings).text();
}

std::string fit_table(const fit_report& report) {
  std::vector<std::vector<std::string>> rows;
  std::string facts;
  for (const fit_facts& part : report.parts) {
    for (const fitted_parameter& p : part.parameters) {
      rows.push_back({part.model,
                      p.name,
                      estimate(p.value),
                      estimate(p.standard_error),
                      estimate(p.lower),
                      estimate(p.upper)});
    }
    facts += outcome_line(part);
  }
  const std::string table = text_table({{"model"},
                                        {"parameter"},
                                        {"value", 20, true},
                                        {"standard error", 20, true},
                                        {"95 % from", 20, true},
                                        {"to", 20, true}},
                                       rows);
  if (report.kept_as.empty()) {
    facts.pop_back();  // the command ends the last line
  } else {
    facts += "kept as model " + report.kept_as;
  }
  return table + "\n" + facts;
}

}  // namespace cli

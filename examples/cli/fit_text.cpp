#include "fit_text.hpp"

#include <cmath>
#include <cstdint>

#include "json.hpp"
#include "rows.hpp"
#include "text.hpp"

namespace cli {
namespace {

fit_facts facts_at(const result& table, std::int64_t row) {
  fit_facts facts;
  facts.model = text_at(table, "model", row);
  facts.log_likelihood = number_at(table, "log_likelihood", row);
  facts.status = text_at(table, "status", row);
  facts.reason = text_at(table, "reason", row);
  facts.gradient_norm = number_at(table, "gradient_norm", row);
  facts.condition = number_at(table, "condition", row);
  facts.iterations = number_at(table, "iterations", row);
  facts.customers = number_at(table, "customers", row);
  facts.tuples = number_at(table, "tuples", row);
  return facts;
}

json_object part_json(const fit_facts& facts) {
  json_object values;
  json_object errors;
  for (const fitted_parameter& p : facts.parameters) {
    values.add(p.name, p.value);
    errors.add(p.name, p.standard_error);
  }
  json_object json;
  json.add("model", facts.model).add_json("parameters", values.text());
  json.add_json("standard_errors", errors.text()).add("log_likelihood", facts.log_likelihood);
  json.add("status", facts.status).add("reason", facts.reason);
  json.add("customers", facts.customers).add("tuples", facts.tuples);
  json.add("gradient_norm", facts.gradient_norm).add("condition", facts.condition);
  json.add("iterations", facts.iterations);
  return json;
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
                                       number_at(table, "standard_error", row)});
  }
  return parts;
}

std::string fit_json(const std::string& name,
                     const std::string& unit,
                     double seconds,
                     const std::vector<fit_facts>& parts,
                     const std::string& warnings) {
  if (parts.size() == 1) {
    json_object only = part_json(parts[0]).add("unit", unit).add("seconds", seconds);
    return only.add_json("warnings", warnings).text();
  }
  json_array models;
  for (const fit_facts& facts : parts) models.add_json(part_json(facts).text());
  json_object json;
  json.add("model", name).add_json("parts", models.text());
  json.add("unit", unit).add("seconds", seconds);
  return json.add_json("warnings", warnings).text();
}

std::string fit_table(const std::vector<fit_facts>& parts) {
  std::vector<std::vector<std::string>> rows;
  std::string facts;
  for (const fit_facts& part : parts) {
    for (const fitted_parameter& p : part.parameters) {
      rows.push_back({part.model, p.name, rounded(p.value, 6), rounded(p.standard_error, 6)});
    }
    facts += part.model + ": " + part.status + ", log-likelihood " +
             rounded(part.log_likelihood, 5) + ", " + rounded(part.customers, 0) + " customers\n";
  }
  const std::string table = text_table(
      {{"model"}, {"parameter"}, {"value", 20, true}, {"standard error", 20, true}}, rows);
  return table + "\n" + facts;
}

}  // namespace cli

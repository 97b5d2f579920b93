#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "clv/fit.hpp"
#include "clv/time.hpp"
#include "math/json.hpp"

namespace clv {
namespace {

namespace json = boost::json;

json::object by_name(const model& m, const std::vector<double>& numbers) {
  json::object out;
  for (std::size_t i = 0; i < numbers.size(); ++i) out[m.parameters[i].name] = numbers[i];
  return out;
}

json::array rows_of(const std::vector<double>& matrix, std::size_t n) {
  json::array rows;
  for (std::size_t i = 0; i < matrix.size(); i += n) {
    json::array row;
    for (std::size_t j = 0; j < n; ++j) row.emplace_back(matrix[i + j]);
    rows.push_back(std::move(row));
  }
  return rows;
}

json::object section(const estimates& e) {
  json::object out;
  out["model"] = e.which->name;
  out["parameters"] = by_name(*e.which, e.parameters);
  if (!e.standard_errors.empty()) out["standard_errors"] = by_name(*e.which, e.standard_errors);
  if (!e.covariance.empty()) out["covariance"] = rows_of(e.covariance, e.parameters.size());
  out["status"] = name_of(e.status);
  if (!e.reason.empty()) out["reason"] = e.reason;
  if (e.status == fit_status::given) return out;
  out["log_likelihood"] = e.log_likelihood;
  out["gradient_norm"] = e.gradient_norm;
  out["condition"] = e.condition;
  out["iterations"] = e.iterations;
  out["customers"] = e.customers;
  out["tuples"] = e.tuples;
  return out;
}

void push_or_absent(table& t, std::string_view column, bool known, double value) {
  known ? t.find(column)->push(value) : t.find(column)->push_absent();
}

void add_rows(table& t, const estimates& e) {
  const model& m = *e.which;
  const bool fitted = e.status != fit_status::given;
  for (std::size_t i = 0; i < e.parameters.size(); ++i) {
    const bool has_error = i < e.standard_errors.size();
    t.find("model")->push(m.name);
    t.find("parameter")->push(m.parameters[i].name);
    t.find("value")->push(e.parameters[i]);
    push_or_absent(t, "standard_error", has_error, has_error ? e.standard_errors[i] : 0);
    push_or_absent(t, "log_likelihood", fitted, e.log_likelihood);
    t.find("status")->push(name_of(e.status));
    t.find("reason")->push(std::string_view(e.reason));
    push_or_absent(t, "gradient_norm", fitted, e.gradient_norm);
    push_or_absent(t, "condition", fitted, e.condition);
    push_or_absent(t, "iterations", fitted, e.iterations);
    push_or_absent(t, "customers", fitted, e.customers);
    push_or_absent(t, "tuples", fitted, static_cast<double>(e.tuples));
  }
}

}  // namespace

table model_table(const fitted_model& m) {
  table t;
  t.add("model", type::utf8);
  t.add("parameter", type::utf8);
  t.add("value", type::f64);
  t.add("standard_error", type::f64);
  t.add("log_likelihood", type::f64);
  t.add("status", type::utf8);
  t.add("reason", type::utf8);
  for (const char* name : {"gradient_norm", "condition", "iterations", "customers", "tuples"}) {
    t.add(name, type::f64);
  }
  if (m.purchase.which != nullptr) add_rows(t, m.purchase);
  if (m.spend) add_rows(t, *m.spend);
  return t;
}

std::string save_model(const fitted_model& m) {
  json::object out;
  out["format"] = "clv.model/1";
  out["unit"] = m.unit;
  out["time_zone"] = m.time_zone;
  out["currency"] = m.currency;
  if (m.as_of_us != 0) out["as_of"] = format_time(m.as_of_us);
  if (!m.data_fingerprint.empty()) out["data_fingerprint"] = m.data_fingerprint;
  if (m.purchase.which != nullptr) out["purchase"] = section(m.purchase);
  if (m.spend) {
    out["spend"] = section(*m.spend);
    out["spend_frequency_correlation"] = m.spend_frequency_correlation;
  }
  return math::to_json(out) + "\n";
}

}  // namespace clv

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

json::array coefficients_of(const estimates& e) {
  json::array out;
  for (const coefficient& c : e.coefficients) {
    json::object one;
    one["process"] = c.life ? "life" : "transaction";
    one["covariate"] = c.covariate;
    one["value"] = c.value;
    if (c.standard_error != 0.0) one["standard_error"] = c.standard_error;
    out.push_back(std::move(one));
  }
  return out;
}

json::object section(const estimates& e) {
  json::object out;
  out["model"] = e.which->name;
  out["parameters"] = by_name(*e.which, e.parameters);
  if (!e.standard_errors.empty()) out["standard_errors"] = by_name(*e.which, e.standard_errors);
  if (!e.coefficients.empty()) out["coefficients"] = coefficients_of(e);
  if (!e.covariance.empty()) {
    out["covariance"] = rows_of(e.covariance, e.parameters.size() + e.coefficients.size());
  }
  out["status"] = name_of(e.status);
  if (!e.reason.empty()) out["reason"] = e.reason;
  if (e.status == fit_status::given) return out;
  if (e.free_parameters > 0) out["free_parameters"] = e.free_parameters;
  out["log_likelihood"] = e.log_likelihood;
  out["gradient_norm"] = e.gradient_norm;
  out["condition"] = e.condition;
  out["iterations"] = e.iterations;
  out["customers"] = e.customers;
  out["tuples"] = e.tuples;
  return out;
}

}  // namespace

std::string save_model(const fitted_model& m) {
  json::object out;
  out["format"] = "clv.model/1";
  out["unit"] = m.unit;
  if (m.periods_per_year != 0.0) out["periods_per_year"] = m.periods_per_year;
  out["time_zone"] = m.time_zone;
  out["currency"] = m.currency;
  if (m.as_of_us != 0) out["as_of"] = format_time(m.as_of_us);
  if (!m.data_fingerprint.empty()) out["data_fingerprint"] = m.data_fingerprint;
  if (m.purchase.which != nullptr) out["purchase"] = section(m.purchase);
  if (m.spend) {
    out["spend"] = section(*m.spend);
    out["spend_frequency_correlation"] = m.spend_frequency_correlation;
    out["spend_frequency_p_value"] = m.spend_frequency_p_value;
  }
  return math::to_json(out) + "\n";
}

}  // namespace clv

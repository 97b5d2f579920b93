#include <cmath>

#include "clv/fit.hpp"

namespace clv {
namespace {

constexpr double normal_97_5 = 1.959963984540054;  // 95 % limits

// What is known of one parameter or coefficient.
struct line {
  std::string name;
  double value = 0;
  bool has_error = false;
  double error = 0, lower = 0, upper = 0;
};

line of_parameter(const estimates& e, std::size_t i) {
  line l{.name = std::string(e.which->parameters[i].name), .value = e.parameters[i]};
  // An error of 0 is that of a parameter that was held.
  l.has_error = i < e.standard_errors.size() && e.standard_errors[i] > 0;
  if (!l.has_error) return l;
  l.error = e.standard_errors[i];
  const double factor = std::exp(normal_97_5 * l.error / l.value);
  l.lower = l.value / factor;
  l.upper = l.value * factor;
  return l;
}

line of_coefficient(const coefficient& c) {
  line l{.name = (c.life ? "life." : "transaction.") + c.covariate, .value = c.value};
  l.has_error = c.standard_error > 0;
  l.error = c.standard_error;
  l.lower = c.value - normal_97_5 * c.standard_error;
  l.upper = c.value + normal_97_5 * c.standard_error;
  return l;
}

void push_or_absent(table& t, std::string_view column, bool known, double value) {
  known ? t.find(column)->push(value) : t.find(column)->push_absent();
}

void add_row(table& t, const estimates& e, const line& l) {
  const bool fitted = e.status != fit_status::given;
  const bool counted = fitted && e.free_parameters > 0;
  t.find("model")->push(e.which->name);
  t.find("parameter")->push(std::string_view(l.name));
  t.find("value")->push(l.value);
  push_or_absent(t, "standard_error", l.has_error, l.error);
  push_or_absent(t, "lower", l.has_error, l.lower);
  push_or_absent(t, "upper", l.has_error, std::isfinite(l.upper) ? l.upper : 1.7e308);
  push_or_absent(t, "log_likelihood", fitted, e.log_likelihood);
  push_or_absent(t, "aic", counted, 2 * (e.free_parameters - e.log_likelihood));
  push_or_absent(
      t, "bic", counted, e.free_parameters * std::log(e.customers) - 2 * e.log_likelihood);
  t.find("status")->push(name_of(e.status));
  t.find("reason")->push(std::string_view(e.reason));
  push_or_absent(t, "gradient_norm", fitted, e.gradient_norm);
  push_or_absent(t, "condition", fitted, e.condition);
  push_or_absent(t, "iterations", fitted, e.iterations);
  push_or_absent(t, "customers", fitted, e.customers);
  push_or_absent(t, "tuples", fitted, static_cast<double>(e.tuples));
}

void add_rows(table& t, const estimates& e) {
  for (std::size_t i = 0; i < e.parameters.size(); ++i) add_row(t, e, of_parameter(e, i));
  for (const coefficient& c : e.coefficients) add_row(t, e, of_coefficient(c));
}

}  // namespace

table model_table(const fitted_model& m) {
  table t;
  t.add("model", type::utf8);
  t.add("parameter", type::utf8);
  for (const char* name :
       {"value", "standard_error", "lower", "upper", "log_likelihood", "aic", "bic"}) {
    t.add(name, type::f64);
  }
  t.add("status", type::utf8);
  t.add("reason", type::utf8);
  for (const char* name : {"gradient_norm", "condition", "iterations", "customers", "tuples"}) {
    t.add(name, type::f64);
  }
  if (m.purchase.which != nullptr) add_rows(t, m.purchase);
  if (m.spend) add_rows(t, *m.spend);
  return t;
}

}  // namespace clv

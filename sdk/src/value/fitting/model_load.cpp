#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <span>

#include "clv/error.hpp"
#include "clv/fit.hpp"
#include "clv/money.hpp"
#include "clv/time.hpp"
#include "data/limits.hpp"
#include "math/json.hpp"

namespace clv {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 11> file_members{"format",
                                                        "unit",
                                                        "periods_per_year",
                                                        "time_zone",
                                                        "currency",
                                                        "as_of",
                                                        "data_fingerprint",
                                                        "purchase",
                                                        "spend",
                                                        "spend_frequency_correlation",
                                                        "spend_frequency_p_value"};
constexpr std::array<std::string_view, 14> section_members{"model",
                                                           "parameters",
                                                           "coefficients",
                                                           "free_parameters",
                                                           "standard_errors",
                                                           "covariance",
                                                           "log_likelihood",
                                                           "gradient_norm",
                                                           "condition",
                                                           "iterations",
                                                           "status",
                                                           "reason",
                                                           "customers",
                                                           "tuples"};
constexpr std::array<std::string_view, 4> coefficient_members{
    "process", "covariate", "value", "standard_error"};

// One place in the file: its value and the JSON path that names it in messages.
class node {
 public:
  node(const json::value& value, std::string path) : value_(&value), path_(std::move(path)) {}

  [[noreturn]] void refuse(const std::string& wanted) const {
    std::string got = math::to_json(*value_);
    if (got.size() > 60) got = got.substr(0, 57) + "...";
    throw error(status::invalid, "model file: " + path_ + " is " + got + ", expected " + wanted);
  }
  // Refuses any member that is not among the known ones.
  void allow(std::span<const std::string_view> known) const {
    if (!value_->is_object()) refuse("an object");
    for (const auto& member : value_->get_object()) {
      bool found = false;
      for (const std::string_view name : known) found = found || name == member.key();
      if (found) continue;
      throw error(status::invalid,
                  "model file: " + path_ + "." + std::string(member.key()) +
                      " is not a member this version knows");
    }
  }
  bool has(std::string_view name) const {
    return value_->get_object().if_contains(name) != nullptr;
  }
  node at(std::string_view name) const {
    const json::value* found = value_->get_object().if_contains(name);
    const std::string path = path_ + "." + std::string(name);
    if (found == nullptr) throw error(status::invalid, "model file: " + path + " is missing");
    return {*found, path};
  }
  std::string text() const {
    if (!value_->is_string()) refuse("a text");
    return std::string(std::string_view(value_->get_string()));
  }
  double number() const {
    if (!value_->is_number()) refuse("a number");
    return value_->to_number<double>();
  }
  double number_above_zero() const {
    const double found = number();
    if (!std::isfinite(found) || !(found > 0.0)) refuse("a finite number above zero");
    return found;
  }
  double finite_number() const {
    const double found = number();
    if (!std::isfinite(found)) refuse("a finite number");
    return found;
  }
  double standard_error() const {  // 0: the parameter was held
    const double found = number();
    if (!std::isfinite(found) || found < 0.0) refuse("a finite number of at least 0");
    return found;
  }
  double probability() const {
    const double found = number();
    if (!(found >= 0.0 && found <= 1.0)) refuse("a number from 0 to 1");
    return found;
  }
  double parameter() const {
    const double found = number_above_zero();
    if (!data::is_scale(found)) refuse("a number from 1e-100 to 1e100");
    return found;
  }
  std::int64_t count() const {
    const double found = number();
    if (!(found >= 0.0 && found <= 9e15) || found != std::floor(found)) refuse("a count");
    return static_cast<std::int64_t>(found);
  }
  std::vector<double> numbers(std::size_t n) const {
    const std::string wanted = "a list of " + std::to_string(n) + " numbers";
    if (!value_->is_array() || value_->get_array().size() != n) refuse(wanted);
    std::vector<double> out;
    for (const node& item : items()) out.push_back(item.number());
    return out;
  }
  std::vector<node> items() const {
    if (!value_->is_array()) refuse("a list");
    std::vector<node> out;
    for (const json::value& v : value_->get_array()) {
      out.emplace_back(v, path_ + "[" + std::to_string(out.size()) + "]");
    }
    return out;
  }

 private:
  const json::value* value_;
  std::string path_;
};

// A number for each of the model's parameters, as `read` takes it, and nothing else.
std::vector<double> by_name(const node& n, const model& m, double (node::*read)() const) {
  std::vector<std::string_view> names;
  for (const parameter& p : m.parameters) names.push_back(p.name);
  n.allow(names);
  std::vector<double> out;
  for (const std::string_view name : names) out.push_back((n.at(name).*read)());
  return out;
}

fit_status status_named(const node& n) {
  constexpr std::array all{fit_status::converged,
                           fit_status::at_boundary,
                           fit_status::not_identified,
                           fit_status::not_converged,
                           fit_status::given};
  const std::string name = n.text();
  for (const fit_status s : all) {
    if (name_of(s) == name) return s;
  }
  n.refuse("converged, at_boundary, not_identified, not_converged or given");
}

void read_covariance(const node& n, estimates& e) {
  const std::size_t size = e.parameters.size() + e.coefficients.size();
  const auto rows = n.items();
  if (rows.size() != size) n.refuse(std::to_string(size) + " rows");
  for (const node& row : rows) {
    const auto numbers = row.numbers(size);
    e.covariance.insert(e.covariance.end(), numbers.begin(), numbers.end());
  }
}

coefficient read_coefficient(const node& n, const model& m) {
  n.allow(coefficient_members);
  const node process = n.at("process");
  const std::string name = process.text();
  if (name != "life" && name != "transaction") process.refuse("\"transaction\" or \"life\"");
  coefficient c{.covariate = n.at("covariate").text(),
                .life = name == "life",
                .value = n.at("value").finite_number()};
  if (c.covariate.empty()) n.at("covariate").refuse("the name of a column");
  if ((c.life ? m.life : m.transaction).how == link::none) {
    process.refuse("a process of " + std::string(m.name) + " that takes covariates");
  }
  if (n.has("standard_error")) c.standard_error = n.at("standard_error").standard_error();
  return c;
}

// Whole-number parameters (k) are such, and not above what the model bears.
void check_whole(const node& n, const model& m, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int most = m.parameters[i].most;
    if (most == 0 || (values[i] == std::floor(values[i]) && values[i] <= most)) continue;
    n.at(m.parameters[i].name).refuse("a whole number from 1 to " + std::to_string(most));
  }
}

void read_numbers_of_fit(const node& n, estimates& e) {
  if (n.has("free_parameters")) {
    e.free_parameters = static_cast<int>(n.at("free_parameters").count() % 1'000'000);
  }
  if (n.has("log_likelihood")) e.log_likelihood = n.at("log_likelihood").number();
  if (n.has("gradient_norm")) e.gradient_norm = n.at("gradient_norm").number();
  if (n.has("condition")) e.condition = n.at("condition").number();
  if (n.has("iterations")) e.iterations = static_cast<int>(n.at("iterations").count() % 1'000'000);
  if (n.has("customers")) e.customers = n.at("customers").number();
  if (n.has("tuples")) e.tuples = n.at("tuples").count();
}

estimates section(const node& n, bool spend) {
  n.allow(section_members);
  estimates e;
  const node name = n.at("model");
  e.which = &find_model(name.text());
  if ((e.which->key == tuple_key::spend) != spend) {
    name.refuse(spend ? "a model of spend" : "a model of purchases");
  }
  e.parameters = by_name(n.at("parameters"), *e.which, &node::parameter);
  check_whole(n.at("parameters"), *e.which, e.parameters);
  if (n.has("coefficients")) {
    for (const node& one : n.at("coefficients").items()) {
      e.coefficients.push_back(read_coefficient(one, *e.which));
    }
  }
  if (n.has("standard_errors")) {
    e.standard_errors = by_name(n.at("standard_errors"), *e.which, &node::standard_error);
  }
  if (n.has("covariance")) read_covariance(n.at("covariance"), e);
  if (n.has("status")) e.status = status_named(n.at("status"));
  if (n.has("reason")) e.reason = n.at("reason").text();
  read_numbers_of_fit(n, e);
  return e;
}

std::string checked_currency(const node& n) {
  std::string code = n.text();
  if (!code.empty() && !currency_exponent(code)) n.refuse("an ISO 4217 code or an empty text");
  return code;
}

std::string checked_unit(const node& n) {
  std::string unit = n.text();
  if (unit != "day" && unit != "week" && unit != "period") {
    n.refuse("\"day\", \"week\" or \"period\"");
  }
  return unit;
}

// A discrete model counts periods, the others do not. Absent, the unit is the model's usual one.
void check_unit(const node& root, fitted_model& m) {
  if (m.purchase.which == nullptr) return;
  const bool discrete = is_discrete(*m.purchase.which);
  if (discrete == (m.unit == "period")) return;
  if (root.has("unit")) {
    root.at("unit").refuse(discrete ? "\"period\", which " + std::string(m.purchase.which->name) +
                                          " counts"
                                    : "\"day\" or \"week\"");
  }
  m.unit = discrete ? "period" : "week";
}

std::int64_t instant(const node& n) {
  const auto found = parse_time(n.text(), zone("UTC"));
  if (!found) n.refuse("a date and time in ISO 8601");
  return *found;
}

}  // namespace

fitted_model load_model(std::string_view text) {
  const json::value file = math::parse_json(text);
  const node root(file, "$");
  root.allow(file_members);
  if (root.at("format").text() != "clv.model/1") root.at("format").refuse("\"clv.model/1\"");
  fitted_model m;
  if (root.has("unit")) m.unit = checked_unit(root.at("unit"));
  if (root.has("periods_per_year")) {
    m.periods_per_year = root.at("periods_per_year").number_above_zero();
  }
  if (root.has("time_zone")) m.time_zone = root.at("time_zone").text();
  if (root.has("currency")) m.currency = checked_currency(root.at("currency"));
  if (root.has("as_of")) m.as_of_us = instant(root.at("as_of"));
  if (root.has("data_fingerprint")) m.data_fingerprint = root.at("data_fingerprint").text();
  if (root.has("purchase")) m.purchase = section(root.at("purchase"), false);
  if (root.has("spend")) m.spend = section(root.at("spend"), true);
  if (root.has("spend_frequency_correlation")) {
    m.spend_frequency_correlation = root.at("spend_frequency_correlation").number();
  }
  if (root.has("spend_frequency_p_value")) {
    m.spend_frequency_p_value = root.at("spend_frequency_p_value").probability();
  }
  if (m.purchase.which == nullptr && !m.spend) {
    throw error(status::invalid, "model file: $ has neither purchase nor spend");
  }
  check_unit(root, m);
  return m;
}

}  // namespace clv

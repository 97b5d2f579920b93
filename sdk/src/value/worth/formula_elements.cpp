// The elements of the value formula, estimated from data, each with its method, n and interval.
//
// transaction value  sum of revenue / sum of purchase days, interval by linearisation over
// customers
//                    (Cochran 1977, Sampling Techniques, 6.2: the ratio estimator)
// annual frequency   with a model: repeat purchases / expected years alive within the observation,
//                    so that years after a drop-out do not dilute it; without one: / years observed
// lifespan           with a model: expected years alive within the horizon, interval by the delta
//                    method from the model's covariance; without: 1 / (1 - r) with the yearly
//                    retention r given as an option (no interval)
// acquisition cost   mean of the costs of kind "acquisition" per customer of the summary
// service cost       costs of kind "service" per customer-year observed
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "clv/time.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "value/reports.hpp"
#include "value/worth/formula.hpp"
#include "value/worth/lifetime.hpp"

namespace clv {
namespace {

constexpr double z95 = 1.959963984540054;

constexpr std::array<report_input, 2> formula_elements_inputs{
    {{"summary", "summary", true, ""}, {"costs", "", false, "customer,kind,amount"}}};
constexpr std::array<report_option, 4> formula_elements_options{
    {{"horizon_years", "3", "a lifespan is counted up to here (with a model)"},
     {"retention", "", "yearly retention rate in [0, 1), where there is no model"},
     {"margin", "1", "share of a transaction that is profit"},
     {"unit", "\"week\"", "of the summary's ages, where there is no model"}}};
constexpr std::array<report_output, 2> formula_elements_outputs{
    {{"", "element,value,lower,upper,n,method"},
     {"tornado", "element,elasticity,value_at_lower,value_at_upper,swing"}}};

struct element {
  std::string name, method;
  double value = 0;
  std::optional<double> standard_error;
  double n = 0;
  double lower() const {
    return standard_error ? std::max(0.0, value - z95 * *standard_error) : value;
  }
  double upper() const { return standard_error ? value + z95 * *standard_error : value; }
};

// sum(w y) / sum(w t) with the standard error of the linearised residuals y - R t.
element ratio(std::string name,
              std::string method,
              const std::vector<double>& y,
              const std::vector<double>& t,
              const std::vector<double>& w) {
  std::vector<std::array<double, 3>> rows;  // sorted: no order of the customers changes a bit
  for (std::size_t i = 0; i < y.size(); ++i) rows.push_back({y[i], t[i], w[i]});
  std::sort(rows.begin(), rows.end());
  double sum_y = 0, sum_t = 0, n = 0, squares = 0;
  for (const auto& [own_y, own_t, weight] : rows) {
    sum_y += weight * own_y;
    sum_t += weight * own_t;
    n += weight;
  }
  if (!(sum_t > 0)) {
    throw error(status::data,
                "report 'formula_elements': nothing to estimate '" + name + "' from",
                "the summary has no purchases or no time observed");
  }
  const double R = sum_y / sum_t;
  for (const auto& [own_y, own_t, weight] : rows) {
    squares += weight * (own_y - R * own_t) * (own_y - R * own_t);
  }
  element e{.name = std::move(name), .method = std::move(method), .value = R, .n = n};
  if (n > 1) e.standard_error = std::sqrt(squares * n / (n - 1)) / sum_t;
  return e;
}

struct base {
  std::vector<double> x, years, weight, revenue;
  std::string currency;
};

base read_base(const table& summary, double units_a_year) {
  const report_rows rows(summary, "formula_elements", "summary");
  base b{
      .x = rows.numbers("x"), .years = rows.numbers("T"), .weight = rows.numbers_or("weight", 1)};
  for (double& T : b.years) T /= units_a_year;
  b.revenue = rows.numbers("revenue");
  b.currency = rows.unit("revenue");
  return b;
}

element transaction_value(const base& b) {
  std::vector<double> purchases;
  for (const double x : b.x) purchases.push_back(x + 1);
  return ratio("transaction_value", "revenue per purchase day", b.revenue, purchases, b.weight);
}

element annual_frequency(const base& b, const fitted_model* m, double units_a_year) {
  std::vector<double> alive = b.years;
  if (m != nullptr) {
    std::map<double, double> known;  // of the few distinct T
    for (double& years : alive) {
      const auto [at, added] = known.try_emplace(years, 0.0);
      if (added) {
        at->second =
            expected_lifetime(*m->purchase.which, m->purchase.parameters, years * units_a_year) /
            units_a_year;
      }
      years = at->second;
    }
  }
  return ratio("annual_frequency",
               m != nullptr ? "repeat purchases per year expected alive"
                            : "repeat purchases per year observed",
               b.x,
               alive,
               b.weight);
}

// Derivatives by central differences in ln(parameter); the covariance is of the parameters.
double lifespan_variance(const estimates& e, double t) {
  const std::size_t n = e.parameters.size(), all = n + e.coefficients.size();
  if (e.covariance.size() != all * all) return std::nan("");
  constexpr double h = 1e-4;
  std::vector<double> slope(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> p = e.parameters;
    if (e.which->parameters[i].most != 0) continue;
    p[i] = e.parameters[i] * std::exp(h);
    const double above = expected_lifetime(*e.which, p, t);
    p[i] = e.parameters[i] * std::exp(-h);
    slope[i] = (above - expected_lifetime(*e.which, p, t)) / (2 * h * e.parameters[i]);
  }
  double variance = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) variance += slope[i] * e.covariance[i * all + j] * slope[j];
  }
  return variance;
}

element lifespan(const fitted_model* m, const settings& s, double units_a_year) {
  element e{.name = "lifespan"};
  if (m == nullptr) {
    const double r = s.number_in("retention", 0, 0, 0.9999);
    if (!s.has("retention")) s.refuse("retention", "a yearly retention rate, or a model");
    e.value = 1 / (1 - r);
    e.method = "1 / (1 - retention)";
    return e;
  }
  const double years = s.number_in("horizon_years", 3, 1e-6, 1000);
  const double t =
      is_discrete(*m->purchase.which) ? std::floor(years * units_a_year) : years * units_a_year;
  e.value = expected_lifetime(*m->purchase.which, m->purchase.parameters, t) / units_a_year;
  e.method = "expected years alive within the horizon, " + std::string(m->purchase.which->name);
  e.n = m->purchase.customers;
  const double variance = lifespan_variance(m->purchase, t);
  if (variance >= 0) e.standard_error = std::sqrt(variance) / units_a_year;
  return e;
}

std::vector<double> cost_per_customer(const report_inputs& in, const char* kind) {
  const report_rows summary(in.of("summary"), "formula_elements", "summary");
  std::vector<double> sums(summary.size(), 0.0);
  std::vector<std::pair<std::size_t, double>> parts;
  if (!in.has("costs")) return sums;
  const report_rows costs(in.of("costs"), "formula_elements", "costs");
  const auto ids = summary.texts("customer");
  const auto at = positions(ids, summary, "customer");
  const auto who = costs.texts("customer");
  const auto kinds = costs.texts("kind");
  const auto amounts = costs.numbers("amount");
  for (std::size_t row = 0; row < costs.size(); ++row) {
    if (kinds[row] != kind) continue;
    if (amounts[row] < 0) costs.refuse("amount", row, "is negative; a cost is 0 or more");
    const auto found = at.find(who[row]);
    if (found == at.end())
      costs.refuse("customer", row, "'" + who[row] + "' is not in the summary");
    parts.emplace_back(found->second, amounts[row]);
  }
  std::sort(parts.begin(), parts.end());
  for (const auto& [customer, amount] : parts) sums[customer] += amount;
  return sums;
}

formula_elements with(const std::array<element, 5>& all,
                      double margin,
                      std::size_t changed,
                      double to) {
  std::array<double, 5> v{};
  for (std::size_t i = 0; i < all.size(); ++i) v[i] = i == changed ? to : all[i].value;
  return {.transaction_value = v[0],
          .annual_frequency = v[1],
          .lifespan = v[2],
          .acquisition_cost = v[3],
          .service_cost = v[4],
          .service_per_year = true,
          .margin = margin};
}

std::shared_ptr<const table> element_rows(const std::array<element, 5>& all,
                                          const formula_value& v,
                                          const std::string& fingerprint) {
  report_writer out({{"element", type::utf8},
                     {"value", type::f64},
                     {"lower", type::f64},
                     {"upper", type::f64},
                     {"n", type::f64},
                     {"method", type::utf8}});
  const auto row = [&](const element& e) {
    const auto lower = e.standard_error ? std::optional(e.lower()) : std::nullopt;
    const auto upper = e.standard_error ? std::optional(e.upper()) : std::nullopt;
    out.row(e.name, e.value, lower, upper, e.n, e.method);
  };
  for (const element& e : all) row(e);
  row({.name = "value", .method = "formula", .value = v.value, .n = all[0].n});
  row({.name = "margin_value", .method = "formula", .value = v.margin_value, .n = all[0].n});
  return out.sealed("formula_elements|" + fingerprint);
}

// What the value would be at either end of each element's interval, the widest swing first.
std::shared_ptr<const table> tornado_rows(const std::array<element, 5>& all,
                                          double margin,
                                          const formula_value& v) {
  const std::array slopes{v.of_transaction_value,
                          v.of_annual_frequency,
                          v.of_lifespan,
                          v.of_acquisition_cost,
                          v.of_service_cost};
  struct bar {
    std::size_t which;
    double low, high;
    double swing() const { return std::fabs(high - low); }
  };
  std::vector<bar> bars;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bars.push_back({i,
                    value_by_formula(with(all, margin, i, all[i].lower())).value,
                    value_by_formula(with(all, margin, i, all[i].upper())).value});
  }
  std::stable_sort(
      bars.begin(), bars.end(), [](const bar& a, const bar& b) { return a.swing() > b.swing(); });
  report_writer out({{"element", type::utf8},
                     {"elasticity", type::f64},
                     {"value_at_lower", type::f64},
                     {"value_at_upper", type::f64},
                     {"swing", type::f64}});
  for (const bar& b : bars) out.row(all[b.which].name, slopes[b.which], b.low, b.high, b.swing());
  return out.sealed("formula_elements.tornado");
}

void estimate(const report_inputs& in, const settings& s, outcome& out) {
  const fitted_model* m =
      in.model == nullptr || in.model->purchase.which == nullptr ? nullptr : in.model.get();
  if (m != nullptr && m->unit == "period" && !(m->periods_per_year > 0)) {
    throw error(status::invalid,
                "report 'formula_elements': the model does not say how long a "
                "period is",
                "fit with periods_per_year");
  }
  const double a_year = m == nullptr          ? units_per_year(s.text("unit", "week"))
                        : m->unit == "period" ? m->periods_per_year
                                              : units_per_year(m->unit);
  const base b = read_base(in.of("summary"), a_year);
  const std::vector<double> ones(b.x.size(), 1.0);
  const double margin = s.number_in("margin", 1, 1e-12, 1);
  const auto cost = [&](const char* name, const char* kind, const char* method, const auto& per) {
    if (in.has("costs")) return ratio(name, method, cost_per_customer(in, kind), per, b.weight);
    return element{.name = name, .method = "no costs were given: taken as 0"};
  };
  const std::array<element, 5> all{
      transaction_value(b),
      annual_frequency(b, m, a_year),
      lifespan(m, s, a_year),
      cost("acquisition_cost", "acquisition", "mean per customer", ones),
      cost("service_cost", "service", "per customer-year observed", b.years)};
  const formula_value v = value_by_formula(with(all, margin, all.size(), 0));
  out.tables[""] = element_rows(all, v, in.of("summary").fingerprint());
  out.tables["tornado"] = tornado_rows(all, margin, v);
}

job formula_elements_begin(report_inputs in, std::string_view options_json) {
  auto s = std::make_shared<settings>("formula_elements", options_json, formula_elements_options);
  return report_at_once("estimate",
                        [in = std::move(in), s](outcome& out) { estimate(in, *s, out); });
}

}  // namespace

constinit const report formula_elements_report{
    .name = "formula_elements",
    .summary =
        "The elements of the value formula, estimated from data, with intervals and a tornado",
    .needs_model = false,
    .inputs = formula_elements_inputs,
    .options = formula_elements_options,
    .outputs = formula_elements_outputs,
    .begin = formula_elements_begin,
};

}  // namespace clv

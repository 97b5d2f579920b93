#include "value/worth/formula.hpp"

#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "data/settings.hpp"
#include "math/json.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

void require(bool good, std::string_view name, double value, std::string_view wanted) {
  if (good) return;
  throw error(status::invalid,
              "formula: '" + std::string(name) + "' is " + math::to_text(value) + ", expected " +
                  std::string(wanted));
}

void require_amount(std::string_view name, double value) {
  require(std::isfinite(value) && value >= 0, name, value, "a number of 0 or more");
}

}  // namespace

formula_value value_by_formula(const formula_elements& e) {
  require_amount("transaction_value", e.transaction_value);
  require_amount("annual_frequency", e.annual_frequency);
  require_amount("lifespan", e.lifespan);
  require_amount("acquisition_cost", e.acquisition_cost);
  require_amount("service_cost", e.service_cost);
  require(e.margin > 0 && e.margin <= 1, "margin", e.margin, "a share in (0, 1]");
  const double revenue = e.transaction_value * e.annual_frequency * e.lifespan;
  const double service = e.service_per_year ? e.service_cost * e.lifespan : e.service_cost;
  formula_value out{.value = revenue - (e.acquisition_cost + service),
                    .margin_value = e.margin * revenue - (e.acquisition_cost + service)};
  if (!std::isfinite(out.value) || !std::isfinite(out.margin_value)) {
    throw error(status::numeric, "formula: the value is too large for a number");
  }
  const double of_lifespan = e.service_per_year ? revenue - service : revenue;
  // Near 0 an elasticity may leave the range of a double: then there is none either.
  const auto over_value = [&](double part) -> std::optional<double> {
    const double ratio = part / out.value;
    return out.value != 0 && std::isfinite(ratio) ? std::optional(ratio) : std::nullopt;
  };
  out.of_transaction_value = over_value(revenue);
  out.of_annual_frequency = over_value(revenue);
  out.of_lifespan = over_value(of_lifespan);
  out.of_acquisition_cost = over_value(-e.acquisition_cost);
  out.of_service_cost = over_value(-service);
  return out;
}

double rounded_to_minor(double major, double minor_per_major) {
  const double minor = major * minor_per_major;
  if (!(std::fabs(minor) <= 9007199254740992.0)) {
    throw error(status::numeric,
                "formula: " + math::to_text(major) + " is beyond what minor units can hold");
  }
  const double down = std::floor(minor);
  const double rest = minor - down;
  const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(down, 2.0) != 0);
  return down + (up ? 1 : 0);
}

namespace {

constexpr std::array<report_option, 8> formula_options{
    {{"transaction_value", "", "money per purchase"},
     {"annual_frequency", "", "purchases per year"},
     {"lifespan", "", "years"},
     {"acquisition_cost", "0", "money, once"},
     {"service_cost", "0", "money over the lifespan"},
     {"service_per_year", "false", "service_cost is per year"},
     {"margin", "1", "share of a transaction that is profit"},
     {"currency", "\"XXX\"", "whose minor units the rounded columns count"}}};
constexpr std::array<report_output, 1> formula_outputs{
    {{"",
      "value,margin_value,value_rounded,margin_value_rounded,of_transaction_value,"
      "of_annual_frequency,of_lifespan,of_acquisition_cost,of_service_cost,status"}}};

double needed(const settings& s, std::string_view name) {
  if (!s.has(name)) s.refuse(name, "a number of 0 or more");
  return s.number(name, 0);
}

void push(table& t, const char* name, const std::optional<double>& value) {
  column& c = t.add(name, type::f64);
  value ? c.push(*value) : c.push_absent();
}

void write(const formula_value& v, const std::string& currency, outcome& out) {
  const double per_major = minor_per_major(currency);
  auto t = std::make_shared<table>();
  t->add("value", type::f64, currency).push(v.value);
  t->add("margin_value", type::f64, currency).push(v.margin_value);
  for (const auto& [name, major] :
       {std::pair("value_rounded", v.value), std::pair("margin_value_rounded", v.margin_value)}) {
    t->add(name, type::money, currency)
        .push(static_cast<std::int64_t>(rounded_to_minor(major, per_major)));
  }
  push(*t, "of_transaction_value", v.of_transaction_value);
  push(*t, "of_annual_frequency", v.of_annual_frequency);
  push(*t, "of_lifespan", v.of_lifespan);
  push(*t, "of_acquisition_cost", v.of_acquisition_cost);
  push(*t, "of_service_cost", v.of_service_cost);
  t->add("status", type::utf8)
      .push(std::string_view(v.of_lifespan ? "OK" : "NO_ELASTICITY: the value is 0"));
  t->seal("formula");
  out.tables[""] = std::move(t);
}

job formula_begin(report_inputs, std::string_view options_json) {
  const settings s("formula", options_json, formula_options);
  const formula_elements e{.transaction_value = needed(s, "transaction_value"),
                           .annual_frequency = needed(s, "annual_frequency"),
                           .lifespan = needed(s, "lifespan"),
                           .acquisition_cost = s.number("acquisition_cost", 0),
                           .service_cost = s.number("service_cost", 0),
                           .service_per_year = s.flag("service_per_year", false),
                           .margin = s.number("margin", 1)};
  const formula_value v = value_by_formula(e);
  std::string currency = s.text("currency", "XXX");
  minor_per_major(currency);
  return report_at_once("formula", [v, currency](outcome& out) { write(v, currency, out); });
}

}  // namespace

constinit const report formula_report{
    .name = "formula",
    .summary = "(transaction value x annual frequency x lifespan) - (acquisition + service cost)",
    .needs_model = false,
    .inputs = {},
    .options = formula_options,
    .outputs = formula_outputs,
    .begin = formula_begin,
};

}  // namespace clv

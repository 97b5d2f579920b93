// From the value formula to the probabilistic value of a new customer, one step at a time:
//   formula        A F L - costs
//   margin         only the margin of each transaction is earned: m A F L
//   horizon        the lifespan counts up to the horizon only: m A F min(L, H)
//   survival       customers leave gradually: m A F int_0^H S(u) du
//   discount       later money is worth less: m A F int_0^H e^(-delta u) S(u) du
//   heterogeneity  who buys often and who stays are not the same for all:
//                  m E[Z] int_0^H e^(-delta u) dE[X(u)]
// The steps add up to the difference. The first purchase is not part of either value.
#include <array>
#include <cmath>
#include <memory>
#include <string>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "value/reports.hpp"
#include "value/worth/formula.hpp"
#include "value/worth/lifetime.hpp"

namespace clv {
namespace {

constexpr std::array<report_option, 8> bridge_options{
    {{"transaction_value", "", "money per purchase; left out: the model's mean spend"},
     {"annual_frequency", "", "purchases per year; left out: the model's, per year alive"},
     {"lifespan", "", "years; left out: the model's, up to the horizon"},
     {"acquisition_cost", "0", "money, once"},
     {"service_cost", "0", "money over the lifespan"},
     {"margin", "1", "share of a transaction that is profit"},
     {"annual_discount", "0", "0.1 is ten per cent a year"},
     {"horizon_years", "3", "what the probabilistic value counts"}}};
constexpr std::array<report_output, 1> bridge_outputs{{{"", "step,value,change,meaning"}}};

// int_0^H e^{-delta u} dE[X(u)] by parts, the integral by Gauss-Legendre on doubling panels.
double discounted_new(const model& m, values p, double H, double delta) {
  if (is_discrete(m)) {
    double sum = 0, before = 0;
    for (double k = 1; k <= H; ++k) {
      const double now = m.expected_new(p, k);
      sum += (now - before) * std::pow(1 + delta, -k);
      before = now;
    }
    return sum;
  }
  if (delta == 0) return m.expected_new(p, H);
  constexpr std::array<std::array<double, 2>, 2> nodes{
      {{0.3399810435848563, 0.6521451548625461}, {0.8611363115940526, 0.3478548451374538}}};
  double integral = 0, from = 0;
  for (double to = H / 4096; from < H; from = to, to = std::fmin(2 * to, H)) {
    const double half = (to - from) / 2, middle = (to + from) / 2;
    for (const auto& [at, weight] : nodes) {
      for (const double u : {middle - half * at, middle + half * at}) {
        integral += half * weight * std::exp(-delta * u) * m.expected_new(p, u);
      }
    }
  }
  return std::exp(-delta * H) * m.expected_new(p, H) + delta * integral;
}

struct bridge_terms {
  double A, F, L, H, costs, margin;
  double survival, discounted_survival, discounted_purchases, mean_spend;  // years, years, count
};

double per_year(const fitted_model& m) {
  if (m.unit != "period") return units_per_year(m.unit);
  if (m.periods_per_year > 0) return m.periods_per_year;
  throw error(status::invalid,
              "report 'bridge': the model does not say how long a period is",
              "fit with periods_per_year");
}

double mean_spend_of(const fitted_model& m, const settings& s) {
  if (!m.spend) {
    if (!s.has("transaction_value")) s.refuse("transaction_value", "a number, or a spend model");
    return s.number_in("transaction_value", 0, 0, 1e15);
  }
  const double mean = m.spend->which->expected_spend(m.spend->parameters, {});
  if (std::isfinite(mean)) return mean;
  throw error(status::numeric, "report 'bridge': the spend model has no finite mean (q <= 1)");
}

bridge_terms terms_of(const fitted_model& fitted, const settings& s) {
  if (fitted.purchase.which == nullptr) {
    throw error(status::invalid, "report 'bridge': the model has no purchase part");
  }
  const model& m = *fitted.purchase.which;
  const values p = fitted.purchase.parameters;
  const double a_year = per_year(fitted), years = s.number_in("horizon_years", 3, 1e-6, 1000);
  const double t = is_discrete(m) ? std::floor(years * a_year) : years * a_year;
  if (!(t > 0)) s.refuse("horizon_years", "a horizon of at least one period of the model");
  const double rate = s.number_in("annual_discount", 0, 0, 10);
  const double delta =
      is_discrete(m) ? std::expm1(std::log1p(rate) / a_year) : std::log1p(rate) / a_year;
  bridge_terms b{};
  b.H = years;
  b.survival = expected_lifetime(m, p, t) / a_year;
  b.discounted_survival = discounted_lifetime(m, p, t, delta) / a_year;
  b.discounted_purchases = discounted_new(m, p, t, delta);
  b.mean_spend = mean_spend_of(fitted, s);
  b.A = s.number_in("transaction_value", b.mean_spend, 0, 1e15);
  b.F = s.number_in("annual_frequency", m.expected_new(p, t) / b.survival, 0, 1e9);
  b.L = s.number_in("lifespan", b.survival, 0, 1e6);
  b.margin = s.number_in("margin", 1, 1e-12, 1);
  b.costs = s.number_in("acquisition_cost", 0, 0, 1e15) + s.number_in("service_cost", 0, 0, 1e15);
  return b;
}

void write(const bridge_terms& b, const std::string& currency, outcome& out) {
  struct step {
    const char* name;
    double value;
    const char* meaning;
  };
  const double yearly = b.margin * b.A * b.F;
  const std::array steps{
      step{
          "formula", b.A * b.F * b.L - b.costs, "transaction value x frequency x lifespan - costs"},
      step{"margin", yearly * b.L - b.costs, "only the margin is earned"},
      step{"horizon", yearly * std::fmin(b.L, b.H) - b.costs, "counted up to the horizon only"},
      step{"survival", yearly * b.survival - b.costs, "customers leave gradually"},
      step{"discount", yearly * b.discounted_survival - b.costs, "later money is worth less"},
      step{"heterogeneity",
           b.margin * b.mean_spend * b.discounted_purchases - b.costs,
           "frequent buyers and faithful ones are not the same people"}};
  report_writer rows({{"step", type::utf8},
                      {"value", type::f64, currency},
                      {"change", type::f64, currency},
                      {"meaning", type::utf8}});
  double before = 0;
  for (const step& each : steps) {
    rows.row(each.name, each.value, each.value - before, each.meaning);
    before = each.value;
  }
  rows.row("probabilistic", before, 0.0, "expected value of a new customer within the horizon");
  out.tables[""] = rows.sealed("bridge");
}

job bridge_begin(report_inputs in, std::string_view options_json) {
  const settings s("bridge", options_json, bridge_options);
  const bridge_terms b = terms_of(*in.model, s);
  std::string currency = in.model->currency;
  return report_at_once("bridge", [b, currency](outcome& out) { write(b, currency, out); });
}

}  // namespace

constinit const report bridge_report{
    .name = "bridge",
    .summary = "From the value formula to the probabilistic value of a new customer, step by step",
    .needs_model = true,
    .inputs = {},
    .options = bridge_options,
    .outputs = bridge_outputs,
    .begin = bridge_begin,
};

}  // namespace clv

// How to split money between winning customers and keeping them: Blattberg & Deighton (1996), HBR
// 74(4) 136-144.
//   a = CR_a (1 - e^(-k_a A))   acquired, of those approached, spending A each
//   r = CR_r (1 - e^(-k_r R))   kept per year, spending R on each customer
//   equity = a [M + (M - R/r) r / (1 + d - r)] - A
// Written per approached prospect. R is chosen first: it maximises the bracket whatever A is; then
// A = ln(CR_a k_a bracket) / k_a, the stationary point (0 where that is not positive).
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr std::array<report_option, 8> options{
    {{"acquisition_ceiling", "", "CR_a, share that any spending could win, in (0, 1]"},
     {"acquisition_response", "", "k_a, per unit of money"},
     {"retention_ceiling", "", "CR_r, share that any spending could keep, in (0, 1)"},
     {"retention_response", "", "k_r, per unit of money"},
     {"margin", "", "M, money per customer and year"},
     {"annual_discount", "0.1", "d"},
     {"acquisition_spending", "", "judge this A instead of the best one"},
     {"retention_spending", "", "judge this R instead of the best one"}}};
constexpr std::array<report_output, 1> outputs{
    {{"",
      "plan,acquisition_spending,retention_spending,acquisition_rate,retention_rate,"
      "customer_value,equity"}}};

struct market_response {
  double ceiling_a, k_a, ceiling_r, k_r, margin, discount;
  double acquired(double A) const { return -ceiling_a * std::expm1(-k_a * A); }
  double kept(double R) const { return -ceiling_r * std::expm1(-k_r * R); }
  // M + (M - R/r) r / (1+d-r), with R/r r = R so that r = 0 is no trouble.
  double customer_value(double R) const {
    const double r = kept(R);
    return margin + (margin * r - R) / (1 + discount - r);
  }
  double equity(double A, double R) const { return acquired(A) * customer_value(R) - A; }
};

// Golden-section search: customer_value rises to one maximum in R and then falls.
double best_retention(const market_response& m) {
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  double low = 0, high = m.margin / m.discount + m.margin;  // beyond, R costs more than all of M
  for (int i = 0; i < 200; ++i) {
    const double u = high - ratio * (high - low), v = low + ratio * (high - low);
    if (m.customer_value(u) < m.customer_value(v)) {
      low = u;
    } else {
      high = v;
    }
  }
  return (low + high) / 2;
}

double best_acquisition(const market_response& m, double R) {
  const double gain = m.ceiling_a * m.k_a * m.customer_value(R);
  return gain > 1 ? std::log(gain) / m.k_a : 0;
}

double needed(const settings& s, std::string_view name, double least, double most) {
  if (!s.has(name)) s.refuse(name, "a number");
  return s.number_in(name, 0, least, most);
}

void weigh(const market_response& m, const settings& s, outcome& out) {
  report_writer rows({{"plan", type::utf8},
                      {"acquisition_spending", type::f64},
                      {"retention_spending", type::f64},
                      {"acquisition_rate", type::f64},
                      {"retention_rate", type::f64},
                      {"customer_value", type::f64},
                      {"equity", type::f64}});
  const auto row = [&](const char* plan, double A, double R) {
    rows.row(plan, A, R, m.acquired(A), m.kept(R), m.customer_value(R), m.equity(A, R));
  };
  const double R = best_retention(m);
  row("best", best_acquisition(m, R), R);
  if (s.has("acquisition_spending") || s.has("retention_spending")) {
    const double given_R = s.number_in("retention_spending", R, 0, 1e12);
    row("given",
        s.number_in("acquisition_spending", best_acquisition(m, given_R), 0, 1e12),
        given_R);
  }
  out.tables[""] = rows.sealed("spending_balance");
}

job begin(report_inputs, std::string_view options_json) {
  auto s = std::make_shared<settings>("spending_balance", options_json, options);
  const market_response m{.ceiling_a = needed(*s, "acquisition_ceiling", 1e-9, 1),
                          .k_a = needed(*s, "acquisition_response", 1e-12, 1e12),
                          .ceiling_r = needed(*s, "retention_ceiling", 1e-9, 0.999999),
                          .k_r = needed(*s, "retention_response", 1e-12, 1e12),
                          .margin = needed(*s, "margin", 1e-9, 1e15),
                          .discount = s->number_in("annual_discount", 0.1, 1e-6, 10)};
  return report_at_once("weigh", [m, s](outcome& out) { weigh(m, *s, out); });
}

}  // namespace

constinit const report spending_balance_report{
    .name = "spending_balance",
    .summary = "How to split money between winning customers and keeping them",
    .needs_model = false,
    .inputs = {},
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv

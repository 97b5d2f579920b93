// What a margin m per period is worth under one retention rate r and one discount rate i per
// period: Gupta & Lehmann (2003), J. Interactive Marketing 17(1) 9-24. Each form answers another
// question, so each has its column:
//   first margin one period ahead   m r/(1+i-r)
//   margin now                      m (1+i)/(1+i-r)
//   margins growing by g a period   m r/(1+i-r(1+g)), the first one period ahead
//   T periods only                  m sum_{t=1}^T (r/(1+i))^t
//   lifespan in periods             1/(1-r)
// One rate for all customers is the oldest assumption of the field: among customers who differ, the
// ones who stay are the loyal ones, and these forms value them too low (report contract_value).
#include <array>
#include <cmath>
#include <memory>
#include <string>

#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr std::array<report_option, 5> retention_multiples_options{
    {{"retention", "", "share of customers kept per period, at least 0 and below 1"},
     {"discount", "", "rate per period, .1 is ten per cent"},
     {"margin", "1", "money per customer and period"},
     {"growth", "0", "of the margin per period, for column 'growing'"},
     {"periods", "0", "for column 'finite'; 0 is without end"}}};
constexpr std::array<report_output, 1> retention_multiples_outputs{
    {{"",
      "retention,discount,margin,growth,periods,first_margin_ahead,margin_now,growing,finite,"
      "lifespan"}}};

struct terms {
  double retention, discount, margin, growth, periods;
};

terms terms_of(const settings& s) {
  for (const char* name : {"retention", "discount"}) {
    if (!s.has(name)) s.refuse(name, "a number");
  }
  const terms t{.retention = s.number("retention", 0),
                .discount = s.number_in("discount", 0, 0, 100),
                .margin = s.number_in("margin", 1, -1e15, 1e15),
                .growth = s.number_in("growth", 0, -1, 100),
                .periods = s.number_in("periods", 0, 0, 1e6)};
  if (!(t.retention >= 0 && t.retention < 1)) {
    s.refuse("retention", "at least 0 and below 1: nobody stays for ever");
  }
  if (t.periods != std::floor(t.periods)) s.refuse("periods", "a whole number of periods");
  if (!(t.retention * (1 + t.growth) < 1 + t.discount)) {
    s.refuse("growth",
             "less: retention * (1 + growth) must stay below 1 + discount, else the value has no "
             "end");
  }
  return t;
}

void write(const terms& t, outcome& out) {
  const double kept = t.retention, due = 1 + t.discount;
  const double ahead = t.margin * kept / (due - kept);
  const double share_within =
      t.periods == 0 || kept == 0 ? 1 : -std::expm1(t.periods * std::log(kept / due));
  report_writer rows({{"retention", type::f64},
                      {"discount", type::f64},
                      {"margin", type::f64},
                      {"growth", type::f64},
                      {"periods", type::f64},
                      {"first_margin_ahead", type::f64},
                      {"margin_now", type::f64},
                      {"growing", type::f64},
                      {"finite", type::f64},
                      {"lifespan", type::f64}});
  rows.row(kept,
           t.discount,
           t.margin,
           t.growth,
           t.periods,
           ahead,
           t.margin * due / (due - kept),
           t.margin * kept / (due - kept * (1 + t.growth)),
           ahead * share_within,
           1 / (1 - kept));
  out.tables[""] = rows.sealed("retention_multiples");
}

job retention_multiples_begin(report_inputs, std::string_view options_json) {
  const terms t =
      terms_of(settings("retention_multiples", options_json, retention_multiples_options));
  return report_at_once("multiples", [t](outcome& out) { write(t, out); });
}

}  // namespace

constinit const report retention_multiples_report{
    .name = "retention_multiples",
    .summary = "What a margin per period is worth under one retention rate, in its usual forms",
    .needs_model = false,
    .inputs = {},
    .options = retention_multiples_options,
    .outputs = retention_multiples_outputs,
    .begin = retention_multiples_begin,
};

}  // namespace clv

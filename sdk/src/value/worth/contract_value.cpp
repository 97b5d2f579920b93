// What a running contract is worth by the renewal that it faces next, from a fitted sBG or BdW:
// Fader & Hardie (2010), Customer-base valuation in a contractual setting, Marketing Science 29(1)
// 85-93. In units of one period's margin; the next renewal is due now and not discounted.
#include <array>
#include <cmath>
#include <memory>
#include <string>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "models/contract.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr std::array<report_option, 2> contract_value_options{
    {{"discount", "0.1", "rate per period, from 0.001"},
     {"renewals", "12", "rows: renewal 1 to this one, at most 1000"}}};
constexpr std::array<report_output, 1> contract_value_outputs{
    {{"", "n,survival,retention,derl,mean_individual_elasticity,elasticity_of_mean"}}};

struct question {
  std::shared_ptr<const fitted_model> model;
  double discount, renewals;
};

void require_contracts(const fitted_model& m) {
  const estimates& e = m.purchase;
  if (e.which == nullptr || e.which->key != tuple_key::renewals) {
    throw error(status::invalid,
                "report 'contract_value' is about contracts, and the model is " + m.name(),
                "fit sbg or bdw");
  }
  if (!e.coefficients.empty()) {
    throw error(
        status::unsupported,
        "report 'contract_value': the model has covariates, and this report has no customers",
        "fit " + m.name() + " without covariates, or score the customers");
  }
}

void write(const question& q, outcome& out) {
  const model& m = *q.model->purchase.which;
  const values p = q.model->purchase.parameters;
  report_writer rows({{"n", type::i64},
                      {"survival", type::f64},
                      {"retention", type::f64},
                      {"derl", type::f64},
                      {"mean_individual_elasticity", type::f64},
                      {"elasticity_of_mean", type::f64}});
  for (double n = 1; n <= q.renewals; ++n) {
    const observation facing{.x = n - 1, .t_x = n - 1, .T = n - 1};
    rows.row(static_cast<std::int64_t>(n),
             m.survival(p, n),
             m.survival_ahead(p, facing, 1),
             m.residual(p, facing, q.discount),
             contract::mean_individual_elasticity(p, n - 1, q.discount),
             contract::elasticity_of_mean(p, n - 1, q.discount));
  }
  out.tables[""] = rows.sealed(save_model(*q.model));
}

job contract_value_begin(report_inputs in, std::string_view options_json) {
  const settings s("contract_value", options_json, contract_value_options);
  require_contracts(*in.model);
  const question q{.model = in.model,
                   .discount = s.number_in("discount", 0.1, 0.001, 100),
                   .renewals = s.number_in("renewals", 12, 1, 1000)};
  if (q.renewals != std::floor(q.renewals)) s.refuse("renewals", "a whole number of renewals");
  return report_at_once("renewals", [q](outcome& out) { write(q, out); });
}

}  // namespace

constinit const report contract_value_report{
    .name = "contract_value",
    .summary =
        "What a contract is worth by the renewal it faces: survival, retention, residual "
        "lifetime and its elasticities",
    .needs_model = true,
    .inputs = {},
    .options = contract_value_options,
    .outputs = contract_value_outputs,
    .begin = contract_value_begin,
};

}  // namespace clv

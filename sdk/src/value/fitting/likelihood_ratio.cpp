// Is the larger of two nested models better than chance? Wilks (1938): twice the difference of the
// log-likelihoods is chi-square with as many degrees of freedom as parameters were added. On a
// boundary (GG/NBD against Pareto/NBD, k against 1) the true tail is smaller: the test is cautious.
#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <string>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "math/chi_square.hpp"
#include "value/fitting/short_text.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr std::array<report_input, 2> likelihood_ratio_inputs{
    {{"restricted", "", true, "model,log_likelihood,aic,customers"},
     {"full", "", true, "model,log_likelihood,aic,customers"}}};
constexpr std::array<report_output, 1> likelihood_ratio_outputs{
    {{"", "restricted,full,statistic,degrees_of_freedom,p_value,aic_difference,bic_difference"}}};

// What one table of model_table() says about its first model.
struct fit_facts {
  std::string name;
  double log_likelihood = 0, parameters = 0, customers = 0;
};

// As AIC counts them: held ones do not count, a chosen k does. Without AIC every row counts.
double free_parameters(const table& t, const fit_facts& f) {
  const column* aic = t.find("aic");
  if (aic != nullptr && aic->kind() == type::f64 && aic->present(0)) {
    return std::floor(0.5 * aic->numbers()[0] + f.log_likelihood + 0.5);
  }
  const column& model = t.get("model", type::utf8);
  double rows = 0;
  for (std::size_t row = 0; row < t.rows() && model.text(row) == f.name; ++row) ++rows;
  return rows;
}

fit_facts facts_of(const table& t, const char* which) {
  const column& model = t.get("model", type::utf8);
  const column& log_likelihood = t.get("log_likelihood", type::f64);
  const column& customers = t.get("customers", type::f64);
  if (t.rows() == 0 || !log_likelihood.present(0)) {
    throw error(status::invalid,
                std::string("report 'likelihood_ratio': table '") + which +
                    "' is not of a fitted model, it has no log_likelihood",
                "give the table that a fit returns");
  }
  fit_facts f{.name = std::string(model.text(0)),
              .log_likelihood = log_likelihood.numbers()[0],
              .customers = customers.numbers()[0]};
  f.parameters = free_parameters(t, f);
  return f;
}

void compare(const report_inputs& in, outcome& out) {
  const fit_facts small = facts_of(in.of("restricted"), "restricted");
  const fit_facts large = facts_of(in.of("full"), "full");
  const double added = large.parameters - small.parameters;
  if (!(added > 0) || small.customers != large.customers) {
    throw error(status::invalid,
                "report 'likelihood_ratio': the full model must have more parameters than the "
                "restricted one and the same customers",
                small.name + ": " + short_text(small.parameters) + " free parameters, " +
                    large.name + ": " + short_text(large.parameters));
  }
  const double gain = large.log_likelihood - small.log_likelihood;
  report_writer rows({{"restricted", type::utf8},
                      {"full", type::utf8},
                      {"statistic", type::f64},
                      {"degrees_of_freedom", type::f64},
                      {"p_value", type::f64},
                      {"aic_difference", type::f64},
                      {"bic_difference", type::f64}});
  rows.row(small.name,
           large.name,
           2 * gain,
           added,
           math::chi_square_tail(2 * gain, added),
           2 * added - 2 * gain,
           added * std::log(large.customers) - 2 * gain);
  out.tables[""] = rows.sealed("likelihood_ratio|" + in.of("restricted").fingerprint() +
                               in.of("full").fingerprint());
}

job likelihood_ratio_begin(report_inputs in, std::string_view options_json) {
  settings("likelihood_ratio", options_json, std::span<const report_option>());  // it has none
  return report_at_once("compare", [in = std::move(in)](outcome& out) { compare(in, out); });
}

}  // namespace

constinit const report likelihood_ratio_report{
    .name = "likelihood_ratio",
    .summary = "Whether the larger of two nested fits is better than chance",
    .needs_model = false,
    .inputs = likelihood_ratio_inputs,
    .options = {},
    .outputs = likelihood_ratio_outputs,
    .begin = likelihood_ratio_begin,
};

}  // namespace clv

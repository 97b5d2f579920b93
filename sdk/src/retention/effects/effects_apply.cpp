// Evidence for customers that were in no experiment, from the model that `effects` learnt.
#include <algorithm>
#include <array>
#include <memory>
#include <numeric>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "data/settings.hpp"
#include "retention/effects/effect_file.hpp"
#include "retention/effects/evidence.hpp"
#include "retention/reports.hpp"

namespace clv {
namespace {

using namespace retention;

constexpr std::array<report_input, 2> effects_apply_inputs{
    {{"model", "", true, "format,model"}, {"customers", "", true, "customer,..."}}};
constexpr std::array<report_option, 1> effects_apply_option_rows{
    {{"customer", "\"customer\"", "column of ids, each once"}}};
constexpr std::array<report_output, 1> effects_apply_outputs{
    {{"", "action,customer,segment,effect_mean,effect_sd,n,level,policy"}}};

std::string model_text(const table& t) {
  const column* c = t.find("model");
  if (c == nullptr || c->kind() != type::utf8 || t.rows() != 1) {
    throw error(status::invalid,
                "report 'effects_apply': table 'model' is not one row with a text column 'model'",
                "give table 'model' as report 'effects' made it");
  }
  return std::string(c->text(0));
}

void apply(const report_inputs& in, const std::string& id, const std::string& extra, outcome& out) {
  const effect_file file = read_effect_file(model_text(in.of("model")));
  const table& customers = in.of("customers");
  const report_rows cells(customers, "effects_apply", "customers");
  const std::vector<std::string> ids = cells.texts(id);
  positions(ids, cells, id);
  std::vector<std::size_t> rows(ids.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Eigen::MatrixXd z = file.design.matrix(customers, rows, "customers", "effects_apply");
  report_writer evidence({{"action", type::utf8},
                          {"customer", type::utf8},
                          {"segment", type::utf8},
                          {"effect_mean", type::f64},
                          {"effect_sd", type::f64},
                          {"n", type::f64},
                          {"level", type::utf8},
                          {"policy", type::utf8}});
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (const effect_arm& arm : file.arms) {
      const estimate e = customer_effect(arm, z, static_cast<Eigen::Index>(i));
      evidence.row(arm.action,
                   ids[i],
                   std::optional<std::string>(),
                   file.chances ? std::clamp(e.mean, -1.0, 1.0) : e.mean,
                   e.se,
                   file.units,
                   std::string(file.chances ? "own_kind" : not_a_chance),
                   arm.policy);
    }
  }
  out.tables[""] = evidence.sealed(extra);
}

job effects_apply_begin(report_inputs in, std::string_view options_json) {
  const settings given("effects_apply", options_json, effects_apply_option_rows);
  return report_at_once("apply",
                        [in = std::move(in),
                         id = given.text("customer", "customer"),
                         extra = "effects_apply|" + std::string(options_json)](outcome& out) {
                          apply(in, id, extra, out);
                        });
}

}  // namespace

constinit const report effects_apply_report{
    .name = "effects_apply",
    .summary = "Evidence per customer and action, from the model of an experiment",
    .needs_model = false,
    .inputs = effects_apply_inputs,
    .options = effects_apply_option_rows,
    .outputs = effects_apply_outputs,
    .begin = effects_apply_begin,
};

}  // namespace clv

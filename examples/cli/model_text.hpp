// Models as a person names them: "bg_nbd+gamma_gamma" and "r=.25,alpha=4.4,...", to and from JSON.
#pragma once

#include <string>

#include "handles.hpp"
#include "report.hpp"

namespace cli {

struct model_spec {
  std::string name = "bg_nbd+gamma_gamma";  // one purchase model, one spend model, or both by '+'
  std::string parameters;                   // "r=.25,alpha=4.4,..."; "bg_nbd.r" where two share it
  std::string unit = "week";
  std::string currency;  // "" = unknown
};

// Throws failure{exit_usage}, listing the known names, unless every part of `name` is a model.
void require_model(const std::string& name, const diag& d);
// A model with given parameters. Throws failure{exit_usage} naming a parameter that is unknown,
// missing or not a number.
model given_model(const model_spec& spec, const diag& d);
model load_model(const std::string& path, const diag& d);
void save_model(const model& m, const std::string& path, const diag& d);
// clv_model_table: one row per parameter.
result table_of(const model& m, const diag& d);

}  // namespace cli

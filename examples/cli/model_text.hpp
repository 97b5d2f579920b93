// Models as a person names them: "bg_nbd+gamma_gamma" and "r=.25,alpha=4.4,...", to and from JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"
#include "handles.hpp"

namespace cli {

struct model_spec {
  std::string name = "bg_nbd+gamma_gamma";  // one purchase model, one spend model, or both by '+'
  std::string parameters;                   // "r=.25,alpha=4.4,..."; "bg_nbd.r" where two share it
  std::string unit;                         // "" = the model's own: "week", of discrete "period"
  std::string currency;                     // "" = unknown
};

// What a model's kind means for the one who names it.
struct model_traits {
  bool predicts_purchases = false;  // else spend alone
  bool counts_periods = false;      // opportunities or renewals, not time
};

// "a, b" as {"a", "b"}: trimmed, empty items left out.
std::vector<std::string> split(std::string_view text, char separator);
// Of "bg_bb" or "bg_nbd+gamma_gamma". Throws failure{exit_usage}, listing the known names, unless
// every part of `name` is a model.
model_traits traits_of(const std::string& name, const diag& d);
// "week", or "period" of a model that counts periods; what was `asked` for where it was.
std::string unit_for(const model_traits& traits, const std::string& asked);
// A model with given parameters. Throws failure{exit_usage} naming a parameter that is unknown,
// missing or not a number.
model given_model(const model_spec& spec, const diag& d);
model load_model(const std::string& path, const diag& d);
void save_model(const model& m, const std::string& path, const diag& d);
// clv_model_table: one row per parameter and coefficient.
result table_of(const model& m, const diag& d);
// As its table names it: "bg_bb", "bg_nbd+gamma_gamma".
std::string name_of(const model& m, const diag& d);
// What the model counts in, by the name of its member in the model file: "unit", "time_zone".
std::string member_of(const model& m, std::string_view name, const diag& d);
// The columns of a summary that the model's coefficients name, as a comma list.
std::string covariates_of(const model& m, const diag& d);

}  // namespace cli

// What one scoring job will compute, settled and checked before any row is read.
#pragma once

#include <array>
#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "clv/score.hpp"
#include "value/scoring/outlook.hpp"

namespace clv {

// The score columns in the order of schema "scores"; clv_status is text, the others f64.
enum quantity : unsigned {
  q_log_likelihood,
  q_p_alive,
  q_expected_purchases,
  q_no_purchase,
  q_expected_spend,
  q_clv,
  q_clv_p10,
  q_clv_p50,
  q_clv_p90,
  q_clv_mu,
  q_clv_sigma,
  q_clv_skew,
  q_clv_status,
  quantity_count
};
inline constexpr std::array<std::string_view, quantity_count> quantity_names{"log_likelihood",
                                                                             "p_alive",
                                                                             "expected_purchases",
                                                                             "no_purchase",
                                                                             "expected_spend",
                                                                             "clv",
                                                                             "clv_p10",
                                                                             "clv_p50",
                                                                             "clv_p90",
                                                                             "clv_mu",
                                                                             "clv_sigma",
                                                                             "clv_skew",
                                                                             "clv_status"};
using quantity_set = std::bitset<quantity_count>;

// What a model can give: log_likelihood always; p_alive, expected_purchases, no_purchase and
// clv_status of a purchase model; expected_spend of a spend model; the clv columns of both.
quantity_set available(const fitted_model& m);

// Quantities that are asked for with a number (or are not columns of schema "scores").
enum class further { expected_new, pmf, dert, survival };
struct further_quantity {
  further what;
  double at = 0;     // N, D or S
  std::string name;  // as it was asked for: the column's name
  bool operator==(const further_quantity&) const = default;
};

struct score_plan {
  quantity_set wanted;
  std::vector<further_quantity> beside;  // each once
  horizon ahead;
  double margin = 1;
  unsigned threads = 1;
  bool process_only = false;
  bool litt_asked = false;  // log_likelihood was named, not just part of "all"
  bool interval() const;    // any of clv_p10 ... clv_skew
  bool value() const { return wanted[q_clv] || interval(); }
  bool operator==(const score_plan&) const = default;
};
// Throws error{invalid} naming the option and its value, or a quantity the model lacks.
score_plan plan_score(const fitted_model& m, const score_options& o);

// Whether log_likelihood depends on observation::litt: a parameter k is above 1.
bool needs_litt(const estimates& e);

}  // namespace clv

// What one scoring job will compute, settled and checked before any row is read.
#pragma once

#include <array>
#include <bitset>
#include <string>
#include <string_view>

#include "clv/score.hpp"
#include "value/outlook.hpp"

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
                                                                             "clv_status"};
using quantity_set = std::bitset<quantity_count>;

// What a model can give: log_likelihood always; p_alive, expected_purchases, no_purchase and
// clv_status of a purchase model; expected_spend of a spend model; the clv columns of both.
quantity_set available(const fitted_model& m);

struct score_plan {
  quantity_set wanted;
  horizon ahead;
  double margin = 1;
  unsigned threads = 1;
  bool interval() const;  // any of clv_p10 ... clv_sigma
  bool value() const { return wanted[q_clv] || interval(); }
};
// Throws error{invalid} naming the option and its value, or a quantity the model lacks.
score_plan plan_score(const fitted_model& m, const score_options& o);

}  // namespace clv

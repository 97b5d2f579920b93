// A plugin at work in simulated markets whose truth is known: what its proposals earn behind the
// gate and without it, and what the best use of the same actions would have earned.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "check.hpp"

namespace cli {

// Of one market. Profit is expected, against leaving everybody alone, in major units of money.
struct trial_score {
  double proposals = 0, treated = 0, no_consent = 0;
  double gated = 0, ungated = 0, oracle = 0;
  double in_vain = 0;  // share of the benefits given to who would have bought anyway; NaN: none
  // Contacts against consent or a cap: of the decisions, and of the plugin's proposals carried out.
  double violations = 0, ungated_violations = 0;
  double milliseconds = 0;  // to propose and decide
};

struct trial {
  std::string truth;  // where the effects of its actions come from
  std::int64_t customers = 0;
  std::vector<trial_score> markets;
};

// With s.path, s.config, s.seed and s.market. Throws failure where the plugin fails or proposes no
// action.
trial try_in_markets(const subject& s);

std::string trial_text(const trial& t);
std::string trial_json(const trial& t);

}  // namespace cli

// Which of the models that were tested to use.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "value/trust/backtest_candidate.hpp"

namespace clv {

struct backtest_choice {
  std::vector<std::size_t> ranking;   // tested ones by rising mean loss, then in their order
  std::optional<std::size_t> chosen;  // none: no model converged, nor stands at a boundary
  std::string why;                    // one sentence
};

// The rule. Among the models that converged (if none did, among those at a boundary), the one of
// lowest mean loss is the best; those whose mean loss is higher by no more than one standard error
// of the paired difference are as good as it, and of all these the one with the fewest estimated
// parameters is chosen; then the one of the lowest loss. Paired, because the same customers are
// behind both means: the difference is known far better than either. One standard error, because a
// simpler model that this holdout cannot tell from the best will do as well in the next
// (Breiman, Friedman, Olshen & Stone 1984, section 3.4.3).
backtest_choice choose_model(std::span<const backtest_result> results, criterion by);

}  // namespace clv

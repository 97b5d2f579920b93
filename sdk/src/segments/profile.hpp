// One row per segment: who is in it and what they are worth.
#pragma once

#include "clv/table.hpp"

namespace clv {

// Columns segment, customers, share, mean_clv, sum_clv, mean_p_alive, mean_expected_purchases; by
// falling sum_clv, then falling customers, then name. Means are over the rows that have the value;
// absent where none has. `segment` is utf8, one entry per row of `scores`; a row without one is in
// no group, and counts in what shares are of. [any]
table profile_of(const table& scores, const column& segment);

}  // namespace clv

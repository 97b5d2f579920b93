// Options that all reports on logged decisions share: window_days, as_of, since, time_zone; share,
// nested, nested_shares. [any]
#pragma once

#include "data/settings.hpp"
#include "retention/experiments/lift_groups.hpp"
#include "retention/experiments/lift_rows.hpp"

namespace clv::retention {

// Both throw error{invalid} naming option and value.
measure_options read_measure(const settings& given);
void read_shares(const settings& given, group_rules& to);

}  // namespace clv::retention

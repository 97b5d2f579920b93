// The tables of report "lift". [any]
#pragma once

#include <string>

#include "clv/report.hpp"
#include "retention/experiments/lift_groups.hpp"
#include "retention/experiments/lift_rows.hpp"

namespace clv::retention {

struct lift_plan {
  measure_options measure;
  group_rules groups;
  double level = 0.05, z = 0, tuned_for = 0;
};

// All tables and notes. `options_json` goes into their fingerprints.
void write_lift(const report_inputs& in,
                const lift_plan& plan,
                const std::string& options_json,
                outcome& out);

}  // namespace clv::retention

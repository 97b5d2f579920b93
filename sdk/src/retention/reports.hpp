// The reports of this room; the table is engine/reports.cpp. One line per row, one file per row.
#pragma once

#include "clv/report.hpp"

namespace clv {

extern const report effects_report;            // effects/effects.cpp
extern const report effects_apply_report;      // effects/effects_apply.cpp
extern const report experiment_plan_report;    // experiments/experiment_plan.cpp
extern const report holdout_report;            // experiments/holdout_report.cpp
extern const report lift_report;               // experiments/lift.cpp
extern const report logged_experiment_report;  // experiments/logged_experiment.cpp
extern const report off_policy_report;         // experiments/off_policy_report.cpp
extern const report sample_ratio_report;       // experiments/sample_ratio.cpp
extern const report loyalty_ledger_report;     // programmes/loyalty_ledger.cpp
extern const report benefits_report;           // programmes/benefits.cpp
extern const report loyalty_balances_report;   // programmes/loyalty_balances.cpp
extern const report loyalty_tiers_report;      // programmes/loyalty_tiers.cpp
extern const report programme_report;          // programmes/programme_profit.cpp
extern const report adverse_selection_report;  // programmes/adverse_selection.cpp
extern const report deal_seekers_report;       // programmes/deal_seekers.cpp
extern const report fairness_report;           // gate/fairness.cpp
extern const report allocate_report;           // allocation/allocate_report.cpp
extern const report budget_curve_report;       // allocation/budget_curve.cpp
extern const report churn_targeting_report;    // allocation/churn_targeting.cpp

}  // namespace clv

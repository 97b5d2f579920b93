// The reports of this room; the table is engine/reports.cpp. One line per row, one file per row.
#pragma once

#include "clv/report.hpp"

namespace clv {

extern const report acquisition_report;              // acquisition.cpp
extern const report backtest_report;                 // backtest.cpp
extern const report bootstrap_intervals_report;      // bootstrap_intervals.cpp
extern const report bridge_report;                   // bridge.cpp
extern const report churn_fit_report;                // churn_fit.cpp
extern const report churn_score_report;              // churn_score.cpp
extern const report cohorts_report;                  // cohorts.cpp
extern const report contract_value_report;           // contract_value.cpp
extern const report cross_sell_report;               // cross_sell.cpp
extern const report customer_reasons_report;         // customer_reasons.cpp
extern const report equity_report;                   // equity.cpp
extern const report formula_report;                  // formula.cpp
extern const report formula_elements_report;         // formula_elements.cpp
extern const report likelihood_ratio_report;         // likelihood_ratio.cpp
extern const report pareto_nbd_time_varying_report;  // pareto_nbd_time_varying.cpp
extern const report referral_report;                 // referral.cpp
extern const report spend_by_frequency_report;       // spend_by_frequency.cpp
extern const report retention_multiples_report;      // retention_multiples.cpp
extern const report spending_balance_report;         // spending_balance.cpp
extern const report tracking_report;                 // tracking.cpp
extern const report value_totals_report;             // value_totals.cpp

}  // namespace clv

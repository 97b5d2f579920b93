// The reports of this room; the table is engine/reports.cpp. One line per row, one file per row.
#pragma once

#include "clv/report.hpp"

namespace clv {

extern const report market_report;
extern const report market_outcomes_report;
extern const report market_policies_report;
extern const report desk_market_report;
extern const report desk_policies_report;

}  // namespace clv

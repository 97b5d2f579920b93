// The reports of this room; the table is engine/reports.cpp. One line per row, one file per row.
#pragma once

#include "clv/report.hpp"

namespace clv {

extern const report churn_labels_report;  // churn_labels.cpp
extern const report features_report;      // features.cpp
extern const report issue_pareto_report;  // issue_pareto.cpp

}  // namespace clv

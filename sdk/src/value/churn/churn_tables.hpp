// What a churn study found, as tables.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clv/table.hpp"
#include "value/churn/churn_data.hpp"
#include "value/churn/churn_study.hpp"

namespace clv {

struct churn_view {
  const churn_study& study;
  const churn_columns& columns;
  double z;             // normal quantile of all intervals
  double select_share;  // of the rows, ranked by predicted churn, that an audit takes as selected
  std::string extra;    // goes into the fingerprints
};

std::shared_ptr<const table> churn_drivers(const churn_view& v);
std::shared_ptr<const table> churn_quality_table(const churn_view& v);
std::shared_ptr<const table> churn_calibration_table(const churn_view& v);
std::shared_ptr<const table> churn_fairness(const churn_view& v);
std::shared_ptr<const table> churn_ablation_table(const churn_view& v);
std::shared_ptr<const table> churn_penalties(const churn_view& v);

}  // namespace clv

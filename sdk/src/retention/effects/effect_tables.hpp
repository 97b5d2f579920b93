// What `effects` found, as tables.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clv/job.hpp"
#include "clv/table.hpp"
#include "retention/effects/covariate_design.hpp"
#include "retention/effects/heterogeneity.hpp"
#include "retention/effects/segment_effects.hpp"

namespace clv::retention {

struct effect_view {
  const experiment& of;
  const covariate_design& design;
  const Eigen::MatrixXd& z;
  const cross_fitted& found;
  const money_view& money;
  const policy_answer& policies;
  double z_level;    // of intervals and verdicts
  double min_group;  // units of each arm in a segment
  std::string extra;
};

// Fills every table of the report.
void write_effects(const effect_view& v, outcome& out);

// "balance" and "sample_ratio": whether the arms are alike, and as large as they were meant to be.
void write_balance(const effect_view& v, outcome& out);
// "coefficients": of the linear parts, with jackknife errors over the folds.
void write_coefficients(const effect_view& v, outcome& out);

}  // namespace clv::retention

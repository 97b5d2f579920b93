// Effects by segment, drawn towards the overall effect as far as they do not differ from each other
// by more than chance. [any]
#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "retention/effects/estimate.hpp"

namespace clv::retention {

struct segment_effect {
  std::size_t segment = 0;
  double treated = 0, control = 0;  // units
  estimate effect;                  // mean of score_a - score_0 over the segment
  estimate plain;                   // difference of the weighted means, without covariates
  bool used = false;                // enough units of both arms, and outcomes that vary
  double weight = 0;                // w = omega^2 / (omega^2 + se^2)
  estimate shrunk;                  // w effect + (1 - w) overall
};

struct segment_study {
  estimate overall;
  double between = 0;  // omega^2: DerSimonian & Laird (1986), Controlled Clinical Trials 7 177-188
  std::vector<segment_effect> segments;
};

// `score`: AIPW scores, one column per arm. Segments with fewer than `least` units of the arm or of
// the control are not used. Without segments only `overall` is filled.
segment_study study_segments(const experiment& of,
                             const Eigen::MatrixXd& score,
                             std::size_t arm,
                             double least);

// Method of moments: max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w)), w = 1/se^2. 0 for k < 2.
double variance_between(const std::vector<estimate>& groups);

}  // namespace clv::retention

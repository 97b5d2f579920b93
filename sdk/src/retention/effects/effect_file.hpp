// The effect model as a file, clv.effect/1: what `effects` learnt, for customers it has not seen.
// [any]
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "retention/effects/covariate_design.hpp"
#include "retention/effects/heterogeneity.hpp"

namespace clv::retention {

struct effect_arm {
  std::string action, policy;
  calibration fit;
  std::vector<effect_model> models;  // per fold left out
};

// effect of a customer = beta1 + b d, b = beta2 held in [0, 1] (0 when absent): the part of the
// predicted difference that held up on units not seen. d is the mean over the folds' models of tau
// less its centre. variance = se1^2 + (se2 d)^2 + b^2 J, J = (K - 1)/K sum (d_k - d)^2, the
// delete-a-group jackknife (Kott 2001, J. Official Statistics 17(4) 521-526).
struct effect_file {
  covariate_design design;
  std::vector<effect_arm> arms;  // without the control
  double units = 0;
  bool chances = false;  // of responses, 0 or 1: an effect is a change of a chance, in [-1, 1]
};
estimate customer_effect(const effect_arm& arm, const Eigen::MatrixXd& z, Eigen::Index row);

std::string to_json(const effect_file& f);
// Throws error{invalid} saying what is wrong with the text.
effect_file read_effect_file(std::string_view text);

}  // namespace clv::retention

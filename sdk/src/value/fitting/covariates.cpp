#include "value/fitting/covariates.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace clv {
namespace {

constexpr double rounding = 1e-12;  // of a spread, as a share of the mean: not a change at all
constexpr double collinear = 1e-8;  // share of its variance that a covariate must have to itself

std::vector<double> weights_of_cells(const tuples& t) {
  std::vector<double> weights(t.cell_first.empty() ? 0 : t.cell_first.size() - 1, 0.0);
  for (std::size_t cell = 0; cell < weights.size(); ++cell) {
    for (std::size_t i = t.cell_first[cell]; i < t.cell_first[cell + 1]; ++i) {
      weights[cell] += t.weight[i] / t.customers;
    }
  }
  return weights;
}

// Share of the variance of covariate i that `others` do not explain.
double own_share(const Eigen::MatrixXd& correlation,
                 const std::vector<Eigen::Index>& others,
                 Eigen::Index i) {
  if (others.empty()) return 1;
  const Eigen::MatrixXd r = correlation(others, others);
  const Eigen::VectorXd with = correlation(others, std::vector<Eigen::Index>{i});
  return 1 - with.dot(Eigen::VectorXd(r.ldlt().solve(with)));
}

void say(std::string& why, const std::string& name, const std::string& what) {
  const std::string sentence = "covariate '" + name + "' " + what;
  if (why.find(sentence) != std::string::npos) return;
  why += (why.empty() ? "" : "; ") + sentence;
}

}  // namespace

covariate_shape shape_of(const tuples& t, std::size_t names) {
  const std::vector<double> weights = weights_of_cells(t);
  const auto at = [&](std::size_t cell, std::size_t i) { return t.covariates[cell * names + i]; };
  covariate_shape s;
  for (std::size_t i = 0; i < names; ++i) {
    double mean = 0, variance = 0, low = at(0, i), high = at(0, i);
    for (std::size_t cell = 0; cell < weights.size(); ++cell) {
      mean += weights[cell] * at(cell, i);
      low = std::min(low, at(cell, i));
      high = std::max(high, at(cell, i));
    }
    for (std::size_t cell = 0; cell < weights.size(); ++cell) {
      variance += weights[cell] * (at(cell, i) - mean) * (at(cell, i) - mean);
    }
    const bool constant = !(high > low) || !(std::sqrt(variance) > rounding * std::fabs(mean));
    s.mean.push_back(mean);
    s.spread.push_back(constant ? 1.0 : std::sqrt(variance));
    s.range.push_back((high - low) / s.spread.back());
    s.constant.push_back(constant);
  }
  const auto n = static_cast<Eigen::Index>(names);
  s.correlation = Eigen::MatrixXd::Zero(n, n);
  for (std::size_t cell = 0; cell < weights.size(); ++cell) {
    Eigen::VectorXd z(n);
    for (std::size_t i = 0; i < names; ++i) {
      z[static_cast<Eigen::Index>(i)] = (at(cell, i) - s.mean[i]) / s.spread[i];
    }
    s.correlation += weights[cell] * z * z.transpose();
  }
  return s;
}

std::vector<std::size_t> without_information(const covariate_shape& shape,
                                             const fit_plan& plan,
                                             std::string& why) {
  std::vector<std::size_t> slots;
  for (const bool life : {false, true}) {
    std::vector<Eigen::Index> kept;
    for (std::size_t i = 0; i < plan.terms.size(); ++i) {
      const std::size_t slot = plan.parameters() + i;
      const std::size_t covariate = plan.terms[i].covariate;
      if (plan.terms[i].life != life || plan.held[slot]) continue;
      const auto column = static_cast<Eigen::Index>(covariate);
      if (shape.constant[covariate]) {
        say(why, plan.covariates[covariate], "is the same for every customer");
        slots.push_back(slot);
      } else if (own_share(shape.correlation, kept, column) < collinear) {
        say(why, plan.covariates[covariate], "is a combination of the ones before it");
        slots.push_back(slot);
      } else {
        kept.push_back(column);
      }
    }
  }
  return slots;
}

}  // namespace clv

// The parameters of one customer: the model's, moved by the customer's covariates.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "clv/fit.hpp"

namespace clv {

// The covariates that a model's coefficients name, each once, in the order of first mention.
std::vector<std::string> covariate_names(const std::vector<coefficient>& coefficients);

// Moves `parameters` (in place) by eta = sum of coefficient * covariate of each process:
//   scale       p[first] exp(-eta)
//   logit_mean  Beta(p[first], p[second]): logit of its mean + eta, the sum of both kept:
//               a' = (a+b) / (1 + (b/a) e^-eta), b' = (a+b) / (1 + (a/b) e^eta)
// eta = 0 leaves every bit as it is. Parameters > 0, etas finite; results stay > 0 but for under-
// and overflow of e^eta. [any]
void apply_links(const model& m, double eta_transaction, double eta_life, std::span<double> p);

// A model's coefficients with the places of their covariates: customers in, parameters out. [any]
class linked_parameters {
 public:
  explicit linked_parameters(const estimates& e);
  const std::vector<std::string>& names() const { return names_; }
  bool none() const { return names_.empty(); }
  // `coefficients` in the order of estimates::coefficients, `covariates` in that of names().
  void of(values parameters, values coefficients, values covariates, std::span<double> out) const;

 private:
  const model* model_;
  std::vector<std::string> names_;
  std::vector<std::size_t> place_;  // of each coefficient's covariate in names_
  std::vector<bool> life_;
};

}  // namespace clv

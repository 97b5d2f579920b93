#include "value/links.hpp"

#include <algorithm>
#include <cmath>

namespace clv {
namespace {

void apply(const covariate_link& to, double eta, std::span<double> p) {
  if (to.how == link::none || eta == 0.0) return;
  double& a = p[to.first];
  if (to.how == link::scale) {
    a *= std::exp(-eta);
    return;
  }
  double& b = p[to.second];
  const double sum = a + b;
  const double odds = a / b;
  a = sum / (1.0 + std::exp(-eta) / odds);
  b = sum / (1.0 + std::exp(eta) * odds);
}

}  // namespace

std::vector<std::string> covariate_names(const std::vector<coefficient>& coefficients) {
  std::vector<std::string> names;
  for (const coefficient& c : coefficients) {
    if (std::find(names.begin(), names.end(), c.covariate) == names.end()) {
      names.push_back(c.covariate);
    }
  }
  return names;
}

void apply_links(const model& m, double eta_transaction, double eta_life, std::span<double> p) {
  apply(m.transaction, eta_transaction, p);
  apply(m.life, eta_life, p);
}

linked_parameters::linked_parameters(const estimates& e)
    : model_(e.which), names_(covariate_names(e.coefficients)) {
  for (const coefficient& c : e.coefficients) {
    const auto at = std::find(names_.begin(), names_.end(), c.covariate);
    place_.push_back(static_cast<std::size_t>(at - names_.begin()));
    life_.push_back(c.life);
  }
}

void linked_parameters::of(values parameters,
                           values coefficients,
                           values covariates,
                           std::span<double> out) const {
  std::copy(parameters.begin(), parameters.end(), out.begin());
  double eta_transaction = 0.0;
  double eta_life = 0.0;
  for (std::size_t i = 0; i < place_.size(); ++i) {
    (life_[i] ? eta_life : eta_transaction) += coefficients[i] * covariates[place_[i]];
  }
  apply_links(*model_, eta_transaction, eta_life, out);
}

}  // namespace clv

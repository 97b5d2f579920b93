#include "value/fitting/fit_problem.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "value/fitting/covariates.hpp"
#include "value/links.hpp"

namespace clv {

fit_problem::fit_problem(fit_plan plan, tuples t) : plan_(std::move(plan)) {
  units_ = scales_of(which(), t);
  shift_ = unit_shift(which(), t, units_);
  own_ = scaled(std::move(t), units_);
  if (!plan_.covariates.empty()) standardise();
  place_slots();
}

void fit_problem::standardise() {
  bool centred = true;
  for (const covariate_link& l : {which().transaction, which().life}) {
    if (l.how == link::none) continue;
    centred = centred && !plan_.held[l.first];
    if (l.how == link::logit_mean) centred = centred && !plan_.held[l.second];
  }
  const covariate_shape shape = shape_of(own_, plan_.covariates.size());
  centre_ = centred ? shape.mean : std::vector<double>(shape.mean.size(), 0.0);
  spread_ = shape.spread;
  range_ = shape.range;
  for (std::size_t i = 0; i < own_.covariates.size(); ++i) {
    const std::size_t name = i % plan_.covariates.size();
    own_.covariates[i] = (own_.covariates[i] - centre_[name]) / spread_[name];
  }
  const std::vector<std::size_t> unknown = without_information(shape, plan_, trouble_);
  for (const std::size_t slot : unknown) plan_.held[slot] = 0.0;
}

void fit_problem::place_slots() {
  const std::size_t n = plan_.parameters();
  place_.assign(plan_.slots(), none);
  held_.assign(plan_.slots(), 0.0);
  // Not compared as an optional: compilers look at its number before they ask whether it has one.
  const std::size_t whole = plan_.whole_number().value_or(plan_.slots());
  for (std::size_t slot = 0; slot < plan_.slots(); ++slot) {
    if (plan_.held[slot] || slot == whole) {
      const double user = plan_.held[slot].value_or(1.0);
      held_[slot] = slot < n ? user / unit_of(which().parameters[slot], units_)
                             : user * spread_[plan_.terms[slot - n].covariate];
      continue;
    }
    for (std::size_t other = n; other < slot; ++other) {
      if (plan_.shared[slot - n] && place_[other] != none &&
          plan_.terms[slot - n].covariate == plan_.terms[other - n].covariate) {
        place_[slot] = place_[other];
      }
    }
    if (place_[slot] == none) place_[slot] = coordinates_++;
  }
}

void fit_problem::choose(double whole_number) {
  held_[plan_.whole_number().value()] = whole_number;
}

std::vector<double> fit_problem::own_values(const Eigen::VectorXd& at) const {
  std::vector<double> v(held_);
  for (std::size_t slot = 0; slot < v.size(); ++slot) {
    if (place_[slot] == none) continue;
    v[slot] = slot < plan_.parameters() ? std::exp(at[place_[slot]]) : at[place_[slot]];
  }
  return v;
}

effect fit_problem::mean_effect(values own_values) const {
  effect eta;
  for (std::size_t i = 0; i < plan_.terms.size(); ++i) {
    const effect_term& term = plan_.terms[i];
    (term.life ? eta.life : eta.transaction) +=
        own_values[plan_.parameters() + i] * centre_[term.covariate] / spread_[term.covariate];
  }
  return eta;
}

std::vector<double> fit_problem::user_values(const Eigen::VectorXd& at) const {
  std::vector<double> v = own_values(at);
  const std::size_t n = plan_.parameters();
  const effect mean = mean_effect(v);
  apply_links(which(), -mean.transaction, -mean.life, std::span(v).first(n));
  for (std::size_t i = 0; i < n; ++i) v[i] *= unit_of(which().parameters[i], units_);
  for (std::size_t i = 0; i < plan_.terms.size(); ++i)
    v[n + i] /= spread_[plan_.terms[i].covariate];
  for (std::size_t slot = 0; slot < v.size(); ++slot) {
    if (plan_.held[slot]) v[slot] = *plan_.held[slot];  // not by way of own units: its own bits
  }
  return v;
}

Eigen::MatrixXd fit_problem::jacobian(const Eigen::VectorXd& at) const {
  const std::size_t n = plan_.parameters();
  const std::vector<double> own = own_values(at);
  const values base = values(own).first(n);
  const effect mean = mean_effect(own);
  const effect back{.transaction = -mean.transaction, .life = -mean.life};
  Eigen::MatrixXd j = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(plan_.slots()), coordinates_);
  std::vector<double> unit(n), by_log(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    effect by_effect;
    std::fill(unit.begin(), unit.end(), 0.0);
    std::fill(by_log.begin(), by_log.end(), 0.0);
    unit[i] = unit_of(which().parameters[i], units_);
    pull_back(which(), base, back, unit, by_log, by_effect);
    for (std::size_t k = 0; k < n; ++k) {
      if (place_[k] != none) j(row, place_[k]) += by_log[k];
    }
    for (std::size_t k = 0; k < plan_.terms.size(); ++k) {
      const effect_term& term = plan_.terms[k];
      if (place_[n + k] == none) continue;
      j(row, place_[n + k]) -= (term.life ? by_effect.life : by_effect.transaction) *
                               centre_[term.covariate] / spread_[term.covariate];
    }
  }
  for (std::size_t k = 0; k < plan_.terms.size(); ++k) {
    if (place_[n + k] == none) continue;
    j(static_cast<Eigen::Index>(n + k), place_[n + k]) = 1 / spread_[plan_.terms[k].covariate];
  }
  return j;
}

// Priors speak of the caller's values, penalties of standardised coefficients; per customer.
double fit_problem::beliefs(const Eigen::VectorXd& at, Eigen::VectorXd& gradient) const {
  double value = 0;
  const std::size_t n = plan_.parameters();
  const std::vector<double> own = own_values(at);
  for (std::size_t i = 0; i < plan_.terms.size(); ++i) {
    const double g = own[n + i];
    const double l2 = plan_.terms[i].life ? plan_.l2_life : plan_.l2_transaction;
    if (place_[n + i] == none) continue;
    value -= l2 * g * g;
    gradient[place_[n + i]] -= 2 * l2 * g;
  }
  const bool any = std::any_of(plan_.priors.begin(), plan_.priors.end(), [](const prior& p) {
    return p.how != prior::shape::none;
  });
  if (!any) return value;
  const std::vector<double> user = user_values(at);
  Eigen::VectorXd slope = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(plan_.slots()));
  for (std::size_t slot = 0; slot < plan_.slots(); ++slot) {
    value += plan_.priors[slot].log_density(user[slot]) / own_.customers;
    slope[static_cast<Eigen::Index>(slot)] = plan_.priors[slot].slope(user[slot]) / own_.customers;
  }
  gradient += jacobian(at).transpose() * slope;
  return value;
}

bool fit_problem::objective(const tuples& t,
                            unsigned threads,
                            const Eigen::VectorXd& at,
                            double& value,
                            Eigen::VectorXd& gradient) const {
  const std::vector<double> own = own_values(at);
  const std::size_t n = plan_.parameters();
  const likelihood_sum sum = total_likelihood(
      which(), values(own).first(n), {plan_.terms, values(own).subspan(n)}, t, threads);
  value = sum.value / t.customers;
  gradient.setZero(coordinates_);
  for (std::size_t slot = 0; slot < place_.size(); ++slot) {
    if (place_[slot] != none) gradient[place_[slot]] += sum.gradient[slot] / t.customers;
  }
  value += beliefs(at, gradient);
  return std::isfinite(value) && gradient.allFinite();
}

double fit_problem::log_likelihood(const Eigen::VectorXd& at, double objective_value) const {
  Eigen::VectorXd unused = Eigen::VectorXd::Zero(coordinates_);
  const double without = (objective_value - beliefs(at, unused)) * own_.customers;
  const std::vector<double> own = own_values(at);
  const double constant = which().constant == nullptr
                              ? 0.0
                              : which().constant(values(own).first(plan_.parameters()), own_);
  return without + constant + shift_;
}

}  // namespace clv

#include "value/fitting/effects.hpp"

#include <cmath>

namespace clv {
namespace {

// Beta(first, second) with the logit of its mean moved by eta and the sum of both kept.
struct moved_mean {
  double mean, rest;  // rest = 1 - mean, without its cancellation
  double sum;
  moved_mean(double first, double second, double eta) : sum(first + second) {
    const double odds = std::log(first) - std::log(second) + eta;
    mean = 1 / (1 + std::exp(-odds));
    rest = 1 / (1 + std::exp(odds));
  }
};

// With s = first + second, m the moved mean and v = s m (1-m), d m / d eta = m (1-m):
//   d moved first  / d ln first  = m first + v       d moved first  / d ln second = m second - v
//   d moved second / d ln first  = (1-m) first - v   d moved second / d ln second = (1-m) second +
//   v
void pull(const covariate_link& l,
          values base,
          double eta,
          values gradient,
          std::span<double> by_log,
          double& by_eta) {
  if (l.how == link::scale) {
    const double both = gradient[l.first] * base[l.first] * std::exp(-eta);
    by_log[l.first] += both;
    by_eta -= both;
  } else if (l.how == link::logit_mean) {
    const double first = base[l.first], second = base[l.second];
    const moved_mean to(first, second, eta);
    const double apart = to.sum * to.mean * to.rest * (gradient[l.first] - gradient[l.second]);
    const double together = to.mean * gradient[l.first] + to.rest * gradient[l.second];
    // Without an effect nothing is moved, and no rounding may tie the one to the other.
    by_log[l.first] += eta == 0 ? first * gradient[l.first] : first * together + apart;
    by_log[l.second] += eta == 0 ? second * gradient[l.second] : second * together - apart;
    by_eta += apart;
  }
}

bool moves(const covariate_link& l, std::size_t i) {
  return (l.how != link::none && l.first == i) || (l.how == link::logit_mean && l.second == i);
}

}  // namespace

effect effect_of(std::span<const effect_term> terms, values coefficients, values covariates) {
  effect eta;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    (terms[i].life ? eta.life : eta.transaction) +=
        coefficients[i] * covariates[terms[i].covariate];
  }
  return eta;
}

void pull_back(const model& m,
               values base,
               const effect& eta,
               values gradient,
               std::span<double> by_log,
               effect& by_effect) {
  for (std::size_t i = 0; i < base.size(); ++i) {
    if (!moves(m.transaction, i) && !moves(m.life, i)) by_log[i] += gradient[i] * base[i];
  }
  pull(m.transaction, base, eta.transaction, gradient, by_log, by_effect.transaction);
  pull(m.life, base, eta.life, gradient, by_log, by_effect.life);
}

}  // namespace clv

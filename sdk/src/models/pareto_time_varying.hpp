// Pareto/NBD with covariates that change over time: Bachmann, Meierer & Naef (2021), "The role of
// time-varying contextual factors in latent attrition models for customer base analysis",
// Marketing Science 40(4) 783-809. See ../../MODELS.md.
//
// A customer buys at the rate lambda a(t) and dies at the rate mu b(t), lambda ~ Gamma(r, alpha),
// mu ~ Gamma(s, beta), with a = exp(g . z), b = exp(h . v) and the covariates z, v constant on each
// step of the customer's path. With A, B the integrals of a, b from 0, rho = r + x:
//   LL = sum_k g.z(t_k) + ln[Gamma(rho)/Gamma(r)] - x ln alpha + ln M
//   M  = c(T) S(T) + int_{t_x}^T h S c dy,  c = (1 + A/alpha)^-rho, S = (1 + B/beta)^-s, hS = -S'
// On a step A and B are linear, so that there everything is a Pareto/NBD with alpha' = (alpha+A)/a
// and beta' = (beta+B)/b, as of the step's start.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace clv {

// One customer. Step j runs from start[j] to start[j + 1], the last one for ever; start[0] = 0.
struct covariate_path {
  double x = 0, t_x = 0, T = 0;
  std::vector<double> start;         // rising
  std::vector<double> transaction;   // z of step j: transaction[j * (number of them) ...]
  std::vector<double> life;          // v likewise
  std::vector<double> at_purchases;  // sums of z over the x repeat purchases
};

struct varying_parameters {
  double r = 0, alpha = 0, s = 0, beta = 0;
  std::vector<double> transaction, life;  // coefficients, positive = more purchases, more churn
  std::size_t size() const { return 4 + transaction.size() + life.size(); }
};

// All [any] thread, pure; parameters positive and finite, the path valid (0 <= t_x <= T, x = 0 with
// t_x = 0). With constant covariates equal to Pareto/NBD at (alpha e^-g.z, beta e^-h.v) to 1e-12.

// Also adds weight 1 of the derivatives by r, alpha, s, beta and the coefficients to `gradient`,
// which has p.size() places or none.
double log_likelihood(const varying_parameters& p,
                      const covariate_path& path,
                      std::span<double> gradient = {});
double p_alive(const varying_parameters& p, const covariate_path& path);
// In (T, T + t], on the path's own steps after T.
double expected_purchases(const varying_parameters& p, const covariate_path& path, double t);

}  // namespace clv

// Contracts: customers who renew, or do not, at known times, and whose loss is seen. What sBG and
// BdW share: with theta ~ Beta(alpha, beta) over customers, a contract survives t renewals with
// probability (1-theta)^(t^c), so
//   S(t) = B(alpha, beta + t^c) / B(alpha, beta),  t = 0, 1, 2, ...;  c = 1 is sBG
//
// An observation has x renewals made of T faced: running for x = T, else lost at renewal x+1,
// however much later T is. Ages are whole; others are rounded down. The members of `model`, in
// clv/model.hpp, say what each returns; parameters are alpha, beta and, if there is a third, c.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "clv/model.hpp"

namespace clv::contract {

// ln P(T = x+1) or ln S(x), as sums of ln of retention rates: relative error 1e-13.
double log_likelihood(values p, const observation& o);
void accumulate(
    values p, const tuples& t, std::size_t first, std::size_t last, likelihood_sum& sum);
double p_alive(values p, const observation& o);  // 1 or 0: a loss is seen
double expected_purchases(values p, const observation& o, double t);
double expected_new(values p, double t);
double no_purchase(values p, const observation& o, double t);
void pmf(values p, double t, std::span<double> pmf);
double survival(values p, double t);
double survival_ahead(values p, const observation& o, double t);
// DERL, Fader & Hardie (2010): the next renewal is due now and not discounted. At rate 0 it is
// (beta+x)/(alpha-1) for sBG; infinite for alpha c <= 1.
double residual(values p, const observation& o, double delta);
void purchase_tail(values p, const observation& o, double t, std::vector<double>& tail);
void simulate_purchases(values p, double T, random_source& random, std::vector<double>& ages);
std::string_view caveat(values p);

// By how many per cent the residual lifetime of a contract with x renewals made rises when every
// future retention rate rises by one; delta > 0. Two readings that the literature mixes up:
// the mean, over customers, of each one's own elasticity; for sBG 2F1(1,b;alpha+b;v) with
// b = beta+x, v = 1/(1+delta),
double mean_individual_elasticity(values p, double x, double delta);
// and the elasticity of the mean residual lifetime, which is larger; for sBG
// 2F1(2,b+1;alpha+b+1;v) / 2F1(1,b+1;alpha+b+1;v).
double elasticity_of_mean(values p, double x, double delta);

}  // namespace clv::contract

// Intervals that may be looked at every day. [any] No state.
#pragma once

#include <span>

namespace clv::retention {

// How many standard errors either side of an estimate after t observations hold the truth at all t
// at once with probability 1 - level:
//   sqrt(2 (1 + 1/u) ln(sqrt(u + 1) / level)),  u = rho^2 t,
// the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas,
// "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics
// 52(6), 2024 (arXiv 2103.06476), Theorem 2.2: Robbins' (1970) normal mixture with estimated
// variance. rho is theirs of section B.2, rho^2 = (-2 ln level + ln(1 - 2 ln level)) / tuned_for:
// tightest at about t = tuned_for, which must be fixed before the first look. At level .05 it
// is 3.04 there, where a single look takes 1.96. t > 0, tuned_for > 0, level in (0, 1). Asymptotic:
// do not look before some 50 observations per arm.
double sequence_factor(double t, double tuned_for, double level);

// P(|S_k| > bound_k sqrt(k) for some k), S_k the sum of k independent normals of mean `drift` and
// variance 1, by integrating the density of what has not crossed from look to look (Armitage,
// McPherson & Rowe 1969, J. R. Stat. Soc. A 132, 235-244): bound_k in standard errors, each > 0 and
// at most 40; up to 1000 looks. Absolute error below 1e-9 for up to 400 looks.
double chance_of_crossing(std::span<const double> bounds, double drift);

}  // namespace clv::retention

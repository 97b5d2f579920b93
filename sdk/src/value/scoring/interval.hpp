// The distribution of value: nothing with probability p0, else exp(mu + sigma h(Z)), Z normal.
#pragma once

namespace clv {

// h(z) = (z + u (z^2 - 1) + u^2 z^3 / 3) / s, s^2 = 1 + 4 u^2 + 5 u^4 / 3: the cube (1 + u Z)^3 of
// a normal, moved to mean 0 and variance 1 exactly. It rises in z for every u, is the identity at
// u = 0, and its inverse is a cube root, so that a quantile and a probability cost the same and
// neither is found by iteration. Its skewness is u (6 + 32 u^2 + 30 u^4) / s^3, inverted by
//   u = v + 2 v^3 / 3 + 0.9 v^5, v = skew / 6,
// to 0.5 % for |skew| <= 3.5; beyond it is held at 3.5. (Wilson & Hilferty 1931 take the same cube
// for a chi-square.) [any]
class skewed_normal {
 public:
  explicit skewed_normal(double skew);
  double at(double z) const;       // h(z); +-infinity stay
  double inverse(double y) const;  // the z with h(z) = y
  // The skew to construct with so as to have this u, held at +-3.5.
  static double skew_of(double u);

 private:
  double u_, s_;
};

// The normal quantile to hand to value_at: of (level - p0)/(1 - p0), or -infinity when `level`
// falls into the point mass at zero. level in (0, 1), no_purchase in [0, 1]. [any]
double quantile_normal(double level, double no_purchase);

// exp(mu + sigma h(z)); 0 for z = -infinity. [any]
double value_at(double z, double mu, double sigma, double skew = 0);

}  // namespace clv

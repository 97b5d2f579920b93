// The zero-inflated log-normal: nothing with probability p0, else exp(mu + sigma Z).
#pragma once

namespace clv {

// The normal quantile to hand to value_at: of (level - p0)/(1 - p0), or -infinity when `level`
// falls into the point mass at zero. level in (0, 1), no_purchase in [0, 1]. [any]
double quantile_normal(double level, double no_purchase);

// exp(mu + z sigma); 0 for z = -infinity. [any]
double value_at(double z, double mu, double sigma);

}  // namespace clv

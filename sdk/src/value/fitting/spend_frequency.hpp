// Whether what customers spend goes with how often they buy: what Gamma-Gamma assumes it does not.
#pragma once

#include "clv/summary.hpp"

namespace clv {

struct spend_frequency {
  double customers = 0;
  double correlation = 0;  // of mean_spend with x, weighted; 0 when either is constant
  // Two-sided, of independence: Fisher's z = atanh(correlation) sqrt(customers - 3) against the
  // normal. 1 with three customers or fewer.
  double p_value = 1;
};

// Of tuples of key spend [first, last). [any]
spend_frequency spend_frequency_of(const tuples& t, std::size_t first, std::size_t last);
inline spend_frequency spend_frequency_of(const tuples& t) {
  return spend_frequency_of(t, 0, t.size());
}

}  // namespace clv

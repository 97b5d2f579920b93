#pragma once

#include <array>
#include <cstddef>

namespace clv {

// A lifetime seen from some age on, at u later, with what the gradient of a likelihood needs: the
// derivatives of ln S and of ln(h S), both from age 0, by the lifetime's own parameters.
template <std::size_t size>
struct lifetime_terms {
  double log_survival = 0;  // from the age to u later
  double hazard = 0;
  std::array<double, size> survival_slope{};
  std::array<double, size> density_slope{};
};

}  // namespace clv

// Random numbers from a seed the caller gave, the same bits on every machine with the same libm.
#pragma once

#include <array>
#include <cstdint>

namespace clv {

// xoshiro256++ 1.0 (Blackman & Vigna 2021), its 256 bits filled by splitmix64 from (seed, index).
// Stream i is the same whatever other streams are used, so customer i is the same for any number
// of customers or threads. [one] thread per object; cheap to make and to copy.
class random_source {
 public:
  explicit random_source(std::uint64_t seed, std::uint64_t index = 0);

  std::uint64_t bits();  // 64 uniform bits
  double uniform();      // in (0, 1), never 0 or 1: (k + 1/2) / 2^52
  double normal();       // mean 0, variance 1: the quantile of uniform(), one draw per number
  double exponential();  // mean 1: -ln uniform()
  // shape, rate > 0. Marsaglia & Tsang (2000), ACM TOMS 26(3) 363-372; below shape 1 the boost
  // G(shape) = G(shape+1) U^(1/shape). May underflow to 0 for a tiny shape.
  double gamma(double shape, double rate);
  // a, b > 0: X/(X+Y) of two gammas, formed from their logs so that it is right when both
  // underflow (a, b << 1); then it is 0 or 1 to the last bit.
  double beta(double a, double b);

 private:
  double log_gamma_draw(double shape);  // ln of a Gamma(shape, 1) variate
  std::array<std::uint64_t, 4> state_;
};

}  // namespace clv

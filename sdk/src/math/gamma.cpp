#include "math/gamma.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace clv::math {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double half_log_two_pi = 0.91893853320467274178;
constexpr double stirling_from = 10;

// 1 - euler, then (-1)^k (zeta(k) - 1) / k: coefficients of z^1, z^2, ... in ln Gamma(2 + z).
// At |z| = 1/2 the first term left out is 2^-36/36 * 2^-36.
constexpr std::array<double, 35> series{
    0.4227843350984671393935,   0.32246703342411321824,     -0.067352301053198095133,
    0.020580808427784547879,    -0.0073855510286739852663,  0.0028905103307415232858,
    -0.0011927539117032609771,  0.00050966952474304242234,  -0.00022315475845357937976,
    0.000099457512781808533715, -0.0000449262367381331417,  0.000020507212775670691553,
    -9.439488275268395904e-6,   4.3748667899074878042e-6,   -2.0392157538013662368e-6,
    9.5514121304074198329e-7,   -4.4924691987645660433e-7,  2.1207184805554665869e-7,
    -1.0043224823968099609e-7,  4.7698101693639805658e-8,   -2.271109460894316491e-8,
    1.0838659214896954091e-8,   -5.1834750419700466551e-9,  2.4836745438024783172e-9,
    -1.1921401405860912074e-9,  5.7313672416788620133e-10,  -2.7595228851242331452e-10,
    1.3304764374244489481e-10,  -6.4229645638381000221e-11, 3.1044247747322272762e-11,
    -1.5021384080754142171e-11, 7.2759744802390796625e-12,  -3.5277424765759150836e-12,
    1.7119917905596179086e-12,  -8.3153858414202848198e-13};

// ln Gamma(2 + z), |z| <= 1/2.
double log_gamma_near_two(double z) {
  double sum = 0;
  for (std::size_t k = series.size(); k-- > 0;) sum = series[k] + z * sum;
  return z * sum;
}

// digamma(2 + z), |z| <= 1/2.
double digamma_near_two(double z) {
  double sum = 0;
  for (std::size_t k = series.size(); k-- > 0;) {
    sum = static_cast<double>(k + 1) * series[k] + z * sum;
  }
  return sum;
}

// trigamma(2 + z), |z| <= 1/2.
double trigamma_near_two(double z) {
  double sum = 0;
  for (std::size_t k = series.size(); k-- > 1;) {
    sum = static_cast<double>(k * (k + 1)) * series[k] + z * sum;
  }
  return sum;
}

double polynomial(const std::array<double, 8>& c, double x) {
  double sum = 0;
  for (std::size_t k = c.size(); k-- > 0;) sum = c[k] + x * sum;
  return sum;
}

}  // namespace

double log_add_exp(double u, double v) {
  if (u == v) return u + 0.69314718055994530942;  // equal infinities have no difference
  const double distance = std::fabs(u - v);
  if (std::isnan(distance)) return distance;
  return (u > v ? u : v) + std::log1p(std::exp(-distance));
}

double stirling_rest(double x) {
  // B_2k / (2k (2k-1)); at x = 10 the first term left out is 2e-18.
  constexpr std::array<double, 8> c{1.0 / 12,
                                    -1.0 / 360,
                                    1.0 / 1260,
                                    -1.0 / 1680,
                                    1.0 / 1188,
                                    -691.0 / 360360,
                                    1.0 / 156,
                                    -3617.0 / 122400};
  const double inverse = 1 / x;
  return inverse * polynomial(c, inverse * inverse);
}

double log_gamma(double x) {
  if (!(x > 0) || x == infinity)
    return x >= 0 ? infinity : std::numeric_limits<double>::quiet_NaN();
  if (x >= stirling_from) {
    // (x - 1/2)(ln x - 1) - 1/2 instead of (x - 1/2) ln x - x: the latter loses a digit.
    return (x - 0.5) * (std::log(x) - 1) + (half_log_two_pi - 0.5) + stirling_rest(x);
  }
  if (x < 0.5) return log_gamma_near_two(x) - std::log(x) - std::log1p(x);
  if (x < 1.5) return log_gamma_near_two(x - 1) - std::log(x);
  double factor = 1;
  while (x > 2.5) {
    x -= 1;
    factor *= x;
  }
  return log_gamma_near_two(x - 2) + (factor == 1 ? 0.0 : std::log(factor));
}

double log_rising(double x, double n) {
  if (n == 0) return 0;
  if (!(x >= stirling_from)) return log_gamma(x + n) - log_gamma(x);
  return (x + n - 0.5) * std::log1p(n / x) + n * (std::log(x) - 1) +
         (stirling_rest(x + n) - stirling_rest(x));
}

double digamma(double x) {
  if (!(x > 0) || x == infinity) {
    return x == 0 ? -infinity : x > 0 ? infinity : std::numeric_limits<double>::quiet_NaN();
  }
  if (x >= stirling_from) {
    // B_2k / 2k
    constexpr std::array<double, 8> c{1.0 / 12,
                                      -1.0 / 120,
                                      1.0 / 252,
                                      -1.0 / 240,
                                      1.0 / 132,
                                      -691.0 / 32760,
                                      1.0 / 12,
                                      -3617.0 / 8160};
    const double inverse = 1 / x, square = inverse * inverse;
    return std::log(x) - 0.5 * inverse - square * polynomial(c, square);
  }
  if (x < 0.5) return digamma_near_two(x) - 1 / (1 + x) - 1 / x;
  if (x < 1.5) return digamma_near_two(x - 1) - 1 / x;
  double sum = 0;
  while (x > 2.5) {
    x -= 1;
    sum += 1 / x;
  }
  return digamma_near_two(x - 2) + sum;
}

double trigamma(double x) {
  if (!(x > 0) || x == infinity) {
    return x == 0 ? infinity : x > 0 ? 0 : std::numeric_limits<double>::quiet_NaN();
  }
  if (x >= stirling_from) {
    // B_2k
    constexpr std::array<double, 8> c{
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510};
    const double inverse = 1 / x, square = inverse * inverse;
    return inverse * (1 + 0.5 * inverse + square * polynomial(c, square));
  }
  if (x < 0.5) return trigamma_near_two(x) + 1 / ((1 + x) * (1 + x)) + 1 / x / x;
  if (x < 1.5) return trigamma_near_two(x - 1) + 1 / (x * x);
  double sum = 0;
  while (x > 2.5) {
    x -= 1;
    sum += 1 / (x * x);
  }
  return trigamma_near_two(x - 2) - sum;
}

}  // namespace clv::math

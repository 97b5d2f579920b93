// Many values of a smooth function of a whole number that is slow to compute. [any] No state.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace clv {

// A polynomial through a few places of 0 ... length-1, as near as whole numbers come to Chebyshev's
// points, in barycentric form: Berrut & Trefethen (2004), SIAM Review 46(3) 501-517.
class whole_interpolant {
 public:
  static constexpr std::size_t points = 17;
  explicit whole_interpolant(std::size_t length) {  // >= 4 * points, so that no two coincide
    constexpr double pi = 3.14159265358979323846;
    const double last = static_cast<double>(length - 1);
    for (std::size_t i = 0; i < points; ++i) {
      const double part = static_cast<double>(i) / (points - 1);
      at_[i] = std::round(0.5 * last * (1 - std::cos(pi * part)));
    }
    for (std::size_t i = 0; i < points; ++i) {
      weight_[i] = 1;
      for (std::size_t k = 0; k < points; ++k) {
        if (k != i) weight_[i] *= last / 4 / (at_[i] - at_[k]);
      }
    }
  }
  std::size_t place(std::size_t i) const { return static_cast<std::size_t>(at_[i]); }
  double operator()(const std::array<double, points>& values, std::size_t whole) const {
    const double x = static_cast<double>(whole);
    double top = 0, bottom = 0;
    for (std::size_t i = 0; i < points; ++i) {
      if (x == at_[i]) return values[i];
      const double share = weight_[i] / (x - at_[i]);
      top += share * values[i];
      bottom += share;
    }
    return top / bottom;
  }

 private:
  std::array<double, points> at_{}, weight_{};
};

// to[i] = exp(log_value(from + i)). Stretches of 68 and more are interpolated where that agrees
// with log_value between the points to 1e-12, or where it agrees to 1e-9 and no better than over
// twice the length, for then all that is left is the rounding of log_value; else they are halved.
template <class function>
void smooth_fill(std::span<double> to,
                 const function& log_value,
                 std::size_t from = 0,
                 double error_before = HUGE_VAL) {
  constexpr double exact = 1e-12, rounding = 1e-9;
  const std::size_t length = to.size();
  if (length < 4 * whole_interpolant::points) {
    for (std::size_t i = 0; i < length; ++i) to[i] = std::exp(log_value(from + i));
    return;
  }
  const whole_interpolant fit(length);
  std::array<double, whole_interpolant::points> values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = log_value(from + fit.place(i));
  double error = 0;
  for (const std::size_t i : {1u, 4u, 8u, 12u, 15u}) {
    const std::size_t between = (fit.place(i) + fit.place(i + 1)) / 2;
    const double off = std::fabs(fit(values, between) - log_value(from + between));
    error = off <= error ? error : off;  // also where it is not a number
  }
  if (error <= exact || (error <= rounding && error > error_before / 16)) {
    for (std::size_t i = 0; i < length; ++i) to[i] = std::exp(fit(values, i));
    return;
  }
  smooth_fill(to.first(length / 2), log_value, from, error);
  smooth_fill(to.subspan(length / 2), log_value, from + length / 2, error);
}

}  // namespace clv

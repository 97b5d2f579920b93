#include "value/scoring/parameter_points.hpp"

#include <algorithm>
#include <cmath>

namespace clv {
namespace {

constexpr double most_shift = 3.0;     // of ln theta: an estimate this vague is no normal anyway
constexpr double no_variance = 1e-12;  // of a pivot, relative to its variance: rounding

// Of ln theta and the coefficients, row-major; empty when there is none or it is not usable.
std::vector<double> log_covariance(const estimates& e) {
  const std::size_t parameters = e.parameters.size();
  const std::size_t n = parameters + e.coefficients.size();
  if (e.covariance.size() != n * n) return {};
  std::vector<double> out(e.covariance);
  const auto scale = [&](std::size_t i) { return i < parameters ? e.parameters[i] : 1.0; };
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      double& v = out[i * n + j];
      v = v / scale(i) / scale(j);
      if (!std::isfinite(v)) return {};
    }
  }
  return out;
}

// Columns of L with covariance = L L^T; a direction without variance gets none.
std::vector<std::vector<double>> root_of(std::vector<double> c, std::size_t n) {
  std::vector<std::vector<double>> columns;
  for (std::size_t k = 0; k < n; ++k) {
    double pivot = c[k * n + k];
    const double whole = pivot;
    for (const auto& column : columns) pivot -= column[k] * column[k];
    if (!(pivot > no_variance * whole)) continue;
    std::vector<double> next(n, 0.0);
    for (std::size_t i = k; i < n; ++i) {
      double v = c[i * n + k];
      for (const auto& column : columns) v -= column[i] * column[k];
      next[i] = v / std::sqrt(pivot);
    }
    columns.push_back(std::move(next));
  }
  return columns;
}

// Corner `point` of the simplex with unit covariance in r dimensions, coordinate j: Helmert's
// matrix times sqrt(r + 1).
double corner(std::size_t r, std::size_t point, std::size_t j) {
  if (point > j + 1) return 0.0;
  const double count = static_cast<double>(j) + 1.0;
  const double scale = std::sqrt((static_cast<double>(r) + 1.0) / (count * (count + 1.0)));
  return point <= j ? scale : -count * scale;
}

}  // namespace

std::vector<parameter_point> parameter_points(const estimates& e) {
  const std::vector<double> covariance = log_covariance(e);
  const std::size_t n = e.parameters.size() + e.coefficients.size();
  if (covariance.empty()) return {};
  const auto root = root_of(covariance, n);
  const std::size_t r = root.size();
  if (r == 0) return {};
  std::vector<parameter_point> points(r + 1);
  for (std::size_t k = 0; k <= r; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      double shift = 0.0;
      for (std::size_t j = 0; j < r; ++j) shift += root[j][i] * corner(r, k, j);
      if (i >= e.parameters.size()) {
        points[k].coefficients.push_back(e.coefficients[i - e.parameters.size()].value + shift);
      } else {
        shift = std::clamp(shift, -most_shift, most_shift);
        points[k].parameters.push_back(shift == 0.0 ? e.parameters[i]
                                                    : e.parameters[i] * std::exp(shift));
      }
    }
  }
  return points;
}

}  // namespace clv

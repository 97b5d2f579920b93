#include "value/churn/churn_model.hpp"

#include <cmath>

namespace clv {
namespace {

double cube_above(double v) {
  return v > 0 ? v * v * v : 0;
}

}  // namespace

double logistic(double logit) {
  const double e = std::exp(-std::abs(logit));
  return (logit >= 0 ? 1 : e) / (1 + e);
}

double churn_design_value(const churn_column& c,
                          const churn_feature& f,
                          std::optional<double> number,
                          std::string_view text) {
  if (c.kind == churn_kind::number) return number ? (*number - f.center) / f.scale : 0;
  if (c.kind == churn_kind::missing) return number ? 0 : 1;
  return (text.empty() ? missing_level : text) == c.level ? 1 : 0;
}

std::vector<double> churn_baseline::basis(double t) const {
  std::vector<double> out(size(), 1.0);
  if (size() < 2) return out;
  // In ln t: knots at quantiles of the times of churn crowd at the start, and spread out there.
  const auto place = [this](std::size_t i) { return std::log(knots[i]); };
  const double u = std::log(t), first = place(0), last = place(knots.size() - 1);
  const double before = place(knots.size() - 2), width = last - first;
  out[1] = (u - first) / width;
  const auto term = [&](double knot, double factor) {
    return factor * cube_above((u - knot) / width);
  };
  for (std::size_t j = 2; j < size(); ++j) {
    const double knot = place(j - 2);
    out[j] = term(knot, 1) - term(before, (last - knot) / (last - before)) +
             term(last, (before - knot) / (last - before));
  }
  return out;
}

double churn_baseline::at(double t) const {
  const std::vector<double> columns = basis(t);
  double sum = 0;
  for (std::size_t j = 0; j < size(); ++j) sum += coefficients[j] * columns[j];
  return sum;
}

}  // namespace clv

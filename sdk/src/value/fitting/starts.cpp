#include "value/fitting/starts.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

namespace clv {
namespace {

constexpr double far = 100.0;                      // from one regime of aging to the next
constexpr double factor_log = 1.3862943611198906;  // ln 4

// Row: start. Column: the sign of ln 4 added to parameter i, repeating every four.
constexpr int patterns[][4] = {{-1, -1, -1, -1}, {1, 1, 1, 1}, {1, -1, 1, -1}, {-1, 1, 1, -1}};

// What moments say of parameters, by name; values beyond 1/100 to 100 would only start at an edge.
using guesses = std::map<std::string_view, double>;

double near_one(double value) {
  return std::isfinite(value) ? std::clamp(value, 0.01, 100.0) : 1.0;
}

guesses of_counts(const tuples& t) {
  double purchases = 0, exposure = 0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    purchases += t.weight[i] * t.x[i];
    exposure += t.weight[i] * t.T[i];
  }
  if (!(purchases > 0) || !(exposure > 0)) return {};
  const double rate = purchases / exposure;
  double above_poisson = 0, squares = 0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    const double mean = rate * t.T[i];
    above_poisson += t.weight[i] * ((t.x[i] - mean) * (t.x[i] - mean) - mean);
    squares += t.weight[i] * mean * mean;
  }
  const double r = near_one(squares / std::max(above_poisson, 0.0));
  return {{"r", r}, {"alpha", near_one(r / rate)}};
}

guesses of_spend(const tuples& t) {
  double mean = 0, u = 0, uu = 0, v = 0, uv = 0;
  for (std::size_t i = 0; i < t.size(); ++i) mean += t.weight[i] / t.customers * t.mean_spend[i];
  for (std::size_t i = 0; i < t.size(); ++i) {
    const double w = t.weight[i] / t.customers;
    const double part = 1 / t.x[i];
    const double off = t.mean_spend[i] / mean - 1;
    u += w * part;
    uu += w * part * part;
    v += w * off * off;
    uv += w * off * off * part;
  }
  // A straight line in 1/x; with one x only, half of the variance to each.
  const double steep = uu > u * u ? (uv - u * v) / (uu - u * u) : v / (2 * u);
  const double b = std::max(steep, 1e-3);
  const double a = std::max(v - b * u, 1e-3);
  const double q = near_one(2 + 1 / a);
  const double p = near_one((1 + a) / b);
  return {{"p", p}, {"q", q}, {"gamma", near_one(mean * (q - 1) / p)}};
}

Eigen::VectorXd documented(const fit_problem& p) {
  Eigen::VectorXd at = Eigen::VectorXd::Zero(p.coordinates());
  for (std::size_t i = 0; i < p.plan().parameters(); ++i) {
    const Eigen::Index c = p.coordinate_of(i);
    if (c != fit_problem::none) at[c] = std::log(p.which().parameters[i].start);
  }
  return at;
}

double whole_number_of(const fit_problem& p) {
  const auto slot = p.plan().whole_number();
  return slot ? p.own_values(Eigen::VectorXd::Zero(p.coordinates()))[*slot] : 1.0;
}

Eigen::VectorXd by_moments(const fit_problem& p) {
  const bool spends = p.which().key == tuple_key::spend;
  const guesses said =
      spends ? of_spend(p.own()) : (is_discrete(p.which()) ? guesses{} : of_counts(p.own()));
  const double k = whole_number_of(p);
  Eigen::VectorXd at = documented(p);
  for (std::size_t i = 0; i < p.plan().parameters(); ++i) {
    const Eigen::Index c = p.coordinate_of(i);
    const auto found = said.find(p.which().parameters[i].name);
    if (c != fit_problem::none && found != said.end()) at[c] = std::log(found->second);
    if (c != fit_problem::none && found != said.end() && found->first == "alpha")
      at[c] -= std::log(k);
  }
  return at;
}

// `at` with the named parameters at their documented values times a factor.
Eigen::VectorXd moved(const fit_problem& p, Eigen::VectorXd at, const guesses& factors) {
  for (std::size_t i = 0; i < p.plan().parameters(); ++i) {
    const parameter& each = p.which().parameters[i];
    const Eigen::Index c = p.coordinate_of(i);
    const auto found = factors.find(each.name);
    if (c == fit_problem::none || found == factors.end()) continue;
    at[c] = std::log(each.start * found->second);
  }
  return at;
}

bool ages(const model& m) {
  return std::any_of(m.parameters.begin(), m.parameters.end(), [](const parameter& each) {
    return each.how == scales::per_time;
  });
}

}  // namespace

std::vector<Eigen::VectorXd> likely_starts_of(const fit_problem& p) {
  std::vector<Eigen::VectorXd> starts{documented(p)};
  if (const Eigen::VectorXd moments = by_moments(p); moments != starts[0]) {
    starts.push_back(moments);
  }
  return starts;
}

std::vector<Eigen::VectorXd> starts_of(const fit_problem& p) {
  std::vector<Eigen::VectorXd> starts = likely_starts_of(p);
  if (ages(p.which())) {
    const Eigen::VectorXd from = starts.back();
    starts.push_back(moved(p, from, {{"b", 1 / far}, {"beta", 1 / far}}));
    starts.push_back(moved(p, from, {{"b", far}, {"s", 1 / far}}));
    return starts;
  }
  for (const auto& signs : patterns) {
    Eigen::VectorXd at = starts[0];
    for (std::size_t i = 0; i < p.plan().parameters(); ++i) {
      const Eigen::Index c = p.coordinate_of(i);
      if (c != fit_problem::none) at[c] += factor_log * signs[i % 4];
    }
    starts.push_back(at);
  }
  return starts;
}

}  // namespace clv

#include "models/pareto_time_varying.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "clv/model.hpp"
#include "support/golden.hpp"

using clv::covariate_path;
using clv::varying_parameters;
using clv::test::golden;
using clv::test::golden_row;
using clv::test::relative_error;

namespace {

covariate_path path_of(const golden_row& row) {
  covariate_path path{.x = row["x"], .t_x = row["t_x"], .T = row["T"]};
  path.at_purchases = {row["at_purchases"]};
  for (int j = 0; j < 4; ++j) {
    const std::string step = std::to_string(j);
    path.start.push_back(j == 0 ? 0 : row["start" + step]);
    path.transaction.push_back(row["z" + step]);
    path.life.push_back(row["v" + step]);
  }
  return path;
}

varying_parameters pareto_time_varying_parameters(const golden_row& row) {
  return {row["r"], row["alpha"], row["s"], row["beta"], {row["g"]}, {row["h"]}};
}

// Steps of one and two covariates that wander, two of them for the purchases.
covariate_path wandering(double x, double t_x, double T) {
  covariate_path path{.x = x, .t_x = t_x, .T = T};
  for (int j = 0; j < 60; ++j) {
    path.start.push_back(j);
    path.transaction.push_back(std::sin(j));
    path.transaction.push_back(j % 5 == 0 ? 1 : 0);
    path.life.push_back(std::cos(0.3 * j));
  }
  path.at_purchases = {0.3 * x, 0.2 * x};
  return path;
}

const std::vector<std::vector<double>> customers{
    {0, 0, 39}, {0, 0, 0.5}, {2, 30.43, 38.86}, {26, 30.857, 31}, {10, 5, 58}, {3, 39, 39}};

}  // namespace

TEST(pareto_time_varying, equals_direct_integration) {
  for (const auto& row : golden("pareto_time_varying.csv", "log_likelihood")) {
    const double value = clv::log_likelihood(pareto_time_varying_parameters(row), path_of(row));
    EXPECT_NEAR(value, row["value"], 1e-13 * (1 + std::fabs(row["value"]))) << row.inputs;
  }
  for (const auto& row : golden("pareto_time_varying.csv", "p_alive")) {
    const double value = clv::p_alive(pareto_time_varying_parameters(row), path_of(row));
    EXPECT_LE(relative_error(value, row["value"]), 1e-12) << row.inputs;
  }
  for (const auto& row : golden("pareto_time_varying.csv", "expected_purchases")) {
    const double value =
        clv::expected_purchases(pareto_time_varying_parameters(row), path_of(row), row["t"]);
    EXPECT_LE(relative_error(value, row["value"]), 1e-12) << row.inputs;
  }
}

TEST(pareto_time_varying, without_effects_it_is_the_plain_model) {
  const clv::model& plain = clv::find_model("pareto_nbd");
  const std::vector<double> p{.553277, 10.577683, .606240, 11.668734};
  const varying_parameters none{p[0], p[1], p[2], p[3], {0, 0}, {0}};
  for (const auto& c : customers) {
    const auto path = wandering(c[0], c[1], c[2]);
    const clv::observation o{.x = c[0], .t_x = c[1], .T = c[2]};
    const double expected = plain.log_likelihood(p, o);
    EXPECT_NEAR(clv::log_likelihood(none, path), expected, 1e-12 * (1 + std::fabs(expected)));
    EXPECT_LE(relative_error(clv::p_alive(none, path), plain.p_alive(p, o)), 1e-12);
    EXPECT_LE(
        relative_error(clv::expected_purchases(none, path, 52), plain.expected_purchases(p, o, 52)),
        1e-12);
  }
}

TEST(pareto_time_varying, constant_covariates_are_static_ones) {
  const clv::model& plain = clv::find_model("pareto_nbd");
  const std::vector<double> moved{
      .55, 10.58 * std::exp(-(.4 * 2 - .3 * .5)), .6, 11.67 * std::exp(-.7 * 1.5)};
  const varying_parameters p{.55, 10.58, .6, 11.67, {.4, -.3}, {.7}};
  for (const auto& c : customers) {
    auto path = wandering(c[0], c[1], c[2]);
    for (std::size_t j = 0; j < path.start.size(); ++j) {
      path.transaction[2 * j] = 2;
      path.transaction[2 * j + 1] = .5;
      path.life[j] = 1.5;
    }
    path.at_purchases = {2 * c[0], .5 * c[0]};
    const clv::observation o{.x = c[0], .t_x = c[1], .T = c[2]};
    const double expected = plain.log_likelihood(moved, o);
    EXPECT_NEAR(clv::log_likelihood(p, path), expected, 1e-12 * (1 + std::fabs(expected)));
    EXPECT_LE(relative_error(clv::p_alive(p, path), plain.p_alive(moved, o)), 1e-12);
    EXPECT_LE(relative_error(clv::expected_purchases(p, path, 52),
                             plain.expected_purchases(moved, o, 52)),
              1e-12);
  }
}

TEST(pareto_time_varying, gradient_equals_central_differences) {
  const varying_parameters p{.55, 10.58, .6, 11.67, {.4, -.3}, {.7}};
  for (const auto& c : customers) {
    const auto path = wandering(c[0], c[1], c[2]);
    std::vector<double> gradient(p.size());
    clv::log_likelihood(p, path, gradient);
    for (std::size_t k = 0; k < p.size(); ++k) {
      const auto at = [&](double step) {
        varying_parameters q = p;
        double* const place[] = {
            &q.r, &q.alpha, &q.s, &q.beta, &q.transaction[0], &q.transaction[1], &q.life[0]};
        *place[k] += step;
        return clv::log_likelihood(q, path);
      };
      const double h = 1e-3;  // five points: truncation 1e-12, rounding 1e-12 |LL|
      const double slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      EXPECT_NEAR(gradient[k], slope, 1e-7 * (1 + std::fabs(slope))) << k << " x " << c[0];
    }
  }
}

TEST(pareto_time_varying, only_the_steps_after_T_change_what_is_expected) {
  const varying_parameters p{.55, 10.58, .6, 11.67, {.4, 0}, {.7}};
  auto path = wandering(4, 20, 39);
  const double before = clv::expected_purchases(p, path, 10), ll = clv::log_likelihood(p, path);
  for (std::size_t j = 39; j < 60; ++j) path.transaction[2 * j] += 1;
  EXPECT_EQ(clv::log_likelihood(p, path), ll);
  // Buying faster from T on by e^.4, dying as before.
  EXPECT_LE(relative_error(clv::expected_purchases(p, path, 10), std::exp(.4) * before), 1e-13);
  EXPECT_EQ(clv::expected_purchases(p, path, 0), 0);
}

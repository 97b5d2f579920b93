#include "math/optimize.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace clv::math {
namespace {

using point = Eigen::VectorXd;

point at(double x, double y) {
  point p(2);
  p << x, y;
  return p;
}

maximizer run(smooth_function f, const point& start, maximize_options o = {}) {
  maximizer m(std::move(f), start, o);
  for (int pieces = 0; !m.advance(); ++pieces) {
    if (pieces > 10'000) {
      ADD_FAILURE() << "does not end";
      break;
    }
  }
  return m;
}

// Minus Rosenbrock's valley: curved, badly scaled, highest (0) at (1, 1).
bool valley(const point& p, double& value, point& gradient) {
  const double x = p[0];
  const double y = p[1];
  value = -(100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x));
  gradient << 400 * x * (y - x * x) + 2 * (1 - x), -200 * (y - x * x);
  return true;
}

TEST(maximizer, follows_a_curved_valley_to_its_end) {
  const maximizer m = run(valley, at(-1.2, 1.0));
  EXPECT_EQ(m.where(), maximizer::state::converged);
  EXPECT_NEAR(m.at()[0], 1.0, 1e-8);  // gradient 1e-9 over the smallest curvature .4
  EXPECT_NEAR(m.at()[1], 1.0, 1e-8);
  EXPECT_LE(m.iterations(), 60);
}

TEST(maximizer, hands_over_the_hessian_at_the_maximum) {
  const maximizer m = run(valley, at(-1.2, 1.0));
  // d2/dx2 = -802, d2/dxdy = 400, d2/dy2 = -200 at (1, 1); differences with step 1e-4 leave
  // 400 h^2 = 4e-6.
  EXPECT_NEAR(m.hessian()(0, 0), -802, 1e-4);
  EXPECT_NEAR(m.hessian()(0, 1), 400, 1e-4);
  EXPECT_NEAR(m.hessian()(1, 1), -200, 1e-4);
}

// n evaluations for a Hessian instead of 2n, with an error of the step's size.
TEST(maximizer, one_sided_differences_cost_half_and_err_by_their_step) {
  const auto bowl = [](const point& p, double& value, point& gradient) {
    value = -std::exp(p[0]) - std::exp(-p[0]) - 2 * p[1] * p[1];
    gradient << -std::exp(p[0]) + std::exp(-p[0]), -4 * p[1];
    return true;
  };
  const maximizer both = run(bowl, at(1.0, 1.0));
  maximize_options o{.difference = 2e-6, .one_sided = true};
  const maximizer one = run(bowl, at(1.0, 1.0), o);
  EXPECT_EQ(one.where(), maximizer::state::converged);
  EXPECT_NEAR(one.hessian()(0, 0), -2, 1e-5);
  EXPECT_NEAR(one.hessian()(1, 1), -4, 1e-5);
  EXPECT_LT(one.evaluations(), both.evaluations());
}

// The valley's condition is 2500: one-sided differences do not do for the Hessian at its end.
TEST(maximizer, takes_an_ill_conditioned_hessian_again_from_both_sides) {
  const maximizer m = run(valley, at(-1.2, 1.0), {.difference = 1e-4, .one_sided = true});
  EXPECT_NEAR(m.hessian()(0, 0), -802, 1e-4);  // one-sided: 1200 h = .12 aside
}

TEST(maximizer, without_a_hessian_at_the_end_it_evaluates_less) {
  const maximizer with = run(valley, at(-1.2, 1.0));
  const maximizer without = run(valley, at(-1.2, 1.0), {.hessian_at_end = false});
  EXPECT_EQ(without.where(), maximizer::state::converged);
  EXPECT_EQ(without.at(), with.at());
  EXPECT_LT(without.evaluations(), with.evaluations());
}

// Convex at the start: a Newton step alone would go down to the minimum between two hills.
TEST(maximizer, climbs_from_where_the_curvature_has_the_wrong_sign) {
  const auto hills = [](const point& p, double& value, point& gradient) {
    value = 2 * p[0] * p[0] - std::pow(p[0], 4) - p[1] * p[1];
    gradient << 4 * p[0] - 4 * std::pow(p[0], 3), -2 * p[1];
    return true;
  };
  const maximizer m = run(hills, at(0.1, 3.0));
  EXPECT_EQ(m.where(), maximizer::state::converged);
  EXPECT_NEAR(m.at()[0], 1.0, 1e-8);
  EXPECT_NEAR(m.value(), 1.0, 1e-12);
}

// ln 5x - 5x is not defined left of 0: a step there is shortened, never taken.
TEST(maximizer, never_steps_to_where_the_function_is_not_defined) {
  int undefined = 0;
  const auto f = [&undefined](const point& p, double& value, point& gradient) {
    if (p[0] <= 0) {
      ++undefined;
      value = NAN;
      return true;  // a careless function: the NaN alone must do
    }
    value = std::log(5 * p[0]) - 5 * p[0] - p[1] * p[1];
    gradient << 1 / p[0] - 5, -2 * p[1];
    return true;
  };
  const maximizer m = run(f, at(0.8, 0.1));
  EXPECT_EQ(m.where(), maximizer::state::converged);
  EXPECT_NEAR(m.at()[0], 0.2, 1e-9);
  EXPECT_GT(undefined, 0) << "the test must make it try";
}

TEST(maximizer, stops_at_the_edge_of_the_box_when_the_function_rises_forever) {
  const auto rising = [](const point& p, double& value, point& gradient) {
    value = -std::exp(-p[0]) - (p[1] - 2) * (p[1] - 2);
    gradient << std::exp(-p[0]), -2 * (p[1] - 2);
    return true;
  };
  const maximizer m = run(rising, at(0, 0), {.limit = 9.0});
  EXPECT_EQ(m.where(), maximizer::state::converged);
  EXPECT_DOUBLE_EQ(m.at()[0], 9.0);
  EXPECT_NEAR(m.at()[1], 2.0, 1e-9);
  EXPECT_LT(m.free_gradient_norm(), 1e-9);
}

TEST(maximizer, says_when_iterations_run_out) {
  const maximizer m = run(valley, at(-1.2, 1.0), {.max_iterations = 3});
  EXPECT_EQ(m.where(), maximizer::state::out_of_iterations);
  EXPECT_EQ(m.iterations(), 3);
  EXPECT_TRUE(std::isfinite(m.value()));
}

// 2 - e^-x rises for ever, each Newton step gaining e times less than the one before.
bool ridge(const point& p, double& value, point& gradient) {
  value = 2 - std::exp(-p[0]) - p[1] * p[1];
  gradient << std::exp(-p[0]), -2 * p[1];
  return true;
}

TEST(maximizer, leaves_a_ridge_whose_gain_is_not_worth_waiting_for) {
  maximize_options o{.tolerance = 0, .limit = 30.0};
  o.least_gain = 1e-4;
  o.patience = 4;
  const maximizer m = run(ridge, at(0, 1), o);
  EXPECT_EQ(m.where(), maximizer::state::stalled);
  // A step to x gains (e - 1) e^-x: less than 1e-4 from x = 10 on, and four such steps are waited.
  EXPECT_GE(m.at()[0], 10);
  EXPECT_LE(m.at()[0], 16);
  EXPECT_NEAR(m.hessian()(1, 1), -2, 1e-6) << "its Hessian is taken all the same";
  o.least_gain = 0;
  EXPECT_GT(run(ridge, at(0, 1), o).at()[0], 25) << "without the option it goes on";
}

TEST(maximizer, waits_as_many_steps_as_patience_says) {
  maximize_options o{.tolerance = 0, .limit = 30.0};
  o.least_gain = 1e9;  // no step is worth it
  for (const int patience : {1, 3, 6}) {
    o.patience = patience;
    const maximizer m = run(ridge, at(0, 1), o);
    EXPECT_EQ(m.where(), maximizer::state::stalled);
    EXPECT_EQ(m.iterations(), patience);
  }
}

// A search that converges has few small steps in a row: rejected ones and the last two or three.
TEST(maximizer, patience_does_not_change_a_search_that_converges) {
  maximize_options o;
  o.least_gain = 1e-4;
  o.patience = 5;
  const maximizer m = run(valley, at(-1.2, 1.0), o);
  EXPECT_EQ(m.where(), maximizer::state::converged);
  EXPECT_EQ(m.at(), run(valley, at(-1.2, 1.0)).at());
}

TEST(maximizer, stalls_when_not_even_the_start_is_defined) {
  const auto nowhere = [](const point&, double&, point&) { return false; };
  const maximizer m = run(nowhere, at(0, 0));
  EXPECT_EQ(m.where(), maximizer::state::stalled);
  EXPECT_EQ(m.hessian().rows(), 2);
}

TEST(maximizer, ends_on_a_plain) {
  const auto flat = [](const point&, double& value, point& gradient) {
    value = 5;
    gradient.setZero();
    return true;
  };
  EXPECT_EQ(run(flat, at(1, 2)).where(), maximizer::state::converged);
}

TEST(maximizer, ends_when_the_tolerance_is_below_the_rounding) {
  const maximizer m = run(valley, at(-1.2, 1.0), {.tolerance = 0.0});
  EXPECT_NE(m.where(), maximizer::state::running);
  EXPECT_NEAR(m.at()[0], 1.0, 1e-7);
}

TEST(maximizer, takes_fewer_evaluations_with_a_hessian_to_start_from) {
  int evaluations = 0;
  const auto counted = [&evaluations](const point& p, double& value, point& gradient) {
    ++evaluations;
    return valley(p, value, gradient);
  };
  Eigen::MatrixXd hessian(2, 2);
  hessian << -802, 400, 400, -200;
  maximizer m(counted, at(1.001, 1.002), {}, hessian);
  while (!m.advance()) {
  }
  EXPECT_EQ(m.where(), maximizer::state::converged);
  const int with = evaluations;
  evaluations = 0;
  run(counted, at(1.001, 1.002));
  EXPECT_LT(with, evaluations);
}

}  // namespace
}  // namespace clv::math

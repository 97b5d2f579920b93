#include "value/links.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace clv {
namespace {

constexpr model pareto_like{
    .name = "a", .transaction = {link::scale, 1, 0}, .life = {link::scale, 3, 0}};
constexpr model bg_like{
    .name = "b", .transaction = {link::scale, 1, 0}, .life = {link::logit_mean, 2, 3}};

TEST(links, of_nothing_leave_every_bit) {
  std::vector<double> p{0.1, 0.7, 1.3, 2.9};
  const std::vector<double> before = p;
  apply_links(bg_like, 0.0, 0.0, p);
  EXPECT_EQ(p, before);
}

TEST(links, divide_a_scale_by_the_exponential) {
  std::vector<double> p{1, 2, 3, 4};
  apply_links(pareto_like, std::log(2.0), std::log(4.0), p);
  EXPECT_NEAR(p[1], 1.0, 1e-15);  // twice the purchases
  EXPECT_NEAR(p[3], 1.0, 1e-15);  // four times the churn
  EXPECT_EQ(p[0], 1.0);
  EXPECT_EQ(p[2], 3.0);
}

TEST(links, move_the_logit_of_a_mean_and_keep_the_sum) {
  for (const double eta : {-3.0, 0.5, 40.0}) {
    std::vector<double> p{1, 2, 0.8, 2.4};
    apply_links(bg_like, 0.0, eta, p);
    EXPECT_NEAR(p[2] + p[3], 3.2, 1e-14);
    EXPECT_NEAR(std::log(p[2] / p[3]), std::log(0.8 / 2.4) + eta, 1e-12);
  }
}

TEST(links, take_each_coefficient_to_its_process_and_covariate) {
  estimates e{.which = &pareto_like, .parameters = {1, 1, 1, 1}};
  e.coefficients = {{.covariate = "Gender", .value = 2},
                    {.covariate = "Channel", .value = 3},
                    {.covariate = "Channel", .life = true, .value = -1}};
  const linked_parameters linked(e);
  ASSERT_EQ(linked.names(), (std::vector<std::string>{"Gender", "Channel"}));
  std::vector<double> p(4);
  const std::vector<double> coefficients{2, 3, -1};
  const std::vector<double> covariates{0.5, 0.25};
  linked.of(e.parameters, coefficients, covariates, p);
  EXPECT_NEAR(p[1], std::exp(-1.75), 1e-15);
  EXPECT_NEAR(p[3], std::exp(0.25), 1e-15);
}

}  // namespace
}  // namespace clv

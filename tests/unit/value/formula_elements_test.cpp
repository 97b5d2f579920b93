// Do the intervals of the elements mean what they say? Cohorts are drawn from known models; the
// truth of each element follows from the parameters.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <string>

#include "clv/fit.hpp"
#include "clv/time.hpp"
#include "cohort.hpp"
#include "support/reports.hpp"
#include "value/reports.hpp"
#include "value/worth/lifetime.hpp"

namespace clv {
namespace {

constexpr std::size_t customers = 1'000;
constexpr std::uint64_t seeds = 100;
constexpr double horizon_years = 2, mean_acquisition = 12, service_a_year = 8;
constexpr std::array spend_parameters{6.25, 3.74, 15.44};

double observed_weeks(std::uint64_t customer) {
  return 60.0 + static_cast<double>(customer % 20);
}

struct cohort {
  std::shared_ptr<table> summary = std::make_shared<table>();
  std::shared_ptr<table> costs = std::make_shared<table>();
};

void add_cost(table& costs, const std::string& who, const char* kind, double amount) {
  costs.find("customer")->push(who);
  costs.find("kind")->push(kind);
  costs.find("amount")->push(amount);
}

void add_customer(cohort& c, const model& m, values p, std::uint64_t seed, std::uint64_t i) {
  random_source random(seed, i);
  const double T = observed_weeks(i);
  std::vector<double> ages, amounts;
  m.simulate_purchases(p, T, random, ages);
  find_model("gamma_gamma").simulate_spend(spend_parameters, ages.size() + 1, random, amounts);
  double revenue = 0;
  for (const double amount : amounts) revenue += amount;
  const std::string id = std::to_string(i);
  c.summary->find("customer")->push(id);
  const auto x = static_cast<double>(ages.size());
  const double repeat = ages.empty() ? 0.0 : (revenue - amounts[0]) / x;
  const std::array numbers{x, ages.empty() ? 0.0 : ages.back(), T, repeat};
  std::size_t at = 0;
  for (const char* name : {"x", "t_x", "T", "mean_spend"})
    c.summary->find(name)->push(numbers[at++]);
  c.summary->find("revenue")->push(static_cast<std::int64_t>(std::llround(100 * revenue)));
  add_cost(*c.costs, id, "acquisition", 2 * mean_acquisition * random.uniform());
  const double years = T / units_per_year("week");
  if (random.uniform() < 0.4) {
    add_cost(*c.costs, id, "service", years * service_a_year / 0.4 * 2 * random.uniform());
  }
}

cohort draw_cohort(const model& m, values p, std::uint64_t seed) {
  cohort c;
  c.summary->add("customer", type::utf8);
  for (const char* name : {"x", "t_x", "T", "mean_spend"}) c.summary->add(name, type::f64);
  c.summary->add("revenue", type::money, "EUR");
  c.costs->add("customer", type::utf8);
  c.costs->add("kind", type::utf8);
  c.costs->add("amount", type::f64);
  for (std::uint64_t i = 0; i < customers; ++i) add_customer(c, m, p, seed, i);
  c.summary->seal("cohort");
  c.costs->seal("costs");
  return c;
}

std::map<std::string, double> truth_of(const model& m, values p) {
  const double a_year = units_per_year("week");
  const auto& [shape, q, scale] = spend_parameters;
  double purchases = 0, years = 0;
  for (std::uint64_t i = 0; i < customers; ++i) {
    purchases += m.expected_new(p, observed_weeks(i));
    years += expected_lifetime(m, p, observed_weeks(i)) / a_year;
  }
  return {{"transaction_value", shape * scale / (q - 1)},
          {"annual_frequency", purchases / years},
          {"lifespan", expected_lifetime(m, p, horizon_years * a_year) / a_year},
          {"acquisition_cost", mean_acquisition},
          {"service_cost", service_a_year}};
}

void expect_coverage(const char* name, values p) {
  const model& m = find_model(name);
  const auto truth = truth_of(m, p);
  std::map<std::string, double> hits;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const cohort c = draw_cohort(m, p, seed);
    job fitting = fit(c.summary, {.model = name});
    fitting.run();
    const outcome o = test::run_report(
        formula_elements_report,
        {.tables = {{"summary", c.summary}, {"costs", c.costs}}, .model = fitting.result().model},
        R"({"horizon_years":2})");
    for (std::size_t row = 0; row < truth.size(); ++row) {
      const std::string element = test::text(o, "element", row);
      const bool inside = test::number(o, "lower", row) <= truth.at(element) &&
                          truth.at(element) <= test::number(o, "upper", row);
      hits[element] += inside ? 1 : 0;
    }
  }
  // Of 100 intervals that each hold with probability 0.95, 90 or more do with probability 0.99.
  for (const auto& [element, value] : truth) {
    EXPECT_GE(hits[element], 90) << name << ": " << element << ", truth " << value;
  }
}

TEST(formula_elements, hold_the_truth_of_a_bg_nbd_cohort_for_nine_seeds_in_ten) {
  expect_coverage("bg_nbd", std::array{0.2426, 4.4137, 0.793, 2.4262});
}

TEST(formula_elements, hold_the_truth_of_a_pareto_nbd_cohort_for_nine_seeds_in_ten) {
  expect_coverage("pareto_nbd", std::array{0.8, 6.0, 0.7, 20.0});
}

}  // namespace
}  // namespace clv

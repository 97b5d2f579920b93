// Data that no model can be fitted to well, for every model in the table: a status with a reason,
// finite numbers, a bounded number of iterations, no exception.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "clv/fit.hpp"
#include "cohort.hpp"

namespace clv {
namespace {

using test::customer;

constexpr double steps = 12;  // opportunities or renewals

// What a customer looks like to a model of this kind; discrete models see whole steps.
struct kind {
  bool spend, renewals, discrete;
};

customer seen(const kind& k, double x, double t_x, double T, double spend = 20) {
  if (k.renewals) return {.x = x, .t_x = x, .T = T};
  if (k.spend) return {.x = x, .t_x = x > 0 ? t_x : 0, .T = T, .mean_spend = spend};
  return {.x = x, .t_x = x > 0 ? t_x : 0, .T = T};
}

using crowd = std::vector<customer>;

struct hostile {
  const char* name;
  std::function<crowd(const kind&)> rows;
  bool may_converge = false;  // some model of the table can tell its parameters from this
};

crowd many(std::size_t n, const std::function<customer(std::size_t)>& one) {
  crowd rows;
  for (std::size_t i = 0; i < n; ++i) rows.push_back(one(i));
  return rows;
}

const std::vector<hostile>& cases() {
  static const std::vector<hostile> all{
      {"one_time_buyers",
       [](const kind& k) {
         return many(300, [&](std::size_t) { return seen(k, k.spend ? 1 : 0, 1, steps); });
       }},
      {"one_customer", [](const kind& k) { return crowd{seen(k, 3, 5, steps)}; }},
      {"identical_customers", [](const kind& k) { return crowd(500, seen(k, 4, 6, steps)); }},
      {"nobody_drops_out",
       [](const kind& k) {
         return many(300, [&](std::size_t i) {
           if (k.discrete) return seen(k, steps, steps, steps);
           const double x = 2.0 + static_cast<double>(i % 9), T = 10.0 + static_cast<double>(i % 3);
           return seen(k, x, T, T, 20 + static_cast<double>(i % 7));
         });
       },
       true},
      {"everybody_drops_out_at_once",
       [](const kind& k) {
         return many(300, [&](std::size_t i) {
           const double x = k.renewals ? 0 : 1;
           return seen(k, x, 1, steps + static_cast<double>(i % 4), 20);
         });
       }},
      {"huge_counts",
       [](const kind& k) {
         return many(60, [&](std::size_t i) {
           const double x = 10'000 - static_cast<double>(i);
           if (k.discrete) return seen(k, x, x, 10'000);
           return seen(k, x, 9'990, 10'000, 20 + static_cast<double>(i % 7));
         });
       },
       true},
      {"ages_many_powers_of_ten_apart",
       [](const kind& k) {
         return many(40, [&](std::size_t i) {
           const double x = static_cast<double>(i % 3);
           if (k.discrete) return seen(k, x, x, i % 2 == 0 ? 3 : 100'000);
           const double age = std::pow(10.0, static_cast<double>(i % 9) - 3);
           return seen(k, x, age / 2, age, std::pow(10.0, static_cast<double>(i % 5)));
         });
       },
       true},
      {"constant_spend_and_rhythm",
       [](const kind& k) {
         return many(300, [&](std::size_t i) {
           const double x = 1.0 + static_cast<double>(i % 6);
           return seen(k, x, x, k.discrete ? steps : x + 0.5, 25);
         });
       },
       true},
  };
  return all;
}

class hostile_fit : public testing::TestWithParam<std::tuple<const model*, std::size_t>> {};

TEST_P(hostile_fit, ends_with_a_status_and_finite_numbers) {
  const auto& [m, which] = GetParam();
  const hostile& h = cases()[which];
  const kind k{.spend = m->key == tuple_key::spend,
               .renewals = m->key == tuple_key::renewals,
               .discrete = is_discrete(*m)};
  fit_options o;
  o.model = m->name;
  o.unit = k.discrete ? "period" : "week";
  job j = fit(test::summary_of(h.rows(k)), o);
  j.run();
  const fitted_model& f = *j.result().model;
  const estimates& e = k.spend ? *f.spend : f.purchase;
  for (const double p : e.parameters) EXPECT_TRUE(std::isfinite(p) && p > 0) << p;
  EXPECT_TRUE(std::isfinite(e.log_likelihood));
  EXPECT_TRUE(std::isfinite(e.gradient_norm));
  EXPECT_TRUE(std::isfinite(e.condition));
  EXPECT_LE(e.iterations, 400 * 13);  // at most 200 on a sample and on all, for each k
  if (e.status == fit_status::converged) {
    EXPECT_TRUE(h.may_converge) << e.log_likelihood;
    for (const double s : e.standard_errors) EXPECT_TRUE(std::isfinite(s));
  } else {
    EXPECT_FALSE(e.reason.empty());
    EXPECT_TRUE(e.standard_errors.empty());
  }
  EXPECT_EQ(save_model(load_model(save_model(f))), save_model(f));
}

INSTANTIATE_TEST_SUITE_P(all,
                         hostile_fit,
                         testing::Combine(testing::ValuesIn(models().begin(), models().end()),
                                          testing::Range(std::size_t{0}, cases().size())),
                         [](const auto& param) {
                           return std::string(std::get<0>(param.param)->name) + "_" +
                                  cases()[std::get<1>(param.param)].name;
                         });

// As many free cells as renewals were seen: one does not tell two parameters, two not three.
TEST(hostile_renewals, too_few_renewals_are_counted) {
  const auto reason = [](const char* model, double n) {
    crowd rows;
    for (double x = 0; x <= n; ++x) {
      rows.push_back({.x = x, .t_x = x, .T = n, .weight = 100 + 50 * x});
    }
    fit_options o;
    o.model = model;
    o.unit = "period";
    job j = fit(test::summary_of(rows), o);
    j.run();
    const estimates& e = j.result().model->purchase;
    return std::string(name_of(e.status)) + ": " + e.reason;
  };
  EXPECT_EQ(reason("sbg", 1), "not_identified: only 1 renewal was seen, too few for 2 parameters");
  EXPECT_EQ(reason("bdw", 2),
            "not_identified: only 2 renewals were seen, too few for 3 parameters");
}

}  // namespace
}  // namespace clv

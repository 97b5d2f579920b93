#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "clv/error.hpp"
#include "cohort.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr std::array purchase{1.2, 4.0, 0.6, 3.0};
constexpr std::array spend{6.25, 3.74, 15.44};

std::shared_ptr<const table> customers(std::size_t n) {
  const test::truth truth{find_model("bg_nbd"), purchase, find_model("gamma_gamma"), spend};
  std::vector<test::customer> seen;
  for (std::uint64_t i = 0; i < n; ++i) {
    seen.push_back(test::draw(truth, 26.0 + static_cast<double>(i % 14), 3, i).seen);
  }
  return test::summary_of(seen);
}

std::shared_ptr<const fitted_model> fit_of(const std::shared_ptr<const table>& rows) {
  job j = fit(rows, {});
  j.run();
  return j.result().model;
}

job begin(const std::shared_ptr<const table>& rows, std::string_view options) {
  report_inputs in;
  in.tables["summary"] = rows;
  in.model = fit_of(rows);
  return bootstrap_intervals_report.begin(std::move(in), options);
}

TEST(bootstrap_intervals, agree_with_the_delta_method_on_a_large_sample) {
  const auto rows = customers(1500);
  job j = begin(rows, R"({"replicates": 60, "seed": 5})");
  j.run();
  const table& t = *j.result().tables.at("");
  ASSERT_EQ(t.rows(), 7U);
  for (std::size_t i = 0; i < t.rows(); ++i) {
    EXPECT_GE(t.numbers("replicates")[i], 55);
    EXPECT_LT(t.numbers("lower")[i], t.numbers("median")[i]);
    EXPECT_LT(t.numbers("median")[i], t.numbers("upper")[i]);
    // A standard error from 60 samples is known to 1/sqrt(120) = 9 %: four times that, and the
    // tails of b that the delta method does not see.
    EXPECT_NEAR(std::log(t.numbers("bootstrap_standard_error")[i] / t.numbers("standard_error")[i]),
                0.0,
                0.5)
        << t.find("parameter")->text(i);
  }
  EXPECT_EQ(j.result().tables.at("covariance")->rows(), 10U + 6U);
}

TEST(bootstrap_intervals, are_the_same_for_the_same_seed_and_differ_for_another) {
  const auto rows = customers(200);
  const auto fingerprint = [&](const char* options) {
    job j = begin(rows, options);
    j.run();
    return j.result().tables.at("")->fingerprint();
  };
  const std::string one = fingerprint(R"({"replicates": 20})");
  EXPECT_EQ(one, fingerprint(R"({"replicates": 20, "seed": 1, "threads": 2})"));
  EXPECT_NE(one, fingerprint(R"({"replicates": 20, "seed": 2})"));
}

TEST(bootstrap_intervals, refuse_options_by_name_and_value) {
  const auto rows = customers(100);
  for (const char* options : {R"({"replicates": 1})", R"({"seed": 0.5})", R"({"sed": 1})"}) {
    EXPECT_THROW(begin(rows, options), error) << options;
  }
}

}  // namespace
}  // namespace clv

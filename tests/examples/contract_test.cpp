// The two stateless commands by which models are accepted from outside: their names are a promise.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "clv.h"
#include "command.hpp"
#include "support/shared_data.hpp"

namespace clv::test {
namespace {

const std::string bg_nbd = "r=.242595,alpha=4.413602,a=.792922,b=2.425907";
const std::string small = "x,t_x,T\n2,30.43,38.86\n0,0,38.86\n7,29.43,38.86\n";

TEST(fit_json, reproduces_the_published_bg_nbd_of_cdnow) {
  CLV_REQUIRE_SHARED_DATA(summary, "cdnow_sample_summary_exact.csv");
  const outcome fit =
      run_clv({"fit", "--model", "bg_nbd", "--summary", summary, "--unit", "week", "--json"});
  ASSERT_EQ(fit.status, 0) << fit.err;
  // The published estimates have six decimals; the optimum is flat to 1e-3 relative.
  EXPECT_NEAR(json_number(fit.out, "r"), .242595, .242595e-3);
  EXPECT_NEAR(json_number(fit.out, "alpha"), 4.413602, 4.413602e-3);
  EXPECT_NEAR(json_number(fit.out, "a"), .792922, .792922e-3);
  EXPECT_NEAR(json_number(fit.out, "b"), 2.425907, 2.425907e-3);
  EXPECT_NEAR(json_number(fit.out, "log_likelihood"), -9582.42921, 1e-4);
  EXPECT_EQ(json_number(fit.out, "customers"), 2357);
  EXPECT_EQ(json_number(fit.out, "tuples"), 1016);
  EXPECT_NE(fit.out.find("\"status\": \"converged\""), std::string::npos);
}

TEST(fit_json, reproduces_the_published_gamma_gamma_of_cdnow) {
  CLV_REQUIRE_SHARED_DATA(summary, "cdnow_sample_summary_exact.csv");
  const outcome fit = run_clv({"fit", "--model", "gamma_gamma", "--summary", summary, "--json"});
  ASSERT_EQ(fit.status, 0) << fit.err;
  EXPECT_NEAR(json_number(fit.out, "p"), 6.249572, 6.249572e-3);
  EXPECT_NEAR(json_number(fit.out, "q"), 3.744225, 3.744225e-3);
  EXPECT_NEAR(json_number(fit.out, "gamma"), 15.443521, 15.443521e-3);
  EXPECT_NEAR(json_number(fit.out, "log_likelihood"), -4055.91769, 1e-4);
  EXPECT_EQ(json_number(fit.out, "customers"), 946);
}

TEST(fit_json, has_every_promised_member_and_is_one_line) {
  const scratch folder;
  const outcome fit =
      run_clv({"fit", "--model", "bg_nbd", "--summary", folder.file("s.csv", small), "--json"});
  ASSERT_EQ(fit.status, 0) << fit.err;
  for (const char* member : {"model",
                             "parameters",
                             "standard_errors",
                             "log_likelihood",
                             "status",
                             "customers",
                             "tuples",
                             "gradient_norm",
                             "iterations",
                             "seconds"}) {
    EXPECT_NE(fit.out.find("\"" + std::string(member) + "\": "), std::string::npos) << member;
  }
  EXPECT_EQ(fit.out.find('\n'), fit.out.size() - 1);
  EXPECT_EQ(fit.out.find("nan"), std::string::npos);
  EXPECT_EQ(fit.out.find("inf"), std::string::npos);
}

TEST(fit_json, does_not_depend_on_threads) {
  const scratch folder;
  const std::string log = folder.path("log.csv"), one = folder.path("1"), two = folder.path("2");
  ASSERT_EQ(run_clv({"simulate", "--customers", "800", "--out", log}).status, 0);
  ASSERT_EQ(run_clv({"score", "--log", log, "--out", one, "--threads", "1"}).status, 0);
  ASSERT_EQ(run_clv({"score", "--log", log, "--out", two, "--threads", "2"}).status, 0);
  EXPECT_EQ(read_all(one), read_all(two));
  EXPECT_EQ(csv_cells(read_all(one)).size(), 801U);
}

TEST(predict, writes_one_row_per_row_with_the_quantities_of_the_model) {
  const scratch folder;
  const outcome out = run_clv({"predict",
                               "--model",
                               "bg_nbd",
                               "--params",
                               bg_nbd,
                               "--summary",
                               folder.file("s.csv", small),
                               "--horizon",
                               "39"});
  ASSERT_EQ(out.status, 0) << out.err;
  const auto rows = csv_cells(out.out);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0], (std::vector<std::string>{"log_likelihood", "p_alive", "expected_purchases"}));
  // Fader, Hardie & Lee (2005): 1.226 for x = 2, t_x = 30.43, T = 38.86 at rounded parameters.
  EXPECT_NEAR(to_double(rows[1][2]), 1.226, 1e-3);
  EXPECT_EQ(to_double(rows[2][1]), 1);  // BG/NBD: nobody leaves before a first repeat purchase
}

TEST(predict, adds_expected_spend_where_the_model_has_it) {
  const scratch folder;
  const std::string summary =
      folder.file("s.csv", "customer,x,t_x,T,mean_spend\n007,2,30,39,22.5\n008,0,0,39,0\n");
  const outcome out = run_clv({"predict",
                               "--model",
                               "bg_nbd+gamma_gamma",
                               "--params",
                               bg_nbd + ",p=6.25,q=3.744,gamma=15.44",
                               "--summary",
                               summary,
                               "--horizon",
                               "52"});
  ASSERT_EQ(out.status, 0) << out.err;
  const auto rows = csv_cells(out.out);
  ASSERT_EQ(rows.size(), 3U);
  ASSERT_EQ(rows[0].back(), "expected_spend");
  EXPECT_EQ(rows[1][0], "007");  // an id is text: its zeros stay
  // Without own spend the population's: p gamma / (q - 1).
  EXPECT_NEAR(to_double(rows[2].back()), 6.25 * 15.44 / 2.744, 1e-12 * 36);
}

// Sum of the published log-likelihood over rows that predict wrote one by one.
TEST(predict, log_likelihoods_add_up_to_that_of_the_fit) {
  CLV_REQUIRE_SHARED_DATA(summary, "cdnow_sample_summary_exact.csv");
  const outcome out = run_clv({"predict",
                               "--model",
                               "bg_nbd",
                               "--params",
                               bg_nbd,
                               "--summary",
                               summary,
                               "--horizon",
                               "39"});
  ASSERT_EQ(out.status, 0) << out.err;
  const auto rows = csv_cells(out.out);
  double sum = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) sum += to_double(rows[i][1]);  // [0]: customer
  EXPECT_EQ(rows.size(), 2358U);
  EXPECT_NEAR(sum, -9582.42921, 1e-4);  // six-decimal parameters are at the flat optimum
}

TEST(predict, gives_the_doubles_of_the_library) {
  const scratch folder;
  const outcome out = run_clv({"predict",
                               "--model",
                               "bg_nbd",
                               "--params",
                               bg_nbd,
                               "--summary",
                               folder.file("s.csv", small),
                               "--horizon",
                               "39"});
  ASSERT_EQ(out.status, 0) << out.err;
  const auto rows = csv_cells(out.out);
  const std::string json =
      R"({"format":"clv.model/1","unit":"week","purchase":{"model":"bg_nbd",)"
      R"("parameters":{"r":.242595,"alpha":4.413602,"a":.792922,"b":2.425907}}})";
  std::string valid = json;  // JSON wants a digit before the point
  for (std::size_t at = 0; (at = valid.find(":.", at)) != std::string::npos; at += 2) {
    valid.insert(at + 1, "0");
  }
  clv_model* model = nullptr;
  const auto size = static_cast<std::int64_t>(valid.size());
  ASSERT_EQ(clv_model_load(valid.data(), size, &model, nullptr), CLV_OK);
  const double x[] = {2, 0, 7}, t_x[] = {30.43, 0, 29.43}, T[] = {38.86, 38.86, 38.86};
  const clv_column columns[] = {{"x", x, nullptr, nullptr, nullptr, 0, CLV_T_F64, 0, nullptr},
                                {"t_x", t_x, nullptr, nullptr, nullptr, 0, CLV_T_F64, 0, nullptr},
                                {"T", T, nullptr, nullptr, nullptr, 0, CLV_T_F64, 0, nullptr}};
  auto batch = CLV_SIZED(clv_batch);
  batch.n_columns = 3;
  batch.n_rows = 3;
  batch.columns = columns;
  auto options = CLV_SIZED(clv_score_options);
  options.horizon = 39;
  clv_job* job = nullptr;
  clv_result* scores = nullptr;
  ASSERT_EQ(clv_score_begin(&options, model, &batch, &job, nullptr), CLV_OK);
  ASSERT_EQ(clv_job_step(job, 0, nullptr), CLV_OK);
  ASSERT_EQ(clv_job_take_result(job, "", &scores, nullptr), CLV_OK);
  for (std::size_t c = 0; c < rows[0].size(); ++c) {
    const std::int32_t column = clv_result_find(scores, rows[0][c].c_str());
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(to_double(rows[i + 1][c]),
                clv_result_number(scores, column, static_cast<std::int64_t>(i)))
          << rows[0][c] << " of row " << i;
    }
  }
  clv_result_free(scores);
  clv_job_free(job);
  clv_model_free(model);
}

}  // namespace
}  // namespace clv::test

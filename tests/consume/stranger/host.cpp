// Scores one customer with given parameters: the published ones of the CDNOW data.
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

#include "clv.h"

namespace {

int fail(const char* what, clv_diag* diag) {
  std::fprintf(stderr, "%s: %s\n", what, clv_diag_text(diag));
  return 1;
}

}  // namespace

int main() {
  const std::string json =
      R"({"format": "clv.model/1", "unit": "week", "purchase": {"model": "bg_nbd",
          "parameters": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}}})";
  const double x = 2, t_x = 30.43, T = 38.86;
  const std::array<clv_column, 3> columns{{
      {"x", &x, nullptr, nullptr, nullptr, 0, CLV_T_F64, 0, nullptr},
      {"t_x", &t_x, nullptr, nullptr, "week", 0, CLV_T_F64, 0, nullptr},
      {"T", &T, nullptr, nullptr, "week", 0, CLV_T_F64, 0, nullptr},
  }};
  auto customers = CLV_SIZED(clv_batch);
  customers.n_columns = 3;
  customers.n_rows = 1;
  customers.columns = columns.data();
  auto options = CLV_SIZED(clv_score_options);
  options.horizon = 39;

  clv_diag* diag = clv_diag_new();
  clv_model* model = nullptr;
  clv_job* job = nullptr;
  clv_result* scores = nullptr;
  const auto size = static_cast<std::int64_t>(json.size());
  if (clv_model_load(json.data(), size, &model, diag) < 0) return fail("model", diag);
  if (clv_score_begin(&options, model, &customers, &job, diag) < 0) return fail("score", diag);
  if (clv_job_step(job, 0, diag) < 0) return fail("step", diag);
  if (clv_job_take_result(job, "", &scores, diag) < 0) return fail("result", diag);
  const double expected =
      clv_result_number(scores, clv_result_find(scores, "expected_purchases"), 0);
  std::printf("expected purchases in 39 weeks: %.3f\n", expected);
  clv_result_free(scores);
  clv_job_free(job);
  clv_model_free(model);
  clv_diag_free(diag);
  // Fader, Hardie & Lee (2005), section 4: 1.226 for this customer, at parameters of three
  // decimals.
  return std::fabs(expected - 1.226) < 1e-3 ? 0 : 1;
}

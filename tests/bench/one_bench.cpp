// One customer at a time through the C ABI: what a host pays while a customer is on screen.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "clv.h"

namespace {

// CDNOW's estimates; with the covariance that its 2,357 customers leave.
constexpr const char* model_json = R"({"format": "clv.model/1", "unit": "week", "currency": "EUR",
  "purchase": {"model": "bg_nbd",
    "parameters": {"r": 0.242595, "alpha": 4.413602, "a": 0.792922, "b": 2.425907},
    "covariance": [[1.58e-4, 3.66e-3, -4.4e-4, -1.79e-3], [3.66e-3, 0.143, -0.0154, -0.0523],
                   [-4.4e-4, -0.0154, 0.0345, 0.1254], [-1.79e-3, -0.0523, 0.1254, 0.4976]]},
  "spend": {"model": "gamma_gamma",
    "parameters": {"p": 6.249572, "q": 3.744225, "gamma": 15.443521},
    "covariance": [[1.416, -0.274, -4.72], [-0.274, 0.0841, 1.06], [-4.72, 1.06, 17.3]]}})";

void require(clv_status status, const clv_diag* diag) {
  if (status != CLV_OK) {
    std::fputs(clv_diag_text(diag), stderr);
    std::abort();
  }
}

clv_scorer* prepared(const clv_score_options& options) {
  clv_diag* diag = clv_diag_new();
  clv_model* model = nullptr;
  require(clv_model_load(model_json, static_cast<int64_t>(std::strlen(model_json)), &model, diag),
          diag);
  clv_scorer* scorer = nullptr;
  require(clv_scorer_new(&options, model, &scorer, diag), diag);
  clv_model_free(model);
  clv_diag_free(diag);
  return scorer;
}

struct history {
  double x, t_x, T, mean_spend;
};
constexpr std::array<history, 8> customers{{{2, 30.5, 38.75, 22.5},
                                            {0, 0, 38.75, 0},
                                            {26, 30.75, 31, 80},
                                            {1, 3, 33.5, 12},
                                            {5, 24.25, 36, 48},
                                            {0, 0, 28, 0},
                                            {3, 37, 37.5, 33},
                                            {12, 20, 35, 60}}};

// A cycle of eight customers of CDNOW's kind; the first pass fills the scorer's tables.
void score_rows(benchmark::State& state, const clv_score_options& options) {
  clv_scorer* scorer = prepared(options);
  clv_score row = CLV_SIZED(clv_score);
  std::size_t i = 0;
  for (auto _ : state) {
    const history& h = customers[i++ % customers.size()];
    row.x = h.x;
    row.t_x = h.t_x;
    row.T = h.T;
    row.mean_spend = h.mean_spend;
    if (clv_scorer_row(scorer, &row, nullptr) != CLV_OK) state.SkipWithError("no score");
    benchmark::DoNotOptimize(row);
  }
  clv_scorer_free(scorer);
}

void one_customer(benchmark::State& state) {
  score_rows(state, CLV_SIZED(clv_score_options));
}

void one_customer_discounted(benchmark::State& state) {
  clv_score_options options = CLV_SIZED(clv_score_options);
  options.annual_discount = 0.1;
  score_rows(state, options);
}

void one_customer_process_only(benchmark::State& state) {
  clv_score_options options = CLV_SIZED(clv_score_options);
  options.flags = CLV_SCORE_PROCESS_ONLY;
  score_rows(state, options);
}

void one_event(benchmark::State& state) {
  clv_history customer = CLV_SIZED(clv_history);
  int64_t day = 0;
  for (auto _ : state) {
    if (day % 50'000 == 0) customer = CLV_SIZED(clv_history);
    day = day % 50'000 + 1;
    if (clv_history_add(&customer, day, 1999, nullptr) != CLV_OK) state.SkipWithError("no event");
    benchmark::DoNotOptimize(customer);
  }
}

BENCHMARK(one_customer);
BENCHMARK(one_customer_discounted);
BENCHMARK(one_customer_process_only);
BENCHMARK(one_event);

}  // namespace

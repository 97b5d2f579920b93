// Scoring every customer with given parameters, one thread unless said: all quantities with
// intervals (with and without the uncertainty of the estimates), and the point values a user of a
// fit-and-predict package asks for, with a discounted 12-month value.
#include <benchmark/benchmark.h>

#include "clv/score.hpp"
#include "market.hpp"

namespace clv::bench {
namespace {

// The truth with the standard errors that 2,357 customers give (the CDNOW sample).
std::shared_ptr<const fitted_model> uncertain() {
  fitted_model m = *truth();
  m.purchase.covariance = {1.58e-4,
                           3.66e-3,
                           -4.4e-4,
                           -1.79e-3,
                           3.66e-3,
                           0.143,
                           -0.0154,
                           -0.0523,
                           -4.4e-4,
                           -0.0154,
                           0.0345,
                           0.1254,
                           -1.79e-3,
                           -0.0523,
                           0.1254,
                           0.4976};
  m.spend->covariance = {1.416, -0.274, -4.72, -0.274, 0.0841, 1.06, -4.72, 1.06, 17.3};
  return std::make_shared<const fitted_model>(std::move(m));
}

void run(benchmark::State& state,
         const std::shared_ptr<const fitted_model>& model,
         const score_options& o) {
  const auto summary = summary_of(state.range(0));
  for (auto _ : state) {
    job scoring = score(model, summary, o);
    scoring.run();
    benchmark::DoNotOptimize(scoring.result().tables.at("")->rows());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void score_customers(benchmark::State& state) {
  run(state, uncertain(), {.annual_discount = 0.1});
}

void score_two_threads(benchmark::State& state) {
  run(state, uncertain(), {.annual_discount = 0.1, .threads = 2});
}

void score_process_only(benchmark::State& state) {
  run(state, uncertain(), {.annual_discount = 0.1, .process_only = true});
}

void score_point_values(benchmark::State& state) {
  run(state,
      truth(),
      {.annual_discount = 0.1, .quantities = "p_alive,expected_purchases,expected_spend,clv"});
}

void sizes(benchmark::internal::Benchmark* b) {
  b->RangeMultiplier(10)->Range(10'000, 1'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK(score_customers)->Apply(sizes);
BENCHMARK(score_two_threads)->Apply(sizes);
BENCHMARK(score_process_only)->Apply(sizes);
BENCHMARK(score_point_values)->Apply(sizes);

}  // namespace
}  // namespace clv::bench

// Scoring every customer with given parameters, all quantities, one thread.
#include <benchmark/benchmark.h>

#include "clv/score.hpp"
#include "market.hpp"

namespace clv::bench {
namespace {

void score_customers(benchmark::State& state) {
  const auto summary = summary_of(state.range(0));
  const auto model = truth();
  for (auto _ : state) {
    job scoring = score(model, summary, {});
    scoring.run();
    benchmark::DoNotOptimize(scoring.result().tables.at("")->rows());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(score_customers)
    ->RangeMultiplier(10)
    ->Range(10'000, 1'000'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace clv::bench

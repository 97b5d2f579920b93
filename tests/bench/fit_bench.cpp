// Fitting from a summary, one thread.
#include <benchmark/benchmark.h>

#include <string>

#include "clv/fit.hpp"
#include "market.hpp"

namespace clv::bench {
namespace {

void fit_model(benchmark::State& state, const char* name) {
  const auto summary = summary_of(state.range(0));
  for (auto _ : state) {
    fit_options options;
    options.model = name;
    job fitting = fit(summary, options);
    fitting.run();
    benchmark::DoNotOptimize(fitting.result().model);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK_CAPTURE(fit_model, bg_nbd, "bg_nbd")
    ->RangeMultiplier(10)
    ->Range(10'000, 1'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fit_model, gamma_gamma, "gamma_gamma")
    ->RangeMultiplier(10)
    ->Range(10'000, 1'000'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace clv::bench

// One pass over the likelihood of every tuple with its gradient: what a fit does a few dozen times.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "clv/model.hpp"
#include "clv/summary.hpp"
#include "market.hpp"

namespace clv::bench {
namespace {

// Estimates of each model on the CDNOW sample, in weeks.
void pass(benchmark::State& state, const char* name, const std::vector<double>& parameters) {
  const model& m = find_model(name);
  const tuples t = distinct(*summary_of(state.range(0)), m.key);
  for (auto _ : state) {
    likelihood_sum sum;
    sum.gradient.assign(m.parameters.size(), 0.0);
    m.accumulate(parameters, t, 0, t.size(), sum);
    benchmark::DoNotOptimize(sum.value);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(t.size()));
  state.counters["tuples"] = static_cast<double>(t.size());
  state.counters["s_per_tuple"] = benchmark::Counter(
      static_cast<double>(t.size()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void sizes(benchmark::internal::Benchmark* b) {
  b->RangeMultiplier(10)->Range(10'000, 1'000'000)->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(pass, nbd, "nbd", std::vector<double>{.385, 12.07})->Apply(sizes);
BENCHMARK_CAPTURE(pass, bg_nbd, "bg_nbd", std::vector<double>{.2426, 4.414, .793, 2.426})
    ->Apply(sizes);
BENCHMARK_CAPTURE(pass, mbg_nbd, "mbg_nbd", std::vector<double>{.525, 6.183, .891, 1.614})
    ->Apply(sizes);
BENCHMARK_CAPTURE(pass, bg_cnbd_2, "bg_cnbd_k", std::vector<double>{.227, 1.463, .944, 2.074, 2})
    ->Apply(sizes);
BENCHMARK_CAPTURE(pass, pareto_nbd, "pareto_nbd", std::vector<double>{.553, 10.58, .606, 11.67})
    ->Apply(sizes);
BENCHMARK_CAPTURE(pass, gg_nbd, "gg_nbd", std::vector<double>{.553, 10.58, .0002, .603, .0026})
    ->Apply(sizes);
BENCHMARK_CAPTURE(pass, gamma_gamma, "gamma_gamma", std::vector<double>{6.25, 3.74, 15.44})
    ->Apply(sizes);

}  // namespace
}  // namespace clv::bench

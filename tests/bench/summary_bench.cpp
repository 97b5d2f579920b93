// CSV text to one row per customer, and rows to distinct weighted tuples.
#include <benchmark/benchmark.h>

#include "clv/csv.hpp"
#include "clv/summary.hpp"
#include "market.hpp"

namespace clv::bench {
namespace {

void csv_to_summary(benchmark::State& state) {
  const std::string& csv = csv_of(state.range(0));
  for (auto _ : state) {
    csv_options options;
    options.text = csv;
    job reading = read_csv(options);
    reading.run();
    job summing = summarize(reading.result().tables.at(""), {});
    summing.run();
    benchmark::DoNotOptimize(summing.result().tables.at("")->rows());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(csv.size()));
}

void summary_to_tuples(benchmark::State& state) {
  const auto summary = summary_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(distinct(*summary, tuple_key::purchases).size());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(csv_to_summary)
    ->RangeMultiplier(10)
    ->Range(10'000, 1'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(summary_to_tuples)
    ->RangeMultiplier(10)
    ->Range(10'000, 1'000'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace clv::bench

// Spending budgets on a market of five options a customer: one limit (hulls and a queue), three
// (prices by the dual), three and twenty stock counters. Making the market is not timed, but in
// plan_add. `gap`: how far the bound is above the plan, as a share.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "math/random.hpp"
#include "retention/allocation/plan.hpp"

namespace clv::bench {
namespace {

using retention::option;
using retention::plan;
using retention::use;

constexpr std::size_t options_each = 5;
constexpr std::size_t most_uses = 4;

// Cash of 0 to 2, one contact and up to 16 minutes; two options in five take a unit of a stock.
void add_customer(plan& p, std::uint64_t i, std::size_t resources, std::size_t stocks) {
  random_source random(7, i);
  use uses[options_each][most_uses];
  option options[options_each];
  for (std::uint32_t a = 0; a < options_each; ++a) {
    const double amounts[] = {2 * random.uniform(), 1, 16 * random.uniform()};
    std::size_t n = 0;
    for (; n < resources; ++n) uses[a][n] = {static_cast<std::uint32_t>(n), amounts[n]};
    if (stocks > 0 && a >= 3) {
      const auto counter = static_cast<std::uint32_t>(resources + random.bits() % stocks);
      uses[a][n++] = {counter, 1};
    }
    options[a] = {.rank = 3 * random.exponential() - 1 + amounts[0],
                  .id = a,
                  .uses = std::span<const use>(uses[a], n)};
  }
  p.add(options, random.bits(), random.bits() % 10 != 0);
}

std::vector<double> limits_of(double customers, std::size_t resources, std::size_t stocks) {
  std::vector<double> limits;
  const double share[] = {.1, .1, .8};
  for (std::size_t r = 0; r < resources; ++r) limits.push_back(share[r] * customers);
  for (std::size_t s = 0; s < stocks; ++s) {
    limits.push_back(40 + std::floor(5e-4 * customers) * static_cast<double>(s));
  }
  return limits;
}

void run(benchmark::State& state, std::size_t resources, std::size_t stocks) {
  const auto customers = static_cast<std::uint64_t>(state.range(0));
  const auto limits = limits_of(static_cast<double>(customers), resources, stocks);
  double gap = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto p = std::make_unique<plan>(limits);
    for (std::uint64_t i = 0; i < customers; ++i) add_customer(*p, i, resources, stocks);
    state.ResumeTiming();
    while (p->advance(1U << 14) < 1) {
    }
    gap = p->bound() / p->total() - 1;
    state.PauseTiming();
    p.reset();
    state.ResumeTiming();
  }
  state.counters["gap"] = gap;
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void plan_one_limit(benchmark::State& state) {
  run(state, 1, 0);
}

void plan_three_limits(benchmark::State& state) {
  run(state, 3, 0);
}

void plan_three_limits_and_stock(benchmark::State& state) {
  run(state, 3, 20);
}

// What making the market and handing it over costs.
void plan_add(benchmark::State& state) {
  const auto customers = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) {
    plan p(limits_of(static_cast<double>(customers), 3, 20));
    for (std::uint64_t i = 0; i < customers; ++i) add_customer(p, i, 3, 20);
    benchmark::DoNotOptimize(p.customers());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void sizes(benchmark::internal::Benchmark* b) {
  b->RangeMultiplier(10)->Range(10'000, 1'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK(plan_one_limit)->Apply(sizes);
BENCHMARK(plan_three_limits)->Apply(sizes);
BENCHMARK(plan_three_limits_and_stock)->Apply(sizes);
BENCHMARK(plan_add)->Apply(sizes);

}  // namespace
}  // namespace clv::bench

// Giving tickets to 200 agents, whose places get dearer one after the other, four in five pairs
// allowed: 200,000 pairs are 1,000 tickets and five places an agent. `scarce`: twice as many
// tickets as places.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "desk/routing/min_cost.hpp"
#include "math/random.hpp"

namespace clv::bench {
namespace {

constexpr std::uint32_t agents = 200;
constexpr std::int64_t unit = 1 << 18;

desk::place_problem make(std::size_t tickets, std::size_t places) {
  random_source random(11, 0);
  desk::place_problem p;
  p.owner_limits.resize(agents);
  for (std::uint32_t a = 0; a < agents; ++a) {
    desk::place_pool pool{.owner = a, .tolls = {}};
    for (std::size_t k = 0; k < places; ++k) {
      pool.tolls.push_back(static_cast<std::int64_t>(k) * unit / 10);
    }
    p.pools.push_back(pool);
  }
  for (std::size_t i = 0; i < tickets; ++i) {
    const double urgency = random.exponential();
    desk::place_demand d{.weight = 1 + static_cast<std::int64_t>(urgency * double(unit)),
                         .must = false,
                         .offers = {}};
    for (std::uint32_t a = 0; a < agents; ++a) {
      if (random.uniform() > .8) continue;
      const double fit = 2 + random.uniform();
      d.offers.push_back({a, static_cast<std::int64_t>(fit * double(unit))});
    }
    p.demands.push_back(d);
  }
  return p;
}

// The argument is the number of pairs of a ticket and an agent.
void run(benchmark::State& state, std::size_t tickets_per_place) {
  const auto tickets = static_cast<std::size_t>(state.range(0)) / agents;
  const std::size_t places =
      (tickets + agents * tickets_per_place - 1) / (agents * tickets_per_place);
  const auto p = make(tickets, places);
  for (auto _ : state) {
    desk::place_assignment found(p);
    while (found.advance(64) < 1) {
    }
    benchmark::DoNotOptimize(found.total());
  }
  state.counters["tickets"] = static_cast<double>(tickets);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(tickets));
}

void assign_exact(benchmark::State& state) {
  run(state, 1);
}

void assign_scarce(benchmark::State& state) {
  run(state, 2);
}

void sizes(benchmark::internal::Benchmark* b) {
  b->Arg(10'000)->Arg(200'000)->Arg(400'000)->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK(assign_exact)->Apply(sizes);
BENCHMARK(assign_scarce)->Apply(sizes);

}  // namespace
}  // namespace clv::bench

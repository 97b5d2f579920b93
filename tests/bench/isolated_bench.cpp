// One plugin over 1,000 customers: in this process, and in one of its own. Their ratio is what
// isolation costs; both figures are of one run of this program.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>

#include "plugins/digest.hpp"
#include "plugins/supervisor.hpp"

namespace {

using namespace clvd::plugins;

clv::worker::owned_table& customers(std::int64_t rows) {
  static clv::worker::owned_table table;
  if (table.rows() == static_cast<std::size_t>(rows)) return table;
  auto& id = table.add("customer", CLV_T_UTF8);
  auto& alive = table.add("p_alive", CLV_T_F64);
  auto& clv = table.add("clv", CLV_T_F64, "EUR");
  for (std::int64_t i = 0; i < rows; ++i) {
    id.push(std::string_view("customer-" + std::to_string(i)));
    alive.push(static_cast<double>(i % 100) / 100);
    clv.push(static_cast<double>(i % 700));
  }
  return table;
}

void propose(benchmark::State& state, mode where) {
  plugin_config config;
  config.path = TEMPLATE_PLUGIN;
  config.where = where;
  std::string digest;
  sealed_copy(config.path, digest);
  const ticks clock;
  supervisor plugins({.plugins = {config},
                      .trusted_sha256 = {digest},
                      .host_program = CLV_PLUGIN_HOST,
                      .restarts = {},
                      .housekeeping = false},
                     clock,
                     [](auto&&...) {});
  const clv_batch& batch = customers(1000).batch();
  for (auto _ : state) {
    const run_outcome out = plugins.propose(batch, 0, 1, {});
    if (!out.served_by[0].reason.empty()) state.SkipWithError(out.served_by[0].message.c_str());
    benchmark::DoNotOptimize(out.proposals->rows());
  }
}

void in_process_1000(benchmark::State& state) {
  propose(state, mode::trusted);
}
void isolated_1000(benchmark::State& state) {
  propose(state, mode::isolated);
}

BENCHMARK(in_process_1000)->UseRealTime();
BENCHMARK(isolated_1000)->UseRealTime();

}  // namespace

// Effects of an experiment: three arms, ten covariates, five folds, by learner and base.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "clv/report.hpp"
#include "math/random.hpp"

namespace {

std::shared_ptr<const clv::table> trial(std::int64_t units) {
  clv::random_source random(1);
  auto t = std::make_shared<clv::table>();
  clv::column& treatment = t->add("treatment", clv::type::f64);
  clv::column& outcome = t->add("outcome", clv::type::f64);
  for (int j = 0; j < 10; ++j) t->add("x" + std::to_string(j), clv::type::f64);
  for (std::int64_t i = 0; i < units; ++i) {
    const double arm = static_cast<double>(i % 3);
    double chance = 0.2 + 0.05 * arm;
    for (int j = 0; j < 10; ++j) {
      const double x = random.uniform();
      t->columns()[static_cast<std::size_t>(j) + 2].push(x);
      if (j == 0) chance += 0.2 * x * (arm - 1);
    }
    treatment.push(arm);
    outcome.push(random.uniform() < chance ? 1.0 : 0.0);
  }
  return t;
}

void effects(benchmark::State& state, const std::string& learner, const std::string& base) {
  const auto rows = trial(state.range(0));
  const std::string options =
      R"({"covariates":["x0","x1","x2","x3","x4","x5","x6","x7","x8","x9"],"learner":")" + learner +
      R"(","base":")" + base + "\"}";
  for (auto _ : state) {
    clv::report_inputs in;
    in.tables["experiment"] = rows;
    clv::job work = clv::begin_report("effects", std::move(in), options);
    work.run();
    benchmark::DoNotOptimize(work.result());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK_CAPTURE(effects, dr_ridge, "dr", "ridge")->Arg(10000)->Arg(64000)->UseRealTime();
BENCHMARK_CAPTURE(effects, dr_logistic, "dr", "logistic")->Arg(10000)->Arg(64000)->UseRealTime();
BENCHMARK_CAPTURE(effects, dr_stumps, "dr", "stumps")->Arg(10000)->Arg(64000)->UseRealTime();
BENCHMARK_CAPTURE(effects, s_stumps, "s", "stumps")->Arg(10000)->Arg(64000)->UseRealTime();

}  // namespace

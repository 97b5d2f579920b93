// A group of small batches beside the same rows by hand: SQLite alone, one prepared statement a
// table, one commit that waits for the disk. The counter "of_raw" is the ratio of the two times,
// taken in turns in one run.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "clv/engine.hpp"
#include "raw_store.hpp"
#include "support/temp_folder.hpp"

namespace {

using namespace clv;
using namespace clv::bench;

constexpr std::int64_t rows_a_batch = 100;

std::vector<keyed_batch> batches_of(const std::vector<sale>& all) {
  std::vector<keyed_batch> batches;
  for (std::size_t first = 0; first < all.size(); first += rows_a_batch) {
    auto rows = std::make_shared<table>();
    column& customer = rows->add("customer", type::utf8);
    column& time = rows->add("time", type::time, "us");
    column& amount = rows->add("amount", type::money, "EUR");
    column& event = rows->add("event_id", type::utf8);
    for (std::size_t i = first; i < std::min(all.size(), first + rows_a_batch); ++i) {
      customer.push(std::string_view(all[i].customer));
      time.push(all[i].time);
      amount.push(all[i].amount);
      event.push(std::string_view(all[i].event_id));
    }
    rows->seal("batch");
    keyed_batch b;
    b.rows = std::move(rows);
    b.options.source = "shop";
    b.key = "request-" + std::to_string(first);
    batches.push_back(std::move(b));
  }
  return batches;
}

template <typename Work>
double seconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void group_of_batches(benchmark::State& state) {
  const std::vector<sale> all = some_sales(state.range(0));
  double ours = 0, raw = 0;
  for (auto _ : state) {
    const test::temp_folder folder;
    raw_store by_hand(folder.file("raw.db"));
    raw += seconds([&] { by_hand.insert(all); });
    engine e({.path = folder.file("a.clv")});
    std::vector<keyed_batch> batches = batches_of(all);
    const double taken = seconds([&] { e.group(std::move(batches)).run(); });
    state.SetIterationTime(taken);
    ours += taken;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["of_raw"] = ours / raw;
}

}  // namespace

BENCHMARK(group_of_batches)->Arg(1000)->Arg(10000)->UseManualTime()->Unit(benchmark::kMillisecond);

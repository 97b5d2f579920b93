// What crossing the C ABI costs: a call, and a million rows in and out by columns and by Arrow.
// Beside the time stand the bytes that were allocated for a row, which shows what was copied; the
// program fails where something was that need not be.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "clv.h"
#include "clv_arrow.h"
#include "counted_memory.hpp"

namespace {

void require(bool fulfilled, const char* what) {
  if (fulfilled) return;
  std::fprintf(stderr, "abi_bench: %s\n", what);
  std::exit(1);
}

void require(clv_status status, const char* what) {
  require(status == CLV_OK, what);
}

// ---- one call

clv_result* small_result() {
  clv_result* models = nullptr;
  require(clv_catalogue("models", &models, nullptr), "no catalogue");
  return models;
}

void call_result_rows(benchmark::State& state) {
  clv_result* result = small_result();
  for (auto _ : state) benchmark::DoNotOptimize(clv_result_rows(result));
  clv_result_free(result);
}

void call_result_number(benchmark::State& state) {
  clv_result* result = small_result();
  for (auto _ : state) benchmark::DoNotOptimize(clv_result_number(result, 0, 0));
  clv_result_free(result);
}

// Takes the handle for this thread, fills a sized struct.
void call_job_progress(benchmark::State& state) {
  clv_job* job = nullptr;
  clv_csv_options o = CLV_SIZED(clv_csv_options);
  o.text = "customer,time,amount\n";
  o.size = 21;
  require(clv_csv_begin(&o, &job, nullptr), "no job");
  clv_progress progress = CLV_SIZED(clv_progress);
  for (auto _ : state) benchmark::DoNotOptimize(clv_job_progress(job, &progress, nullptr));
  clv_job_free(job);
}

// Goes through the guard and is checked in full, and does nothing.
void call_result_batch(benchmark::State& state) {
  clv_result* result = small_result();
  clv_batch batch = CLV_SIZED(clv_batch);
  for (auto _ : state) benchmark::DoNotOptimize(clv_result_batch(result, &batch, nullptr));
  clv_result_free(result);
}

// ---- a million rows

// A host's log: three orders a customer, ids of eight letters.
struct host_log {
  explicit host_log(std::int64_t rows) : time(static_cast<std::size_t>(rows)), amount(time) {
    offsets.reserve(time.size() + 1);
    for (std::size_t i = 0; i < time.size(); ++i) {
      const std::string number = std::to_string(i / 3);
      customer.append("c0000000", 8 - number.size()).append(number);
      offsets.push_back(static_cast<std::int64_t>(customer.size()));
      time[i] = static_cast<std::int64_t>((i * 7919) % 300) * 86'400'000'000;
      amount[i] = static_cast<std::int64_t>(500 + i % 9000);
    }
    columns[0].name = "customer";
    columns[0].type = CLV_T_UTF8;
    columns[0].data = customer.data();
    columns[0].offsets = offsets.data();
    columns[1].name = "time";
    columns[1].type = CLV_T_TIME;
    columns[1].data = time.data();
    columns[2].name = "amount";
    columns[2].type = CLV_T_MONEY;
    columns[2].data = amount.data();
    columns[2].unit = "EUR";
    batch.n_columns = 3;
    batch.n_rows = rows;
    batch.columns = columns;
  }
  static constexpr double bytes_a_row = 8 + 8 + 8 + 8;  // id, its end, time, amount

  std::string customer;
  std::vector<std::int64_t> offsets{0}, time, amount;
  clv_column columns[3] = {};
  clv_batch batch = CLV_SIZED(clv_batch);
};

clv_result* run(clv_job* job) {
  require(clv_job_step(job, 0, nullptr), "a job failed");
  clv_result* result = nullptr;
  require(clv_job_take_result(job, nullptr, &result, nullptr), "no result");
  clv_job_free(job);
  return result;
}

// The log as the library gives it back.
clv_result* log_as_result(std::int64_t rows) {
  host_log log(rows);
  clv_engine* engine = nullptr;
  require(clv_engine_open(nullptr, &engine, nullptr), "no engine");
  clv_job* job = nullptr;
  require(clv_engine_ingest_begin(engine, nullptr, &log.batch, &job, nullptr), "no ingest");
  clv_result_free(run(job));
  clv_table_options what = CLV_SIZED(clv_table_options);
  what.table = "transactions";
  require(clv_engine_read_begin(engine, &what, &job, nullptr), "no log");
  clv_result* stored = run(job);
  clv_engine_free(engine);
  return stored;
}

// Tells the bytes allocated per row, and fails above `most` of them.
class counted_rows {
 public:
  counted_rows(benchmark::State& state, double most) : state_(state), most_(most) {}
  void begin() { before_ = clv::bench::bytes_allocated(); }
  void end() { bytes_ += clv::bench::bytes_allocated() - before_; }
  ~counted_rows() {
    const double rows =
        static_cast<double>(state_.range(0)) * static_cast<double>(state_.iterations());
    const double a_row = static_cast<double>(bytes_) / rows;
    state_.counters["allocated_a_row"] = a_row;
    state_.SetItemsProcessed(state_.iterations() * state_.range(0));
    constexpr double handles = 16384;  // bytes for a job, a column or a stream itself
    if (a_row <= most_ + handles / static_cast<double>(state_.range(0))) return;
    std::fprintf(stderr, "abi_bench: %g bytes were allocated a row, %g need be\n", a_row, most_);
    std::exit(1);
  }
  counted_rows(const counted_rows&) = delete;
  counted_rows& operator=(const counted_rows&) = delete;

 private:
  benchmark::State& state_;
  double most_;
  std::int64_t before_ = 0, bytes_ = 0;
};

// The library keeps nothing of the caller's, so each column is copied once, and no more. The job
// does nothing else before it is stepped.
void columns_in(benchmark::State& state) {
  const host_log log(state.range(0));
  const std::vector<double> values(log.time.begin(), log.time.end());
  clv_column columns[3] = {log.columns[0]};
  for (int i = 1; i < 3; ++i) {
    columns[i].name = i == 1 ? "x" : "clv";
    columns[i].type = CLV_T_F64;
    columns[i].data = values.data();
  }
  clv_batch scores = log.batch;
  scores.columns = columns;
  counted_rows counted(state, 1.001 * host_log::bytes_a_row);
  for (auto _ : state) {
    clv_job* job = nullptr;
    counted.begin();
    require(clv_segment_begin(nullptr, &scores, &job, nullptr), "refused");
    counted.end();
    state.PauseTiming();
    clv_job_free(job);
    state.ResumeTiming();
  }
}

// Into the caller's arrays: copied once, by the caller's wish, and nothing beside.
void columns_out_read(benchmark::State& state) {
  clv_result* result = log_as_result(state.range(0));
  std::vector<std::int64_t> time(static_cast<std::size_t>(state.range(0))), amount(time);
  counted_rows counted(state, 0);
  for (auto _ : state) {
    counted.begin();
    for (auto* to : {&time, &amount}) {
      clv_read_options o = CLV_SIZED(clv_read_options);
      o.column = clv_result_find(result, to == &time ? "time" : "amount");
      o.values = to->data();
      require(clv_result_read(result, &o, nullptr), "not read");
    }
    counted.end();
  }
  clv_result_free(result);
}

void columns_out_lent(benchmark::State& state) {
  clv_result* result = log_as_result(state.range(0));
  counted_rows counted(state, 0);
  for (auto _ : state) {
    clv_batch batch = CLV_SIZED(clv_batch);
    counted.begin();
    require(clv_result_batch(result, &batch, nullptr), "not lent");
    counted.end();
    benchmark::DoNotOptimize(batch.columns);
  }
  clv_result_free(result);
}

void arrow_out(benchmark::State& state) {
  clv_result* result = log_as_result(state.range(0));
  counted_rows counted(state, 0);
  for (auto _ : state) {
    ArrowArrayStream stream;
    ArrowArray rows;
    counted.begin();
    require(clv_result_export(result, &stream, nullptr), "not exported");
    require(stream.get_next(&stream, &rows) == 0, "no rows");
    counted.end();
    rows.release(&rows);
    stream.release(&stream);
  }
  clv_result_free(result);
}

// Lies as libclv reads it: neither the import nor the batch copies a value.
void arrow_in(benchmark::State& state) {
  clv_result* result = log_as_result(state.range(0));
  counted_rows counted(state, 0);
  for (auto _ : state) {
    state.PauseTiming();
    ArrowArrayStream stream;
    require(clv_result_export(result, &stream, nullptr), "not exported");
    state.ResumeTiming();
    clv_arrow* imported = nullptr;
    clv_batch batch = CLV_SIZED(clv_batch);
    counted.begin();
    require(clv_arrow_import(&stream, &imported, nullptr), "not imported");
    require(clv_arrow_batch(imported, &batch, nullptr), "no batch");
    counted.end();
    clv_arrow_free(imported);
  }
  clv_result_free(result);
}

// Text of every row, one by one, as bindings without arrays read it.
void texts_out(benchmark::State& state) {
  clv_result* result = log_as_result(state.range(0));
  const std::int32_t customer = clv_result_find(result, "customer");
  for (auto _ : state) {
    for (std::int64_t row = 0; row < state.range(0); ++row) {
      std::int64_t length = 0;
      benchmark::DoNotOptimize(clv_result_text(result, customer, row, &length));
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  clv_result_free(result);
}

BENCHMARK(call_result_rows);
BENCHMARK(call_result_number);
BENCHMARK(call_job_progress);
BENCHMARK(call_result_batch);
BENCHMARK(columns_in)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(columns_out_read)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(columns_out_lent)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(arrow_out)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(arrow_in)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(texts_out)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace

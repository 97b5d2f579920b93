#include "simulated_table.hpp"

#include <cstring>
#include <utility>

#include "model_text.hpp"
#include "rows.hpp"
#include "task.hpp"

namespace cli {
namespace {

constexpr std::int64_t customers = 2000;  // of which some hundreds have probably left
constexpr std::int64_t start_us = 1'704'067'200'000'000;  // 2024-01-01

result finished(task work) {
  work.run();
  return work.take();
}

result simulate_and_score(diag& d) {
  const model_spec spec{
      .name = "bg_nbd+gamma_gamma",
      .parameters = "r=.2426,alpha=4.414,a=.793,b=2.426,p=6.25,q=3.744,gamma=15.44",
      .unit = "week",
      .currency = "EUR"};
  const model truth = given_model(spec, d);
  auto market = sized<clv_simulate_options>();
  market.customers = customers;
  market.seed = 7;
  market.start_us = start_us;
  const result log = finished(task(d, "simulate", "", clv_simulate_begin, &market, truth.get()));
  const auto summarize = sized<clv_summarize_options>();
  const clv_batch events = batch_of(log, d);
  const result summary =
      finished(task(d, "summarize", "", clv_summarize_begin, &summarize, &events));
  const auto score = sized<clv_score_options>();
  const clv_batch rows = batch_of(summary, d);
  return finished(task(d, "score", "", clv_score_begin, &score, truth.get(), &rows));
}

result segment(const result& scores, diag& d) {
  const auto options = sized<clv_segment_options>();
  const clv_batch rows = batch_of(scores, d);
  return finished(task(d, "segment", "", clv_segment_begin, &options, &rows));
}

clv_batch with_columns(const std::vector<clv_column>& columns, std::int64_t rows) {
  auto batch = sized<clv_batch>();
  batch.n_columns = static_cast<std::uint32_t>(columns.size());
  batch.n_rows = rows;
  batch.columns = columns.data();
  return batch;
}

}  // namespace

simulated_table::simulated_table(diag& d)
    : scores_(simulate_and_score(d)), segments_(segment(scores_, d)) {
  const clv_batch scores = batch_of(scores_, d);
  columns_.assign(scores.columns, scores.columns + scores.n_columns);
  const clv_batch segments = batch_of(segments_, d);
  for (std::uint32_t i = 0; i < segments.n_columns; ++i) {
    if (std::strcmp(segments.columns[i].name, "segment") == 0) {
      columns_.push_back(segments.columns[i]);
    }
  }
}

std::int64_t simulated_table::rows() const {
  return clv_result_rows(scores_.get());
}

clv_batch simulated_table::first(std::int64_t rows) const {
  return with_columns(columns_, rows);
}

clv_batch simulated_table::first_without_numbers(std::int64_t rows) {
  nothing_.assign(static_cast<std::size_t>(rows / 8 + 1), 0);
  absent_columns_ = columns_;
  for (clv_column& c : absent_columns_) {
    if (c.type == CLV_T_F64) c.validity = nothing_.data();
  }
  return with_columns(absent_columns_, rows);
}

}  // namespace cli

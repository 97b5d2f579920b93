#include "simulated_table.hpp"

#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "model_text.hpp"
#include "rows.hpp"
#include "task.hpp"

namespace cli {
namespace {

// New customers until the last day and much to do at the desk, so that all that plugins look for is
// there; nobody asks for the truth, so one action will do.
constexpr const char* market_options =
    R"({"customers": 2000, "seed": 7, "start": "2024-01-01", "history_days": 538,
        "acquisition_days": 538, "ticket_rate": 3, "experiment_share": 0,
        "actions": "clv.template"})";
// The market's own parameters (report market without a model).
constexpr const char* true_parameters = "r=.55,alpha=6,a=.6,b=3.5,p=6.25,q=3.74,gamma=30";

result finished(task work) {
  work.run();
  return work.take();
}

struct market {
  result log, customers;
};

market simulate(diag& d) {
  auto asked = sized<clv_report_options>();
  asked.report = "market";
  asked.options_json = market_options;
  task work(d, "simulate", "", clv_report_begin, &asked);
  work.run();
  return {work.take(), work.take("customers")};
}

result score(const result& log, diag& d) {
  const model_spec spec{.name = "bg_nbd+gamma_gamma",
                        .parameters = true_parameters,
                        .unit = "week",
                        .currency = "EUR"};
  const model truth = given_model(spec, d);
  auto until = sized<clv_summarize_options>();
  until.as_of_us = simulated_table::now_us - 1;
  const clv_batch events = batch_of(log, d);
  const result summary = finished(task(d, "summarize", "", clv_summarize_begin, &until, &events));
  auto year = sized<clv_score_options>();
  year.margin = .4;
  const clv_batch rows = batch_of(summary, d);
  return finished(task(d, "score", "", clv_score_begin, &year, truth.get(), &rows));
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

// Tables are put side by side: row for row they must be about the same customer.
void expect_same_customers(const result& a, const result& b) {
  const std::int64_t rows = clv_result_rows(a.get());
  bool same = rows == clv_result_rows(b.get());
  for (std::int64_t i = 0; same && i < rows; ++i) {
    same = text_at(a, "customer", i) == text_at(b, "customer", i);
  }
  if (!same) fail("the simulated market and its scores are not of the same customers");
}

}  // namespace

simulated_table::simulated_table(diag& d) {
  market made = simulate(d);
  known_ = std::move(made.customers);
  scores_ = score(made.log, d);
  segments_ = segment(scores_, d);
  expect_same_customers(scores_, known_);
  add_all_but(scores_, "", d);
  const clv_batch segments = batch_of(segments_, d);
  for (std::uint32_t i = 0; i < segments.n_columns; ++i) {
    if (std::strcmp(segments.columns[i].name, "segment") == 0) {
      columns_.push_back(segments.columns[i]);
    }
  }
  add_all_but(known_, "customer", d);
}

void simulated_table::add_all_but(const result& table, const char* left_out, const diag& d) {
  const clv_batch batch = batch_of(table, d);
  for (std::uint32_t i = 0; i < batch.n_columns; ++i) {
    if (std::strcmp(batch.columns[i].name, left_out) != 0) columns_.push_back(batch.columns[i]);
  }
}

std::int64_t simulated_table::rows() const {
  return clv_result_rows(scores_.get());
}

clv_batch simulated_table::first(std::int64_t rows) const {
  return with_columns(columns_, rows);
}

clv_batch simulated_table::part(std::int64_t from, std::int64_t rows) {
  part_columns_ = columns_;
  for (clv_column& c : part_columns_) {
    if (c.validity != nullptr) c.validity += from / 8;
    if (c.type == CLV_T_UTF8) {
      c.offsets += from;
    } else {
      const std::int64_t step = c.stride != 0 ? c.stride : 8;
      c.data = static_cast<const char*>(c.data) + from * step;
    }
  }
  return with_columns(part_columns_, rows);
}

clv_batch simulated_table::first_without_numbers(std::int64_t rows) {
  nothing_.assign(static_cast<std::size_t>(rows / 8 + 1), 0);
  absent_columns_ = columns_;
  for (clv_column& c : absent_columns_) {
    if (c.type != CLV_T_UTF8) c.validity = nothing_.data();
  }
  return with_columns(absent_columns_, rows);
}

clv_batch simulated_table::first_with_absurd_numbers(std::int64_t rows) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  constexpr std::array numbers{
      std::numeric_limits<double>::quiet_NaN(), inf, -inf, -1.0, 1e300, -0.0};
  constexpr std::int64_t most = std::int64_t{1} << 53;  // the most minor units there can be
  constexpr std::array amounts{std::int64_t{-1}, most, -most, std::int64_t{0}};
  absurd_numbers_.clear();
  absurd_amounts_.clear();
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i) {
    absurd_numbers_.push_back(numbers[i % numbers.size()]);
    absurd_amounts_.push_back(amounts[i % amounts.size()]);
  }
  absurd_columns_ = columns_;
  for (clv_column& c : absurd_columns_) {
    if (c.type == CLV_T_UTF8) continue;
    c.validity = nullptr;
    c.stride = 0;
    c.data = c.type == CLV_T_F64 ? static_cast<const void*>(absurd_numbers_.data())
                                 : absurd_amounts_.data();
  }
  return with_columns(absurd_columns_, rows);
}

}  // namespace cli

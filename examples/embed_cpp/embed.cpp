// embed_cpp - a host with data of its own: columns in, columns out, no file and no engine.
// Summarises a few orders held in vectors, scores them with given model parameters, and prints the
// customers by value.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "clv.h"

namespace {

template <auto Free>
struct frees {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};
using diag_ptr = std::unique_ptr<clv_diag, frees<clv_diag_free>>;
using job_ptr = std::unique_ptr<clv_job, frees<clv_job_free>>;
using model_ptr = std::unique_ptr<clv_model, frees<clv_model_free>>;
using result_ptr = std::unique_ptr<clv_result, frees<clv_result_free>>;

const diag_ptr diag(clv_diag_new());

// A host may throw on its own side of the wall; libclv never does.
clv_status checked(clv_status status) {
  if (status >= 0) return status;
  throw std::runtime_error(std::string(clv_status_name(status)) + ": " + clv_diag_text(diag.get()));
}

// Runs begin(&job) to its end, showing how far it is.
template <typename Begin>
result_ptr answer(Begin&& begin) {
  clv_job* begun = nullptr;
  checked(begin(&begun));
  const job_ptr job(begun);
  while (checked(clv_job_step(job.get(), 50, diag.get())) == CLV_MORE) {
    clv_progress now = CLV_SIZED(clv_progress);
    checked(clv_job_progress(job.get(), &now));
    std::fprintf(stderr, "%s %3.0f %%\r", now.phase_name, 100 * now.fraction);
  }
  clv_result* result = nullptr;
  checked(clv_job_take_result(job.get(), nullptr, &result, diag.get()));
  return result_ptr(result);
}

clv_batch batch_of(const result_ptr& table) {
  clv_batch batch = CLV_SIZED(clv_batch);
  checked(clv_result_batch(table.get(), &batch));
  return batch;
}

// The host's own record; libclv reads the fields where they are, a stride apart.
struct order {
  int64_t customer;
  int64_t time_us;  // since 1970, UTC
  int64_t cents;
};
constexpr int64_t day_us = int64_t{86'400} * 1'000'000;
constexpr int64_t first_day = 20'000;  // 2024-10-04

// Customer k of 8 orders every 5 + 3k days, for as long as it is one: up to day 30 + 20k.
std::vector<order> host_orders() {
  std::vector<order> orders;
  for (int64_t k = 0; k < 8; ++k) {
    for (int64_t day = k; day <= 30 + 20 * k; day += 5 + 3 * k) {
      orders.push_back({k, (first_day + day) * day_us, 2000 + 500 * k + 10 * day});
    }
  }
  return orders;
}

result_ptr summary_of(const std::vector<order>& orders) {
  std::string names;
  std::vector<int64_t> ends{0};
  for (const order& o : orders) {
    names += "c" + std::to_string(o.customer);
    ends.push_back(static_cast<int64_t>(names.size()));
  }
  clv_column columns[3] = {};
  columns[0].name = "customer";
  columns[0].type = CLV_T_UTF8;
  columns[0].data = names.data();
  columns[0].offsets = ends.data();
  columns[1].name = "time";
  columns[1].type = CLV_T_TIME;
  columns[1].data = &orders.front().time_us;
  columns[1].stride = sizeof(order);
  columns[2].name = "amount";
  columns[2].type = CLV_T_MONEY;
  columns[2].unit = "EUR";
  columns[2].data = &orders.front().cents;
  columns[2].stride = sizeof(order);
  clv_batch batch = CLV_SIZED(clv_batch);
  batch.n_rows = static_cast<int64_t>(orders.size());
  batch.n_columns = 3;
  batch.columns = columns;
  return answer(
      [&](clv_job** job) { return clv_summarize_begin(nullptr, &batch, job, diag.get()); });
}

// Parameters that a nightly job has fitted and saved.
model_ptr saved_model() {
  const std::string json = R"({"format": "clv.model/1", "unit": "week", "currency": "EUR",
    "purchase": {"model": "bg_nbd", "parameters": {"r": 0.8, "alpha": 2.0, "a": 0.8, "b": 2.5}},
    "spend": {"model": "gamma_gamma", "parameters": {"p": 6.25, "q": 3.75, "gamma": 15.5}}})";
  clv_model* model = nullptr;
  checked(clv_model_load(json.data(), static_cast<int64_t>(json.size()), &model, diag.get()));
  return model_ptr(model);
}

std::vector<double> numbers(const result_ptr& table, const char* column) {
  std::vector<double> values(static_cast<std::size_t>(clv_result_rows(table.get())));
  clv_read_options what = CLV_SIZED(clv_read_options);
  what.column = clv_result_find(table.get(), column);
  what.as_type = CLV_T_F64;
  what.values = values.data();
  checked(clv_result_read(table.get(), &what, diag.get()));
  return values;
}

void show(const result_ptr& scores) {
  const auto value = numbers(scores, "clv"), low = numbers(scores, "clv_p10"),
             high = numbers(scores, "clv_p90"), alive = numbers(scores, "p_alive");
  std::vector<std::size_t> order(value.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return value[a] > value[b];
  });
  const int32_t customer = clv_result_find(scores.get(), "customer");
  std::printf("customer    value   80%% between    alive\n");
  for (const std::size_t i : order) {
    std::printf("%-8s %8.2f %7.2f %7.2f  %5.1f %%\n",
                clv_result_text(scores.get(), customer, static_cast<int64_t>(i), nullptr),
                value[i],
                low[i],
                high[i],
                100 * alive[i]);
  }
}

}  // namespace

int main() {
  try {
    const result_ptr summary = summary_of(host_orders());
    const model_ptr model = saved_model();
    const clv_batch in = batch_of(summary);
    show(answer([&](clv_job** job) {
      return clv_score_begin(nullptr, model.get(), &in, job, diag.get());
    }));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
  return 0;
}

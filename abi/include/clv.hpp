// clv.hpp - libclv for hosts in C++17: handles that free themselves, failures as exceptions,
// columns from vectors and answers to vectors. Comfort written on clv.h; nothing of it crosses the
// wall.
//
//   double value_of_all() {
//     const auto store = clv::host::engine::open("shop.clv");
//     const clv::host::table scores =
//         clv::host::begin(clv_engine_score_begin, store, nullptr).answer();
//     double sum = 0;
//     for (const double value : scores.numbers("clv")) sum += value;
//     return sum;
//   }
//
// Four functions reach everything in clv.h, so that nothing here must follow when it grows; each
// adds the parameters that the C function ends with:
// * call(f, args...) is f(args..., diag);
// * begin(f, args...) is f(args..., &job, diag) and gives the job;
// * made<H>(f, args...) is f(args..., &handle, diag) and gives an H: table, model, engine, ...;
// * job::answer() steps to the end and takes the main table.
// Handles pass as the C pointers they hold. A handle is moved, not copied, and empty afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv_columns.hpp"

namespace clv::host {

template <typename T, auto Free>
class handle {
 public:
  handle() = default;
  explicit handle(T* owned) : held_(owned) {}
  operator T*() const noexcept { return held_.get(); }

 private:
  std::unique_ptr<T, frees<Free>> held_;
};

// f(args..., diag): what it returns, or an error.
template <typename F, typename... Args>
clv_status call(F f, Args&&... args) {
  const diagnostics said;
  return checked(f(std::forward<Args>(args)..., static_cast<clv_diag*>(said)), said);
}

// f(args..., &handle, diag): the handle, or an error.
template <typename Handle, typename F, typename... Args>
Handle made(F f, Args&&... args) {
  typename Handle::pointer out = nullptr;
  call(f, std::forward<Args>(args)..., &out);
  return Handle(out);
}

// An answer: columns by name. Asking for one that is not there is an error{CLV_E_NOT_FOUND}.
class table : public handle<clv_result, clv_result_free> {
 public:
  using pointer = clv_result*;
  using handle::handle;

  std::int64_t rows() const { return clv_result_rows(*this); }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (std::int32_t i = 0; i < clv_result_columns(*this); ++i) all.emplace_back(info(i).name);
    return all;
  }
  std::int32_t find(const char* name) const {
    const std::int32_t column = clv_result_find(*this, name);
    if (column >= 0) return column;
    const std::string message = std::string("the table has no column '") + name + "'";
    throw error(CLV_E_NOT_FOUND, {{CLV_E_NOT_FOUND, CLV_LOG_ERROR, -1, name, message, {}, {}}});
  }
  // Name, type, unit and number of absent values; its texts are valid as long as the table.
  clv_column_info info(std::int32_t column) const {
    clv_column_info out = CLV_SIZED(clv_column_info);
    call(clv_result_column, *this, column, &out);
    return out;
  }
  // NaN where a value is absent.
  std::vector<double> numbers(const char* column) const { return read<double>(column, CLV_T_F64); }
  // Whole numbers, times in microseconds, money in minor units; 0 where a value is absent.
  std::vector<std::int64_t> integers(const char* column) const {
    return read<std::int64_t>(column, CLV_T_I64);
  }
  // One of them; NaN for a text as well.
  double number(const char* column, std::int64_t row) const {
    return clv_result_number(*this, find(column), row);
  }
  // Nothing where the text is absent; valid as long as the table.
  std::optional<std::string_view> text(const char* column, std::int64_t row) const {
    std::int64_t length = 0;
    const char* found = clv_result_text(*this, find(column), row, &length);
    if (found == nullptr) return std::nullopt;
    return std::string_view(found, static_cast<std::size_t>(length));
  }
  // "" where a text is absent.
  std::vector<std::string> texts(const char* column) const {
    std::vector<std::string> all;
    for (std::int64_t row = 0; row < rows(); ++row) {
      all.emplace_back(text(column, row).value_or(std::string_view()));
    }
    return all;
  }
  std::string fingerprint() const { return clv_result_fingerprint(*this); }
  void write_csv(const char* path) const { call(clv_result_write_csv, *this, path); }
  // As input of the next verb; valid as long as the table, and until it is asked for again.
  const clv_batch* batch() const {
    batch_ = CLV_SIZED(clv_batch);
    checked(clv_result_batch(*this, &batch_, nullptr), diagnostics());
    return &batch_;
  }

 private:
  template <typename Item>
  std::vector<Item> read(const char* column, clv_type as) const {
    std::vector<Item> values(static_cast<std::size_t>(rows()));
    clv_read_options what = CLV_SIZED(clv_read_options);
    what.column = find(column);
    what.as_type = as;
    what.values = values.data();
    if (!values.empty()) call(clv_result_read, *this, &what);
    return values;
  }
  mutable clv_batch batch_{};
};

class model : public handle<clv_model, clv_model_free> {
 public:
  using pointer = clv_model*;
  using handle::handle;

  static model load(std::string_view json) {
    return made<model>(clv_model_load, json.data(), static_cast<std::int64_t>(json.size()));
  }
  std::string save() const {
    std::int64_t size = 0;
    const clv_status asked = clv_model_save(*this, nullptr, 0, &size, nullptr);
    if (asked < 0 && asked != CLV_E_LIMIT) call(clv_model_save, *this, nullptr, 0, &size);
    std::string json(static_cast<std::size_t>(size), '\0');
    call(clv_model_save, *this, json.data(), size, &size);
    return json;
  }
  table parameters() const { return made<table>(clv_model_table, *this); }
};

// Long work. Free it before its engine where it has not finished.
class job : public handle<clv_job, clv_job_free> {
 public:
  using pointer = clv_job*;
  using handle::handle;

  // Works for about budget_ms, 0 = to the end; false when it is done.
  bool step(std::uint32_t budget_ms) {
    return checked(clv_job_step(*this, budget_ms, said_), said_) == CLV_MORE;
  }
  clv_progress progress() const {
    clv_progress now = CLV_SIZED(clv_progress);
    call(clv_job_progress, *this, &now);
    return now;
  }
  // From any thread: the step that is running, or the next one, ends with CLV_E_CANCELLED.
  void cancel() const noexcept { clv_job_cancel(*this); }
  // Of a finished job; nullptr is its main table.
  table take(const char* name = nullptr) const {
    return made<table>(clv_job_take_result, *this, name);
  }
  model take_model() const { return made<model>(clv_job_take_model, *this); }
  // To the end, with between(progress) after each 50 ms: a window redrawn, a signal looked at.
  template <typename Between>
  table answer(Between&& between) {
    while (step(50)) between(progress());
    return take();
  }
  table answer() {
    step(0);
    return take();
  }
  // What it had to say although it did not fail: a plugin that was left out, a fit at a boundary.
  std::vector<note> notes() const { return said_.notes(); }

 private:
  diagnostics said_;
};

// f(args..., &job, diag): the job, or an error.
template <typename F, typename... Args>
job begin(F f, Args&&... args) {
  return made<job>(f, std::forward<Args>(args)...);
}

// A store and its verbs.
class engine : public handle<clv_engine, clv_engine_free> {
 public:
  using pointer = clv_engine*;
  using handle::handle;

  static engine in_memory() { return open(CLV_SIZED(clv_engine_options)); }
  static engine open(const std::string& path) {
    clv_engine_options options = CLV_SIZED(clv_engine_options);
    options.path = whole(path);
    return open(options);
  }
  static engine open(const clv_engine_options& options) {
    return made<engine>(clv_engine_open, &options);
  }
  // A stored table, or some of its rows (0 = all from `first`).
  table read(const char* name, std::int64_t first = 0, std::int64_t count = 0) const {
    clv_table_options options = CLV_SIZED(clv_table_options);
    options.table = name;
    options.first = first;
    options.count = count;
    return begin(clv_engine_read_begin, *this, &options).answer();
  }
  model latest_model() const { return made<model>(clv_engine_model, *this, nullptr); }
};

class plugins : public handle<clv_plugins, clv_plugins_free> {
 public:
  using pointer = clv_plugins*;

  plugins() : plugins(made<plugins>(clv_plugins_new)) {}
  explicit plugins(clv_plugins* owned) : handle(owned) {}
  void load(const std::string& absolute_path, const clv_plugin_options* options = nullptr) {
    call(clv_plugins_load, *this, options, whole(absolute_path));
  }
  table list() const { return made<table>(clv_plugins_list, *this); }
};

// Scores of one customer at a time, without a job, from any thread.
class scorer : public handle<clv_scorer, clv_scorer_free> {
 public:
  using pointer = clv_scorer*;
  using handle::handle;

  explicit scorer(const model& fitted, const clv_score_options* options = nullptr)
      : scorer(made<scorer>(clv_scorer_new, options, fitted)) {}
  clv_score row(double x, double t_x, double T, double mean_spend) const {
    clv_score out = CLV_SIZED(clv_score);
    out.x = x;
    out.t_x = t_x;
    out.T = T;
    out.mean_spend = mean_spend;
    call(clv_scorer_row, *this, &out);
    return out;
  }
};

// A table that came as an Arrow stream.
class arrow : public handle<clv_arrow, clv_arrow_free> {
 public:
  using pointer = clv_arrow*;
  using handle::handle;

  explicit arrow(ArrowArrayStream* stream) : arrow(made<arrow>(clv_arrow_import, stream)) {}
  const clv_batch* batch() const {
    batch_ = CLV_SIZED(clv_batch);
    call(clv_arrow_batch, *this, &batch_);
    return &batch_;
  }

 private:
  mutable clv_batch batch_{};
};

}  // namespace clv::host

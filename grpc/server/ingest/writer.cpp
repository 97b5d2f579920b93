#include "ingest/writer.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "calls/clock.hpp"
#include "calls/pool.hpp"
#include "calls/results.hpp"
#include "ops/metrics.hpp"
#include "ops/server_state.hpp"

namespace clvd {
namespace {

constexpr std::size_t refused_told = 100;

const char* text_or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

clv_keyed_batch described(const keyed_rows& rows, std::int64_t now) {
  auto batch = CLV_SIZED(clv_keyed_batch);
  batch.flags =
      (rows.partial ? CLV_BATCH_PARTIAL : 0) | (rows.validate_only ? CLV_BATCH_VALIDATE_ONLY : 0);
  batch.table = rows.table.c_str();
  batch.source = rows.source.c_str();
  batch.currency = text_or_null(rows.currency);
  batch.now_us = now;
  batch.key = text_or_null(rows.key);
  batch.sequence = rows.sequence;
  batch.rows = rows.rows;
  return batch;
}

std::int64_t integer_at(const clv_result& table, const char* column, std::int64_t row) {
  const double value = number_at(table, column, row);
  return value == value ? static_cast<std::int64_t>(value) : -1;
}

call_error taken_with_other_rows(const clv_keyed_batch& batch) {
  if (batch.sequence == 0) {
    return invalid_field(
        "REQUEST_ID_REUSED", "request_id", "it was answered before, for other content");
  }
  return invalid_field("SEQUENCE_REUSED",
                       "batch.sequence",
                       std::to_string(batch.sequence) + " was taken before, with other content");
}

// Why libclv refused a batch as a whole.
std::unique_ptr<call_error> refusal(const clv_result& table,
                                    std::int64_t i,
                                    const clv_keyed_batch& batch) {
  const auto status = static_cast<clv_status>(integer_at(table, "status", i));
  if (status == CLV_OK) return nullptr;
  auto error = std::make_unique<call_error>(core_failure(status, nullptr));
  const std::string words = text_at(table, "message", i);
  if (status == CLV_E_EXISTS) {
    *error = taken_with_other_rows(batch);
  } else if (status == CLV_E_STATE && batch.sequence > 0) {
    *error = call_error(grpc::StatusCode::FAILED_PRECONDITION, "SEQUENCE_GAP", words);
  } else if (error->hidden.empty()) {
    error->message = words;
    const std::int64_t row = integer_at(table, "row", i);
    const std::string column = text_at(table, "column", i);
    if (row >= 0) error->metadata["row"] = std::to_string(row);
    if (!column.empty()) error->metadata["column"] = column;
    std::string field = row >= 0 ? "rows[" + std::to_string(row) + "]" : std::string();
    if (!column.empty()) field += (field.empty() ? "" : ".") + column;
    if (!field.empty()) error->violations.push_back({field, words});
  } else {
    error->hidden = words;
  }
  error->core = status;
  return error;
}

std::vector<verdict> verdicts_of(const clv_result& table,
                                 const clv_result& rejects,
                                 const std::vector<clv_keyed_batch>& batches) {
  std::vector<verdict> all(static_cast<std::size_t>(clv_result_rows(&table)));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    all[i].error = refusal(table, row, batches.at(i));
    all[i].accepted = std::max<std::int64_t>(0, integer_at(table, "accepted", row));
    all[i].duplicates = std::max<std::int64_t>(0, integer_at(table, "duplicates", row));
    all[i].rejected = std::max<std::int64_t>(0, integer_at(table, "rejected", row));
    all[i].durable_sequence = std::max<std::int64_t>(0, integer_at(table, "sequence", row));
    all[i].repeated = integer_at(table, "repeated", row) == 1;
  }
  for (std::int64_t r = 0; r < clv_result_rows(&rejects); ++r) {
    auto& refused = all.at(static_cast<std::size_t>(integer_at(rejects, "batch", r))).refused;
    if (refused.size() >= refused_told) continue;
    refused.push_back({integer_at(rejects, "row", r),
                       text_at(rejects, "column", r),
                       text_at(rejects, "reason", r),
                       text_at(rejects, "message", r)});
  }
  return all;
}

// One commit. Throws call_error where nothing was written.
std::vector<verdict> commit(clv_engine* engine, const std::vector<clv_keyed_batch>& batches) {
  std::vector<const clv_keyed_batch*> pointers;
  for (const clv_keyed_batch& b : batches) pointers.push_back(&b);
  const diag_ptr diag(clv_diag_new());
  clv_job* begun = nullptr;
  check(clv_engine_group_begin(engine,
                               nullptr,
                               pointers.data(),
                               static_cast<std::int32_t>(pointers.size()),
                               &begun,
                               diag.get()),
        diag.get());
  const job_ptr job(begun);
  check(clv_job_step(job.get(), 0, diag.get()), diag.get());
  clv_result* taken = nullptr;
  check(clv_job_take_result(job.get(), nullptr, &taken, diag.get()), diag.get());
  const result_ptr table(taken);
  check(clv_job_take_result(job.get(), "rejects", &taken, diag.get()), diag.get());
  const result_ptr rejects(taken);
  return verdicts_of(*table, *rejects, batches);
}

}  // namespace

writer::writer(engine_ptr engine,
               writer_limits limits,
               metrics& m,
               server_state& server,
               std::function<engine_ptr()> open_again)
    : engine_(std::move(engine)),
      open_again_(std::move(open_again)),
      limits_(limits),
      metrics_(m),
      server_(server),
      thread_([this] { work(); }) {}

writer::~writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

// A batch larger than the limit is still taken by an idle writer.
bool writer::fits(std::int64_t rows) const {
  return rows_waiting_ == 0 || rows_waiting_ + rows <= limits_.rows_waiting;
}

void writer::add(waiting more) {
  rows_waiting_ += more.batch.rows->n_rows;
  batches_.push_back(std::move(more));
}

void writer::submit(keyed_rows batch, std::function<void(verdict)> done) {
  server_.check_writable();
  {
    const std::lock_guard lock(mutex_);
    if (!fits(batch.rows->n_rows)) {
      throw call_error(grpc::StatusCode::RESOURCE_EXHAUSTED,
                       "INGEST_QUEUE_FULL",
                       "too many rows are waiting to be written: send them again later");
    }
    add({std::move(batch), std::move(done)});
  }
  wake_.notify_one();
}

bool writer::offer(const keyed_rows& batch,
                   const std::function<void(verdict)>& done,
                   std::function<void()> when_room) {
  server_.check_writable();
  {
    const std::lock_guard lock(mutex_);
    if (!fits(batch.rows->n_rows)) {
      want_room_.push_back(std::move(when_room));
      return false;
    }
    add({batch, done});
  }
  wake_.notify_one();
  return true;
}

verdict writer::commit(keyed_rows batch) {
  const auto promised = std::make_shared<std::promise<verdict>>();
  auto future = promised->get_future();
  submit(std::move(batch), [promised](verdict v) { promised->set_value(std::move(v)); });
  const pool::pause waiting_for_the_disk;
  verdict v = future.get();
  if (v.error) throw call_error(*v.error);
  return v;
}

void writer::run(const std::function<void(clv_engine*)>& work) {
  task t{.work = &work};
  const pool::pause waiting_for_the_writer;
  std::unique_lock lock(mutex_);
  tasks_.push_back(&t);
  wake_.notify_one();
  finished_.wait(lock, [&] { return t.finished; });
  if (t.thrown) std::rethrow_exception(t.thrown);
}

writer::counts writer::commits() const {
  const std::lock_guard lock(mutex_);
  return commits_;
}

std::int64_t writer::rows_waiting() const {
  const std::lock_guard lock(mutex_);
  return rows_waiting_;
}

writer::space writer::room_for(std::int64_t rows) const {
  const std::lock_guard lock(mutex_);
  if (half_is_free()) return space::plenty;
  return fits(rows) ? space::little : space::none;
}

bool writer::call_when_room(std::function<void()> when_room) {
  const std::lock_guard lock(mutex_);
  if (half_is_free()) return false;
  want_room_.push_back(std::move(when_room));
  return true;
}

// All that waits, up to the rows of one commit. While one group is flushed the next one gathers, so
// nobody waits for the sake of waiting. The lock is held.
std::vector<writer::waiting> writer::next_group() {
  std::vector<waiting> group;
  std::int64_t rows = 0;
  while (!batches_.empty()) {
    const std::int64_t more = batches_.front().batch.rows->n_rows;
    if (!group.empty() && rows + more > limits_.rows_a_commit) break;
    rows += more;
    group.push_back(std::move(batches_.front()));
    batches_.pop_front();
  }
  return group;
}

clv_engine* writer::engine() {
  if (!engine_) {
    engine_ = open_again_();
    // The commit that was lost may have happened, and others may have written since.
    const std::lock_guard lock(mutex_);
    ++commits_.facts;
    ++commits_.others;
  }
  return engine_.get();
}

void writer::failed(const call_error& e) {
  if (e.core == CLV_E_FULL) server_.disk_full = true;
  if (e.core == CLV_E_IO && open_again_) engine_.reset();
}

void writer::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !tasks_.empty() || !batches_.empty(); });
    if (!tasks_.empty()) {
      task& t = *tasks_.front();
      tasks_.pop_front();
      lock.unlock();
      try {
        (*t.work)(engine());
      } catch (const call_error& e) {
        failed(e);
        t.thrown = std::current_exception();
      } catch (...) {
        t.thrown = std::current_exception();
      }
      lock.lock();
      ++commits_.others;
      t.finished = true;
      finished_.notify_all();
    } else if (!batches_.empty()) {
      std::vector<waiting> group = next_group();
      lock.unlock();
      commit_group(group);
      lock.lock();
    } else if (stopping_) {
      return;
    }
  }
}

void writer::commit_group(std::vector<waiting>& group) {
  const std::int64_t now = server_now_us();
  std::vector<clv_keyed_batch> batches;
  std::int64_t rows = 0;
  for (const waiting& w : group) {
    batches.push_back(described(w.batch, now));
    rows += w.batch.rows->n_rows;
  }
  std::vector<verdict> verdicts;
  const auto began = std::chrono::steady_clock::now();
  try {
    verdicts = clvd::commit(engine(), batches);
  } catch (const call_error& e) {
    failed(e);
    verdicts.resize(group.size());
    for (verdict& v : verdicts) v.error = std::make_unique<call_error>(e);
  } catch (const std::exception& e) {
    call_error bug(grpc::StatusCode::INTERNAL, "INTERNAL", e.what());
    verdicts.clear();
    verdicts.resize(group.size());
    for (verdict& v : verdicts) v.error = std::make_unique<call_error>(bug);
  }
  metrics_.observe("clv_commit_seconds",
                   "",
                   std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  std::vector<std::function<void()>> wakes;
  {
    const std::lock_guard lock(mutex_);
    rows_waiting_ -= rows;
    ++commits_.facts;
    if (half_is_free()) wakes.swap(want_room_);
  }
  for (std::size_t i = 0; i < group.size(); ++i) {
    metrics_.count("clv_ingest_items_total", "result=\"accepted\"", verdicts[i].accepted);
    metrics_.count("clv_ingest_items_total", "result=\"duplicate\"", verdicts[i].duplicates);
    metrics_.count("clv_ingest_items_total", "result=\"rejected\"", verdicts[i].rejected);
    group[i].done(std::move(verdicts[i]));
  }
  for (const auto& wake : wakes) wake();
}

}  // namespace clvd

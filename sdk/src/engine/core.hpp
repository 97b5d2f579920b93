// What the verbs of one engine share: the open store, the rule of one verb at a time, and the
// shape of a verb that ends in one transaction.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/engine.hpp"
#include "store/database.hpp"
#include "store/derived.hpp"
#include "store/runs.hpp"

namespace clv {

namespace detail {

inline constexpr std::size_t rows_a_unit = 4096;  // read from or written to the store at once

struct core {
  explicit core(const engine_options& options)
      : store({.path = options.path, .read_only = options.read_only}),
        threads(std::max(1U, options.threads)) {}
  store::database store;
  unsigned threads;
  bool busy = false;  // a job is alive
  store::connection& sql() { return store.sql(); }
};

// Held by the job that runs. Keeps the store open even when the job outlives its engine.
class lease {
 public:
  // Throws error{conflict} when another job is unfinished.
  explicit lease(std::shared_ptr<core> owner);
  ~lease() { owner_->busy = false; }
  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;
  core& operator*() const { return *owner_; }
  core* operator->() const { return owner_.get(); }

 private:
  std::shared_ptr<core> owner_;
};

// Throws error{conflict} while another job is unfinished, error{state} on a read-only store.
void require_ready(core& c, std::string_view verb);

// Throws error{state} naming the verb to run, unless each of `verbs` (ingest, fit, score, ...) has
// run, and later than the one before it: nothing is computed from tables that newer input outdated.
void require_fresh(core& c, const std::vector<std::string_view>& verbs);

// Everything a verb writes, in one transaction: begun at the first unit, committed in the last,
// rolled back when the writer is destroyed before that.
class result_writer {
 public:
  result_writer(core& owner, std::string verb) : owner_(&owner), verb_(std::move(verb)) {}
  void add(std::string name, std::shared_ptr<const table> rows);
  void add(std::shared_ptr<const fitted_model> model) { model_ = std::move(model); }
  // One more step before the commit, called with the run's number until it returns 1.
  void add(std::function<double(std::int64_t)> last_step) { last_step_ = std::move(last_step); }
  double advance();
  // Rolls back at once what advance() has written so far.
  void abandon();

 private:
  void begin();

  core* owner_;
  std::string verb_;
  std::vector<std::pair<std::string, std::shared_ptr<const table>>> tables_;
  std::shared_ptr<const fitted_model> model_;
  std::int64_t run_ = 0;
  std::size_t current_ = 0;
  std::optional<store::transaction> all_or_nothing_;
  std::optional<store::table_writer> writer_;  // destroyed before the transaction
  std::function<double(std::int64_t)> last_step_;
};

// One phase that steps another job, made at the first call, a little each call.
class inner_job {
 public:
  template <typename Make>
  double step(const Make& make) {
    if (!job_) job_.reset(new job(make()));  // `new`: a job cannot be moved
    constexpr std::chrono::milliseconds one_unit_or_so{1};
    if (job_->step(one_unit_or_so)) return 1.0;
    return std::min(job_->fraction(), 0.999);
  }
  outcome& result() { return job_->result(); }
  std::shared_ptr<const table> main_table() { return job_->result().tables.at(""); }
  // Hands over the notes and frees the job.
  void finish(outcome& to);

 private:
  std::unique_ptr<job> job_;
};

// A stored table, recorded facts or the log, read a little each call. A job may be stepped while
// nothing else uses the engine, so that all its steps see the same rows.
class any_reader;
class stored_input {
 public:
  stored_input();
  ~stored_input();
  double step(core& c, std::string_view name);
  std::shared_ptr<const table> rows() const { return rows_; }
  void clear() { rows_.reset(); }

 private:
  std::unique_ptr<any_reader> reader_;
  std::shared_ptr<const table> rows_;
};

// A phase of a verb. A failure rolls back at once, although the failed job may live on.
template <typename Work>
phase phase_of(std::string name, const std::shared_ptr<Work>& work, double (Work::*advance)()) {
  return {std::move(name), [work, advance] {
            try {
              return ((*work).*advance)();
            } catch (...) {
              work->abandon();
              throw;
            }
          }};
}

bool is_readable(std::string_view name);  // tables go by this name
// Whether there is such a table to read: its verb has run, and facts have rows.
bool can_read(core& c, std::string_view name);
// Throws error{not_found} for a name nothing is stored under, error{state} naming the verb to run.
void require_readable(core& c, std::string_view name);

// The stored table, read in one go inside a snapshot. Throws error{state} when it is not there.
std::shared_ptr<const table> read_table(core& c, std::string_view name);
std::shared_ptr<const fitted_model> read_model(core& c);

// The scores with the column "segment" of the stored segments, when there are any.
std::shared_ptr<const table> with_segments(const std::shared_ptr<const table>& scores,
                                           const table& segments);

}  // namespace detail

struct engine::impl {
  std::shared_ptr<detail::core> core;
};

}  // namespace clv

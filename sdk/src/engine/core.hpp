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
#include "data/row_range.hpp"
#include "engine/models.hpp"
#include "store/database.hpp"
#include "store/derived.hpp"
#include "store/models.hpp"
#include "store/runs.hpp"

namespace clv {

namespace detail {

inline constexpr std::size_t rows_a_unit = 4096;  // read from or written to the store at once

struct core {
  explicit core(const engine_options& options)
      : store(
            {.path = options.path, .read_only = options.read_only, .elsewhere = options.elsewhere}),
        threads(std::max(1U, options.threads)),
        any_age(options.any_age),
        memory_limit(options.memory_limit) {
    if (memory_limit < 0) {
      throw error(status::invalid, "memory_limit is " + std::to_string(memory_limit));
    }
  }
  store::database store;
  unsigned threads;
  bool any_age;               // tables that newer input outdated are taken
  std::int64_t memory_limit;  // 0: none
  bool busy = false;          // a job is alive
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

// What a verb reads from here to end() is of one moment, whatever others commit meanwhile. An
// engine that writes is alone and needs none. It ends before the long computing: while it is held,
// the write-ahead log cannot be taken back into the file and grows.
class snapshot {
 public:
  explicit snapshot(core& c) {
    if (c.store.read_only()) held_.emplace(c.sql(), store::transaction::purpose::read);
  }
  void end() { held_.reset(); }

 private:
  std::optional<store::transaction> held_;
};

// Throws error{conflict} while another job is unfinished, error{state} on a read-only store: for
// verbs that write and do not merely compute.
void require_ready(core& c, std::string_view verb);

// Throws error{unsupported} unless the store is a SQLite file.
void require_sqlite(core& c, std::string_view verb);

// Throws error{state} naming the verb to run, unless each of `verbs` (ingest, fit, score, ...) has
// run and has seen what the one before it stored: nothing is computed from tables that newer input
// outdated. On an engine of any age those are taken, with a note.
void require_fresh(core& c, const std::vector<std::string_view>& verbs, issues& notes);

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
  double step(core& c, std::string_view name, const row_range& which = {});
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

// The scores with the column "segment" of the stored segments, row by row; of any age: those of
// other scores customer by customer, absent for one they do not know. Else they are error{corrupt}.
std::shared_ptr<const table> with_segments(const std::shared_ptr<const table>& scores,
                                           const table& segments,
                                           bool any_age);

}  // namespace detail

struct engine::impl {
  std::shared_ptr<detail::core> core;
};

}  // namespace clv

#include "job.hpp"

#include <chrono>
#include <optional>

#include "diag.hpp"
#include "engine_state.hpp"
#include "model.hpp"
#include "plugins.hpp"
#include "result.hpp"
#include "sized.hpp"

namespace clv::abi {
namespace {

// Holds all that a step touches: the job, its engine, its plugins. The last two only until the job
// has ended: it needs them no more, and others wait for them.
class inside {
 public:
  explicit inside(clv_job& job) : job_(job), job_held_(job.busy, "job") {
    if (job.needs.engine != nullptr) engine_held_.emplace(job.needs.engine->busy, "job's engine");
    if (job.needs.plugins == nullptr) return;
    plugins_held_.emplace(job.needs.plugins->busy, "job's plugins");
    job.needs.plugins->watch(&job.cancelled);
  }
  ~inside() {
    if (plugins_held_) job_.needs.plugins->watch(nullptr);
    if (!job_.failed && !job_.core.finished()) return;
    plugins_held_.reset();
    engine_held_.reset();
    job_.needs.plugins.reset();
    job_.needs.engine.reset();
  }
  inside(const inside&) = delete;
  inside& operator=(const inside&) = delete;

 private:
  clv_job& job_;
  exclusive job_held_;
  std::optional<exclusive> engine_held_, plugins_held_;
};

// Hands over notes that are new since the last step, also when the step fails: they come before
// the failure, so that clv_diag_text names the failure.
class note_teller {
 public:
  note_teller(clv_job& job, clv_diag* diag) : job_(job), diag_(diag) {}
  ~note_teller() {
    const issues& notes = job_.core.result().notes;
    for (; job_.notes_told < notes.size(); ++job_.notes_told) {
      append(diag_, notes[job_.notes_told]);
    }
  }
  note_teller(const note_teller&) = delete;
  note_teller& operator=(const note_teller&) = delete;

 private:
  clv_job& job_;
  clv_diag* diag_;
};

clv_status step(clv_job* job, std::uint32_t budget_ms, clv_diag* diag) {
  const inside held(*required(job, "job"));
  require_to_nearest();
  if (job->failed) {
    throw error(status::state, "the job has failed before", "free it and begin a new one");
  }
  const note_teller told(*job, diag);
  try {
    const bool done = job->core.step(std::chrono::milliseconds(budget_ms));
    return done ? CLV_OK : CLV_MORE;
  } catch (...) {
    job->failed = true;
    throw;
  }
}

void progress(const clv_job* job, clv_progress* out) {
  required(job, "job");
  const exclusive held(job->busy, "job");
  write_sized(out,
              clv_progress{.struct_size = 0,
                           .phase_count = static_cast<std::uint32_t>(job->core.phase_count()),
                           .phase = static_cast<std::uint32_t>(job->core.current_phase()),
                           .spare = 0,
                           .fraction = job->core.fraction(),
                           // Points into a std::string or a literal: it ends with NUL.
                           .phase_name = job->core.phase_name().data()},
              "out");
}

void cancel(clv_job* job) {
  if (!alive(job)) return;
  job->cancelled.store(true, std::memory_order_relaxed);
  job->core.cancel();
}

void check_finished(const clv_job& job) {
  if (job.failed) throw error(status::state, "the job has failed; it has no result");
  if (!job.core.finished()) {
    throw error(status::state,
                "the job has not finished",
                "call clv_job_step until it does not return CLV_MORE");
  }
}

void take_result(clv_job* job, const char* name, clv_result** out) {
  required(job, "job");
  required(out, "out");
  const exclusive held(job->busy, "job");
  const std::string wanted = name == nullptr ? "" : name;
  if (!job->failed || wanted != "rejects") check_finished(*job);
  const auto& tables = job->core.result().tables;
  const auto found = tables.find(wanted);
  if (found == tables.end() || found->second == nullptr) {
    std::string known;
    for (const auto& [key, value] : tables) known += (known.empty() ? "'" : ", '") + key + "'";
    throw error(status::not_found,
                "the job has no table '" + wanted + "'",
                "it has: " + (known.empty() ? "none" : known));
  }
  *out = new_result(found->second);
}

void take_model(clv_job* job, clv_model** out) {
  required(job, "job");
  required(out, "out");
  const exclusive held(job->busy, "job");
  check_finished(*job);
  if (job->core.result().model == nullptr) {
    throw error(status::not_found, "the job has no model", "only a fit has one");
  }
  *out = new clv_model{job->core.result().model};
}

}  // namespace
}  // namespace clv::abi

clv_status clv_job_step(clv_job* job, uint32_t budget_ms, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { return clv::abi::step(job, budget_ms, diag); });
}

clv_status clv_job_progress(const clv_job* job, clv_progress* out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::progress(job, out); });
}

void clv_job_cancel(clv_job* job) noexcept {
  clv::abi::guard(nullptr, [&] { clv::abi::cancel(job); });
}

clv_status clv_job_take_result(clv_job* job,
                               const char* name,
                               clv_result** out,
                               clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::take_result(job, name, out); });
}

clv_status clv_job_take_model(clv_job* job, clv_model** out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::take_model(job, out); });
}

void clv_job_free(clv_job* job) noexcept {
  clv::abi::release(job);
}

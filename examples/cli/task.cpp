#include "task.hpp"

#include <unistd.h>

#include <cstdint>
#include <cstdio>

#include "interrupt.hpp"

namespace cli {
namespace {

constexpr std::uint32_t step_ms = 100;  // how soon Ctrl-C is seen, how often the line moves

void show_progress(const clv_job* job, const std::string& title) {
  auto at = sized<clv_progress>();
  if (clv_job_progress(job, &at, nullptr) != CLV_OK) return;
  std::fprintf(stderr,
               "\r\033[K%s: %3.0f %%  %s",
               title.c_str(),
               100.0 * at.fraction,
               at.phase_name == nullptr ? "" : at.phase_name);
}

}  // namespace

clv_status task::step() {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  clv_status status = CLV_MORE;
  while (status == CLV_MORE) {
    if (interrupted()) clv_job_cancel(job_.get());
    status = clv_job_step(job_.get(), step_ms, diag_.get());
    if (terminal && status == CLV_MORE) show_progress(job_.get(), title_);
  }
  if (terminal) std::fputs("\r\033[K", stderr);
  return status;
}

void task::conclude(clv_status status, bool all_notes) const {
  if (status == CLV_E_CANCELLED) fail(title_ + " was cancelled; nothing was changed");
  diag_.check(status, about_);
  diag_.print_notes(about_, all_notes);
}

result task::take(const char* name) const {
  clv_result* raw = nullptr;
  diag_.check(clv_job_take_result(job_.get(), name, &raw, diag_.get()), about_);
  return result(raw);
}

result task::try_take(const char* name) const {
  clv_result* raw = nullptr;
  const clv_status status = clv_job_take_result(job_.get(), name, &raw, nullptr);
  return result(status == CLV_OK ? raw : nullptr);
}

model task::take_model() const {
  clv_model* raw = nullptr;
  diag_.check(clv_job_take_model(job_.get(), &raw, diag_.get()), about_);
  return model(raw);
}

}  // namespace cli

#include "clv/job.hpp"

#include <algorithm>

namespace clv {
namespace {

// What fails lets go at once of all it worked on (an engine, its transaction, the rows it read):
// who keeps a job to ask it for its rejects must not keep the next verb from its work.
double advance_phase(std::vector<phase>& phases, std::size_t current, bool cancelled) {
  if (!phases[current].advance) throw error(status::state, "the job has failed before");
  try {
    if (cancelled) throw error(status::cancelled, "the job was cancelled");
    return std::clamp(phases[current].advance(), 0.0, 1.0);
  } catch (...) {
    for (phase& p : phases) p.advance = nullptr;
    throw;
  }
}

}  // namespace

bool job::step(std::chrono::milliseconds budget) {
  const auto stop_at = std::chrono::steady_clock::now() + budget;
  while (!finished()) {
    const double done =
        advance_phase(phases_, current_, cancelled_.load(std::memory_order_relaxed));
    if (done >= 1.0) {
      phases_[current_].advance = nullptr;  // frees what the phase alone needed
      ++current_;
    }
    const double inside = done >= 1.0 ? 0.0 : done;
    const auto count = static_cast<double>(phases_.size());
    fraction_ = std::max(fraction_, (static_cast<double>(current_) + inside) / count);
    if (budget.count() > 0 && std::chrono::steady_clock::now() >= stop_at) break;
  }
  if (finished()) fraction_ = 1.0;
  return finished();
}

}  // namespace clv

#include "clv/job.hpp"

#include <algorithm>

namespace clv {

bool job::step(std::chrono::milliseconds budget) {
  const auto stop_at = std::chrono::steady_clock::now() + budget;
  while (!finished()) {
    if (cancelled_.load(std::memory_order_relaxed)) {
      throw error(status::cancelled, "the job was cancelled");
    }
    const double done = std::clamp(phases_[current_].advance(), 0.0, 1.0);
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

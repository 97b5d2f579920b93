// One phase of a report that steps another job.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "clv/job.hpp"

namespace clv {

// Made at the first call, stepped a little at each, let go when the next one is begun. [one]
class stepped_job {
 public:
  // The fraction done; 1: finished, and result() is there until clear().
  template <typename Make>
  double step(const Make& make) {
    if (!job_) job_.reset(new job(make()));  // `new`: a job cannot be moved
    constexpr std::chrono::milliseconds one_unit_or_so{1};
    if (job_->step(one_unit_or_so)) return 1.0;
    return std::min(job_->fraction(), 0.999);
  }
  outcome& result() { return job_->result(); }
  std::shared_ptr<const table> main_table() { return job_->result().tables.at(""); }
  void clear() { job_.reset(); }

 private:
  std::unique_ptr<job> job_;
};

}  // namespace clv

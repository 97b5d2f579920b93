// clv_job: one long operation and all it needs to stay alive.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "busy.hpp"
#include "clv.h"
#include "clv/job.hpp"
#include "guard.hpp"
#include "handle.hpp"

namespace clv::abi {
class plugin_set;
struct engine_state;

// What a job works on besides its own data. Shared, so that a host which frees an engine or its
// plugins too early gets a job that still works instead of a crash.
struct job_needs {
  std::shared_ptr<engine_state> engine;
  std::shared_ptr<plugin_set> plugins;
  std::shared_ptr<const void> kept;
};
}  // namespace clv::abi

struct clv_job : clv::abi::handle<clv::abi::handle_kind::job> {
  template <typename Make>
  clv_job(Make&& make, clv::abi::job_needs with) : needs(std::move(with)), core(make()) {}

  clv::abi::job_needs needs;  // before core: it must be destroyed after it
  clv::job core;
  mutable clv::abi::busy_flag busy;
  std::atomic<bool> cancelled{false};  // what a plugin is told; core has its own
  bool failed = false;
  std::size_t notes_told = 0;
};

namespace clv::abi {

// `make` returns the core's job (as a prvalue: jobs do not move).
template <typename Make>
clv_job* new_job(Make&& make, job_needs with = {}) {
  require_to_nearest();
  return new clv_job(std::forward<Make>(make), std::move(with));
}

}  // namespace clv::abi

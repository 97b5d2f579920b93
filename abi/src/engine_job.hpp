// A verb of the engine as a job that keeps the engine.
#pragma once

#include <utility>

#include "engine_state.hpp"
#include "guard.hpp"
#include "job.hpp"

namespace clv::abi {

// Runs `make(core)` inside the engine and hands the job out.
template <typename Make>
void begin_on(clv_engine* engine, clv_job** out, Make&& make, job_needs with = {}) {
  required(out, "out");
  with.engine = required(engine, "engine")->state;
  const exclusive held(with.engine->busy, "engine");
  clv::engine& core = with.engine->core;
  *out = new_job([&] { return make(core); }, std::move(with));
}

}  // namespace clv::abi

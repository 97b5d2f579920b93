// What a service does with a store beside its verbs: long work on engines that only read, stored by
// the one that writes.
#include "clv_store.h"
#include "engine_job.hpp"

namespace clv::abi {
namespace {

void begin_adopt(clv_engine* engine, clv_job* done, clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  required(done, "done");
  const exclusive held(done->busy, "job");
  if (done->failed) {
    throw error(status::state, "the job to adopt has failed; it has nothing to store");
  }
  begin_on(engine, out, [&](auto& core) { return core.adopt(done->core); });
}

}  // namespace
}  // namespace clv::abi

clv_status clv_engine_adopt_begin(clv_engine* engine,
                                  clv_job* done,
                                  clv_job** out,
                                  clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_adopt(engine, done, out); });
}

// What a service does with a store beside its verbs: long work on engines that only read, stored by
// the one that writes.
#include "clv_service.h"
#include "engine_job.hpp"
#include "options.hpp"
#include "sized.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

void begin_adopt(clv_engine* engine, const clv_run_options* options, clv_job* done, clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  required(done, "done");
  const exclusive held(done->busy, "job");
  if (done->failed) {
    throw error(status::state, "the job to adopt has failed; it has nothing to store");
  }
  auto kept = answer_of(options);
  begin_on(engine, out, [&](auto& core) { return core.adopt(done->core, std::move(kept)); });
}

void read_answer(clv_engine* engine, const char* key, clv_answer* out) {
  required(out, "out");
  required(key, "key");
  engine_state& state = *required(engine, "engine")->state;
  const exclusive held(state.busy, "engine");
  auto found = state.core.answer(key);
  if (!found) {
    throw error(
        status::not_found, "no answer is kept under '" + printable(key, 60) + "'", "ask it anew");
  }
  auto kept = std::make_unique<const request_answer>(std::move(*found));
  clv_answer a = CLV_SIZED(clv_answer);
  a.flags = kept->forgotten ? CLV_ANSWER_FORGOTTEN : 0;
  a.key = kept->key.c_str();
  a.body_hash = kept->body_hash.c_str();
  a.bytes = kept->bytes.data();
  a.n_bytes = static_cast<std::int64_t>(kept->bytes.size());
  a.now_us = kept->at_us;
  a.made = kept->made;
  write_sized(out, a, "out");
  state.answer = std::move(kept);
}

}  // namespace
}  // namespace clv::abi

clv_status clv_engine_adopt_begin(clv_engine* engine,
                                  const clv_run_options* options,
                                  clv_job* done,
                                  clv_job** out,
                                  clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_adopt(engine, options, done, out); });
}

clv_status clv_engine_answer(clv_engine* engine,
                             const char* key,
                             clv_answer* out,
                             clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::read_answer(engine, key, out); });
}

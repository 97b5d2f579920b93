// What the tables of handle uses are written with.
#pragma once

#include "handle_uses.hpp"

namespace clv_hostile {

std::vector<handle_use> engine_handle_uses();

template <typename T>
T* as(void* handle) {
  return static_cast<T*>(handle);
}

// The rows that good calls are given.
const clv_batch& log_rows();
const clv_batch& summary_rows();
const clv_batch& score_rows();
const clv_batch& proposal_rows();

// What a call hands out goes at once.
template <typename T>
struct given {
  T* handle = nullptr;
  ~given() {
    if constexpr (std::is_same_v<T, clv_job>) clv_job_free(handle);
    if constexpr (std::is_same_v<T, clv_result>) clv_result_free(handle);
    if constexpr (std::is_same_v<T, clv_model>) clv_model_free(handle);
    if constexpr (std::is_same_v<T, clv_scorer>) clv_scorer_free(handle);
  }
};

// Engines and plugins that are good, where the other handle is the one looked at.
clv_engine* an_engine();
clv_plugins* some_plugins();

#define JOB(call)                             \
  [](void* h, clv_diag* diag) -> clv_status { \
    given<clv_job> made;                      \
    clv_job** const out = &made.handle;       \
    return call;                              \
  }
#define RESULT(call)                          \
  [](void* h, clv_diag* diag) -> clv_status { \
    given<clv_result> made;                   \
    clv_result** const out = &made.handle;    \
    return call;                              \
  }

}  // namespace clv_hostile

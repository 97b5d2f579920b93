// Owners of libclv's handles: each is freed when it goes out of scope.
#pragma once

#include <memory>

#include "clv.h"

namespace clvd {

template <auto Free>
struct freed_by {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};

using diag_ptr = std::unique_ptr<clv_diag, freed_by<clv_diag_free>>;
using result_ptr = std::unique_ptr<clv_result, freed_by<clv_result_free>>;
using model_ptr = std::unique_ptr<clv_model, freed_by<clv_model_free>>;
using job_ptr = std::unique_ptr<clv_job, freed_by<clv_job_free>>;
using engine_ptr = std::unique_ptr<clv_engine, freed_by<clv_engine_free>>;
using plugins_ptr = std::unique_ptr<clv_plugins, freed_by<clv_plugins_free>>;

}  // namespace clvd

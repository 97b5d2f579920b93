// Owners of libclv's handles: each frees what it holds.
#pragma once

#include <memory>
#include <string>

#include "clv_service.h"

namespace cli {

template <auto Free>
struct freed_by {
  template <typename T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

using diag_handle = std::unique_ptr<clv_diag, freed_by<clv_diag_free>>;
using result = std::unique_ptr<clv_result, freed_by<clv_result_free>>;
using model = std::unique_ptr<clv_model, freed_by<clv_model_free>>;
using job = std::unique_ptr<clv_job, freed_by<clv_job_free>>;
using engine = std::unique_ptr<clv_engine, freed_by<clv_engine_free>>;
using plugins = std::unique_ptr<clv_plugins, freed_by<clv_plugins_free>>;

// An options struct as its owner's C header asks for it: size first, all else the default.
template <typename T>
T sized() {
  return CLV_SIZED(T);
}

// NULL for an empty text: libclv's way to say "the default".
inline const char* or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

}  // namespace cli

// The boundary: no exception crosses it. Each exported function is one line,
//   return clv::abi::guard(diag, [&] { ... });
// and tests/abi/guard_shape_test.py fails the build's tests when one is anything else.
#pragma once

#include <type_traits>
#include <utility>

#include "clv/error.hpp"
#include "clv_base.h"
#include "handle.hpp"

struct clv_diag;

namespace clv::abi {

// Called inside a catch block: writes what was thrown to `diag` (NULL: nowhere) and returns its
// status. Never throws, also when memory is out.
clv_status caught(clv_diag* diag) noexcept;

[[noreturn]] void refuse_handle(const char* name);

// Runs `body`, which returns a status or nothing (then CLV_OK).
template <typename Body>
clv_status guard(clv_diag* diag, Body&& body) noexcept {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
      std::forward<Body>(body)();
      return CLV_OK;
    } else {
      return std::forward<Body>(body)();
    }
  } catch (...) {
    return caught(diag);
  }
}

// The same for functions that have no status to return.
template <typename T, typename Body>
T guard_or(T otherwise, Body&& body) noexcept {
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    return otherwise;
  }
}

// Throws error{invalid} naming the argument when it is NULL, or a handle that was freed or is
// another kind's.
template <typename T>
T* required(T* argument, const char* name) {
  if (argument == nullptr) {
    throw error(status::invalid, std::string("argument '") + name + "' is NULL");
  }
  if constexpr (is_handle<T>) {
    if (!argument->alive()) refuse_handle(name);
  }
  return argument;
}

// Throws error{state} unless the calling thread rounds to nearest: with any other mode the same
// input would give other bytes.
void require_to_nearest();

}  // namespace clv::abi

// clv_diag: the caller's own list of what went wrong.
#pragma once

#include <deque>
#include <mutex>

#include "clv.h"
#include "clv/error.hpp"
#include "handle.hpp"

// One slot needs no memory: `out_of_memory` is reported as a last entry made of constants. The
// mutex is there because a host may pass one diag to calls on two threads; both are kept then.
struct clv_diag : clv::abi::handle<clv::abi::handle_kind::diag> {
  mutable std::mutex lock;
  std::deque<clv::issue> entries;  // a deque: texts handed out stay where they are until cleared
  bool out_of_memory = false;
};

namespace clv::abi {

void append(clv_diag* diag, const issue& entry) noexcept;  // NULL: does nothing
void append_out_of_memory(clv_diag* diag) noexcept;

}  // namespace clv::abi

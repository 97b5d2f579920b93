#include "guard.hpp"

#include <cfenv>
#include <new>
#include <stdexcept>

#include "diag.hpp"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace clv::abi {
namespace {

clv_status tell(clv_diag* diag, status code, const char* what) {
  append(diag, issue{.code = code, .message = what});
  return static_cast<clv_status>(code);
}

bool rounds_to_nearest() {
#if defined(__x86_64__)
  // fegetround() reads the x87 word only; doubles here are computed in SSE registers.
  if (_MM_GET_ROUNDING_MODE() != _MM_ROUND_NEAREST) return false;
#endif
  return std::fegetround() == FE_TONEAREST;
}

}  // namespace

clv_status caught(clv_diag* diag) noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    append_out_of_memory(diag);
    return CLV_E_NO_MEMORY;
  } catch (const error& e) {
    append(diag, e.details());
    return static_cast<clv_status>(e.details().code);
  } catch (const std::length_error&) {
    // A container was asked for more than any memory holds: the caller's sizes, not our bug.
    return guard(nullptr, [&] { return tell(diag, status::limit, "a size is too large to hold"); });
  } catch (const std::exception& e) {
    return guard(nullptr, [&] {
      return tell(diag, status::internal, ("unexpected: " + std::string(e.what())).c_str());
    });
  } catch (...) {
    return guard(nullptr, [&] { return tell(diag, status::internal, "unexpected exception"); });
  }
}

void refuse_handle(const char* name) {
  throw error(status::invalid,
              "argument '" + std::string(name) + "' is no such handle: it was freed, or is another",
              "keep each handle until its last call, and free it once");
}

void require_to_nearest() {
  if (rounds_to_nearest()) return;
  throw error(status::state,
              "the calling thread's floating-point rounding mode is not 'to nearest'",
              "call fesetround(FE_TONEAREST) before; results would otherwise differ in their bits");
}

}  // namespace clv::abi

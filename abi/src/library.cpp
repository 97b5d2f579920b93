#include <sqlite3.h>

#include "clv.h"
#include "clv/error.hpp"

#define CLV_TEXT_(x) #x
#define CLV_TEXT(x) CLV_TEXT_(x)
#define CLV_VERSION_TEXT \
  CLV_TEXT(CLV_VERSION_MAJOR) "." CLV_TEXT(CLV_VERSION_MINOR) "." CLV_TEXT(CLV_VERSION_PATCH)

namespace clv::abi {
namespace {

// The core's codes are the ABI's: one line per code would be one more place to forget.
static_assert(static_cast<clv_status>(status::corrupt) == CLV_E_CORRUPT);
static_assert(static_cast<clv_status>(status::full) == CLV_E_FULL);
static_assert(static_cast<clv_status>(status::invalid) == CLV_E_INVALID);
static_assert(static_cast<clv_status>(status::internal) == CLV_E_INTERNAL);
static_assert(static_cast<clv_status>(status::more) == CLV_MORE);
static_assert(CLV_ABI_MAJOR == 1 && CLV_ABI_MINOR == 0, "clv_build_info_json says \"1.0\"");

const char* name_of_status(clv_status s) {
  // In the order of the values: CLV_END, CLV_MORE, CLV_OK, then the failures downwards.
  constexpr const char* names[] = {
      "CLV_END",          "CLV_MORE",        "CLV_OK",       "CLV_E_INVALID",   "CLV_E_UNSUPPORTED",
      "CLV_E_ABI",        "CLV_E_NO_MEMORY", "CLV_E_STATE",  "CLV_E_NOT_FOUND", "CLV_E_DATA",
      "CLV_E_NUMERIC",    "CLV_E_IO",        "CLV_E_BUSY",   "CLV_E_CANCELLED", "CLV_E_PLUGIN",
      "CLV_E_PERMISSION", "CLV_E_INTERNAL",  "CLV_E_EXISTS", "CLV_E_CONFLICT",  "CLV_E_LIMIT",
      "CLV_E_CORRUPT",    "CLV_E_FULL"};
  return s > CLV_END || s < CLV_E_FULL ? "unknown" : names[CLV_END - s];
}

}  // namespace
}  // namespace clv::abi

uint32_t clv_abi(void) noexcept {
  return CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR);
}

const char* clv_version(void) noexcept {
  return CLV_VERSION_TEXT;
}

const char* clv_build_info_json(void) noexcept {
  return "{\"version\":\"" CLV_VERSION_TEXT "\",\"abi\":\"1.0\",\"compiler\":\"" __VERSION__
         "\",\"sqlite\":\"" SQLITE_VERSION "\"}";
}

const char* clv_status_name(clv_status status) noexcept {
  return clv::abi::name_of_status(status);
}

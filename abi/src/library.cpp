#include <sqlite3.h>

#include <boost/version.hpp>

#include "clv.h"
#include "clv/error.hpp"
#include "clv_plugin.h"

#define CLV_TEXT_(x) #x
#define CLV_TEXT(x) CLV_TEXT_(x)
#define CLV_VERSION_TEXT \
  CLV_TEXT(CLV_VERSION_MAJOR) "." CLV_TEXT(CLV_VERSION_MINOR) "." CLV_TEXT(CLV_VERSION_PATCH)

#define CLV_ABI_TEXT "1.0"  // the macros are numbers with a suffix

#if defined(__clang__)
#define CLV_COMPILER_TEXT __VERSION__
#else
#define CLV_COMPILER_TEXT "gcc " __VERSION__
#endif

#if defined(__x86_64__)
#define CLV_ARCHITECTURE_TEXT "x86_64"
#elif defined(__aarch64__)
#define CLV_ARCHITECTURE_TEXT "aarch64"
#else
#define CLV_ARCHITECTURE_TEXT "other"
#endif

#if defined(__SANITIZE_ADDRESS__)
#define CLV_BUILD_TEXT "address sanitizer"
#elif defined(__SANITIZE_THREAD__)
#define CLV_BUILD_TEXT "thread sanitizer"
#elif defined(NDEBUG)
#define CLV_BUILD_TEXT "release"
#else
#define CLV_BUILD_TEXT "with assertions"
#endif

namespace clv::abi {
namespace {

// The core's codes are the ABI's: one line per code would be one more place to forget.
static_assert(static_cast<clv_status>(status::corrupt) == CLV_E_CORRUPT);
static_assert(static_cast<clv_status>(status::full) == CLV_E_FULL);
static_assert(static_cast<clv_status>(status::invalid) == CLV_E_INVALID);
static_assert(static_cast<clv_status>(status::internal) == CLV_E_INTERNAL);
static_assert(static_cast<clv_status>(status::more) == CLV_MORE);
static_assert(CLV_ABI_MAJOR == 1 && CLV_ABI_MINOR == 0, "clv_build_info_json says CLV_ABI_TEXT");

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
  return "{\"version\":\"" CLV_VERSION_TEXT "\",\"abi\":\"" CLV_ABI_TEXT
         "\",\"compiler\":\"" CLV_COMPILER_TEXT "\",\"architecture\":\"" CLV_ARCHITECTURE_TEXT
         "\",\"build\":\"" CLV_BUILD_TEXT "\",\"sqlite\":\"" SQLITE_VERSION
         "\",\"boost\":\"" BOOST_LIB_VERSION "\",\"features\":[\"" CLV_CAP_ACTION_1
         "\",\"" CLV_CAP_FEATURE_1 "\",\"" CLV_CAP_SEGMENTATION_1
         "\",\"arrow\",\"storage\",\"source\",\"memory_limit\"]}";
}

const char* clv_status_name(clv_status status) noexcept {
  return clv::abi::name_of_status(status);
}

/* Every macro of the public headers, used once; headers_test.py compiles this as C and as C++. */
#include "clv.h"
#include "clv_plugin.h"

#if CLV_VERSION_MAJOR * 10000 + CLV_VERSION_MINOR * 100 + CLV_VERSION_PATCH < 100
#error "the version has three parts"
#endif

CLV_BEGIN_C
CLV_PLUGIN_EXPORT uint32_t use_macros(const clv_plugin_host* host, const char** text);
CLV_END_C

uint32_t CLV_CALL use_macros(const clv_plugin_host* host, const char** text) {
  clv_fit_options fit = CLV_SIZED(clv_fit_options);
  clv_proposal proposal = CLV_SIZED(clv_proposal);
  text[0] = CLV_CAP_ACTION_1;
  text[1] = CLV_PLUGIN_ENTRY_SYMBOL;
  if (CLV_HAS(clv_plugin_host, host, log)) host->log(host->ctx, CLV_LOG_INFO, "hello");
  return fit.struct_size + proposal.struct_size + CLV_ABI_TARGET;
}

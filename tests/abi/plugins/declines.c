/* Says itself that it cannot run here. */
#define FIXTURE_OWN_ENTRY
#include "fixture.h"
#include "quiet.h"

CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  return host_abi >= CLV_ABI_PACK(9, 0) ? &fixture_entry : NULL;
}

#define FIXTURE_OWN_ENTRY
#include "fixture.h"
#include "quiet.h"

extern "C" CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  if (host_abi != 0) throw "entry";
  return &fixture_entry;
}

/* Says in its reason what it sees of its host: both versions, the table's size, and whether all of
 * the 64 bytes behind the table are what no call survives. Reading there is what no plugin may do.
 */
#define FIXTURE_ID "org.example.looks_at_host"
#define FIXTURE_OWN_ENTRY
#include <stdio.h>

#include "fixture.h"

static uint32_t told_abi;

CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  told_abi = host_abi;
  return &fixture_entry;
}

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  const clv_plugin_host* host = (const clv_plugin_host*)instance;
  const volatile unsigned char* behind = (const unsigned char*)instance + host->struct_size;
  int poisoned = 1;
  char reason[120];
  for (int i = 0; i < 64; ++i) poisoned = poisoned && behind[i] == 0xEE;
  snprintf(reason,
           sizeof reason,
           "told %u.%u, sees %u.%u, %u bytes, %s",
           told_abi >> 16,
           told_abi & 0xFFFFU,
           host->abi >> 16,
           host->abi & 0xFFFFU,
           host->struct_size,
           poisoned ? "poison behind" : "something behind");
  for (int64_t row = 0; row < customers->n_rows; ++row) {
    clv_proposal p = fixture_proposal(row);
    p.reason = reason;
    const clv_status kept = sink->emit(sink->ctx, &p);
    if (kept < 0) return kept;
  }
  return CLV_OK;
}

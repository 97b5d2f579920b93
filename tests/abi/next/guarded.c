/* Built for 1.1 and asks before it uses what 1.1 added: runs on 1.0, too. */
#define NEEDS CLV_ABI_PACK(1, 0)
#include "plugin.h"

static clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* to) {
  const clv_plugin_host* host = (const clv_plugin_host*)self;
  const int newer = CLV_HAS(clv_plugin_host, host, exchange_rate);
  if (in->n_rows == 0) return CLV_OK;
  return offer(to, newer ? host->exchange_rate(host->ctx, "USD", "EUR") : 100, 0);
}

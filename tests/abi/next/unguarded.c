/* Built for 1.1 and does not ask: what a host of 1.0 must never meet, and what CLV_HAS is for. */
#define NEEDS CLV_ABI_PACK(1, 0)
#include "plugin.h"

static clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* to) {
  const clv_plugin_host* host = (const clv_plugin_host*)self;
  if (in->n_rows == 0) return CLV_OK;
  return offer(to, host->exchange_rate(host->ctx, "USD", "EUR"), 0);
}

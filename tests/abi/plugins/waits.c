/* Goes on until the job is cancelled. */
#define FIXTURE_ID "org.example.waits"
#include "fixture.h"

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  const clv_plugin_host* host = (const clv_plugin_host*)instance;
  (void)customers;
  (void)sink;
  while (!host->cancelled(host->ctx)) {
  }
  return CLV_E_CANCELLED;
}

/* Works: one proposal per customer, with the host's random number and clock in it. */
#define FIXTURE_ID "org.example.good"
#define FIXTURE_MANIFEST                                                            \
  "{\"reads\":[\"p_alive\"],\"actions\":[\"win\"],\"config\":{\"type\":\"object\"," \
  "\"properties\":{\"share\":{\"type\":\"number\",\"minimum\":0,\"maximum\":1}},"   \
  "\"additionalProperties\":false}}"
#include "fixture.h"

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  const clv_plugin_host* host = (const clv_plugin_host*)instance;
  if (customers->n_columns != 1) return CLV_E_INTERNAL; /* saw more than it was granted */
  host->log(host->ctx, CLV_LOG_INFO, "asked for a block");
  for (int64_t row = 0; row < customers->n_rows; ++row) {
    clv_proposal p = fixture_proposal(row);
    p.effect_n = (double)(host->random(host->ctx, row, 7) >> 40);
    p.expires_us = host->now_us(host->ctx) + 1;
    const clv_status kept = sink->emit(sink->ctx, &p);
    if (kept < 0) return kept;
  }
  return CLV_OK;
}

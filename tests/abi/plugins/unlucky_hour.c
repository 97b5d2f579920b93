/* Makes no instance when its clock says 13. */
#define FIXTURE_ID "org.example.unlucky_hour"
#define FIXTURE_CREATE create
#include "fixture.h"

static clv_status create(const clv_plugin_host* host, const char* config, void** instance) {
  (void)config;
  if (host->now_us(host->ctx) == 13) {
    host->fail(host->ctx, -1, "no instance at 13");
    return CLV_E_STATE;
  }
  *instance = (void*)(uintptr_t)host;
  return CLV_OK;
}

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  (void)instance;
  (void)customers;
  (void)sink;
  return CLV_OK;
}

/* create fails and says why. */
#define FIXTURE_ID "org.example.refuses"
#define FIXTURE_CREATE create
#include "fixture.h"
#include "quiet.h"

static clv_status create(const clv_plugin_host* host, const char* config, void** instance) {
  (void)config;
  (void)instance;
  host->fail(host->ctx, -1, "the offer catalogue is empty");
  return CLV_E_INVALID;
}

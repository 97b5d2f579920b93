/* Fails as a plugin should when it cannot work: with a reason. */
#include <math.h>

#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)customers;
  host->fail(host->ctx, -1, "the price list is out of date");
  return ""; /* no reason: emit refuses it */
}

/* Works: one proposal per customer, with the host's random number in it. */
#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return NULL;
}

/* Never returns, and does not ask whether it should stop. */
#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  for (volatile int forever = 1; forever;) {
  }
  return NULL;
}

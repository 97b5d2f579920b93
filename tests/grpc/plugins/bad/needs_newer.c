/* Was made for a host of years to come. */
#define BAD_NEEDS CLV_ABI_PACK(1, 9)
#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return NULL;
}

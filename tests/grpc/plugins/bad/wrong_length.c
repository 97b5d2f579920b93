/* Proposes for a row that the batch does not have. */
#define BAD_ROW_OFFSET 1000000
#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return NULL;
}

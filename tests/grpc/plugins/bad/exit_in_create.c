/* Ends its process while it is being loaded. */
#define MISBEHAVE_IN_CREATE
#include <stdlib.h>

#include "bad.h"

static void misbehave_in_create(void) {
  exit(7);
}

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return NULL;
}

/* Computes nonsense: its effect is not a number. */
#include <math.h>

#define BAD_EFFECT NAN
#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return NULL;
}

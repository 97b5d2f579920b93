/* Opens as many descriptors as it can. */
#include <unistd.h>

#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  int made = 0;
  for (int i = 0; i < 10000; ++i) made += dup(0) >= 0;
  return told(made == 0);
}

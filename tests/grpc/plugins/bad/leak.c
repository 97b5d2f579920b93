/* Takes memory until there is none, and uses it. */
#include <stdlib.h>

#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  const size_t size = (size_t)1 << 24;
  for (int i = 0; i < 100000; ++i) {
    void* taken = malloc(size);
    if (taken == NULL) return "out of memory";
    memset(taken, 1, size);
  }
  return "never out of memory";
}

/* Makes processes as fast as it can. */
#include <unistd.h>

#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  int made = 0;
  for (int i = 0; i < 100; ++i) {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    made += child > 0;
  }
  return told(made == 0);
}

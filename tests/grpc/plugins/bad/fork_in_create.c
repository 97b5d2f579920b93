/* Makes processes while it is being loaded. */
#define MISBEHAVE_IN_CREATE
#include <unistd.h>

#include "bad.h"

static const char* outcome;

static void misbehave_in_create(void) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  outcome = told(child < 0);
}

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return outcome;
}

/* Leaves something behind while it is being loaded. */
#define MISBEHAVE_IN_CREATE
#include <fcntl.h>

#include "bad.h"

static const char* outcome;

static void misbehave_in_create(void) {
  outcome = told(open("/tmp/clv-plugin-was-here", O_WRONLY | O_CREAT, 0600) < 0);
}

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return outcome;
}

/* Empties a file without writing to it: Linux does so for O_RDONLY | O_TRUNC, too. */
#define MISBEHAVE_IN_CREATE
#include <fcntl.h>

#include "bad.h"

static const char* outcome;

static void misbehave_in_create(void) {
  outcome = told(open("/dev/null", O_RDONLY | O_TRUNC) < 0);
}

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return outcome;
}

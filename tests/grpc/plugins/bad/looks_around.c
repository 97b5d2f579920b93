/* Looks for what its process was given beside its socket: descriptors and environment. */
#define MISBEHAVE_IN_CREATE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "bad.h"

extern char** environ;
static char outcome[64];

static void misbehave_in_create(void) {
  if (outcome[0] != '\0') return; /* the first instance, before fcntl is forbidden, has seen it */
  int variables = 0, descriptors = 0;
  for (char** v = environ; v != NULL && *v != NULL; ++v) ++variables;
  for (int fd = 4; fd < 1024; ++fd) descriptors += fcntl(fd, F_GETFD) >= 0;
  snprintf(outcome, sizeof outcome, "%d variables, %d descriptors", variables, descriptors);
}

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return outcome;
}

/* Reaches for the process that started it; signal 0 only asks whether it could be sent. */
#define MISBEHAVE_IN_CREATE
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/syscall.h>
#include <unistd.h>

#include "bad.h"

static const char* outcome;

static void misbehave_in_create(void) {
  outcome = told(syscall(SYS_tgkill, getppid(), getppid(), 0) < 0);
}

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  return outcome;
}

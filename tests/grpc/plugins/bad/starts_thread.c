/* Starts a thread of its own. */
#include <pthread.h>

#include "bad.h"

static void* work(void* nothing) {
  return nothing;
}

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  (void)host;
  (void)customers;
  pthread_t thread;
  errno = pthread_create(&thread, NULL, work, NULL);
  return told(errno != 0);
}

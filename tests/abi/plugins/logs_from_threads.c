/* Four threads of its own log 500 lines each while propose runs: the log is marked [any]. */
#define FIXTURE_ID "org.example.logs_from_threads"
#include <pthread.h>

#include "fixture.h"

static void* say(void* instance) {
  const clv_plugin_host* host = (const clv_plugin_host*)instance;
  for (int i = 0; i < 500; ++i) host->log(host->ctx, CLV_LOG_INFO, "from a thread");
  return NULL;
}

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  pthread_t threads[4];
  int started = 0;
  (void)customers;
  (void)sink;
  while (started < 4 && pthread_create(&threads[started], NULL, say, instance) == 0) ++started;
  for (int i = 0; i < started; ++i) pthread_join(threads[i], NULL);
  return started == 4 ? CLV_OK : CLV_E_PLUGIN;
}

/* Logs "row 0", "row 1", ... of each batch, in the four levels in turn, and one line at each end of
 * its life. */
#define FIXTURE_ID "org.example.logs_rows"
#define FIXTURE_CREATE logging_create
#define FIXTURE_DESTROY logging_destroy
#include <stdio.h>

#include "fixture.h"

static clv_status logging_create(const clv_plugin_host* host, const char* config, void** instance) {
  host->log(host->ctx, CLV_LOG_INFO, "made");
  return fixture_create(host, config, instance);
}

static void logging_destroy(void* instance) {
  const clv_plugin_host* host = (const clv_plugin_host*)instance;
  host->log(host->ctx, CLV_LOG_WARN, "gone");
}

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  const clv_plugin_host* host = (const clv_plugin_host*)instance;
  char text[32];
  (void)sink;
  for (int64_t row = 0; row < customers->n_rows; ++row) {
    snprintf(text, sizeof text, "row %lld", (long long)row);
    host->log(host->ctx, (clv_log_level)(row % 4), text);
  }
  return CLV_OK;
}

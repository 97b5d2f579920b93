/* Says in its log whom it saw. */
#include <stdio.h>

#define BAD_READS "customer"
#include "bad.h"

static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers) {
  for (uint32_t i = 0; i < customers->n_columns; ++i) {
    const clv_column* c = &customers->columns[i];
    if (strcmp(c->name, "customer") != 0 || customers->n_rows == 0) continue;
    char words[200];
    (void)snprintf(words,
                   sizeof words,
                   "no address of %.*s",
                   (int)(c->offsets[1] - c->offsets[0]),
                   (const char*)c->data + c->offsets[0]);
    host->log(host->ctx, CLV_LOG_WARN, words);
  }
  return NULL;
}

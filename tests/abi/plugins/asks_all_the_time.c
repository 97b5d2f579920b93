/* A thread of its own asks whether it is cancelled from create to destroy: the call is marked
 * [any]. Each proposal's effect_n is how often it was told so. */
#define FIXTURE_ID "org.example.asks_all_the_time"
#define FIXTURE_CREATE begin_asking
#define FIXTURE_DESTROY end_asking
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "fixture.h"

typedef struct asker {
  const clv_plugin_host* host;
  pthread_t thread;
  atomic_bool done;
  atomic_long told;
} asker;

static void* ask(void* instance) {
  asker* self = (asker*)instance;
  while (!atomic_load(&self->done)) {
    if (self->host->cancelled(self->host->ctx) != 0) atomic_fetch_add(&self->told, 1);
  }
  return NULL;
}

static clv_status begin_asking(const clv_plugin_host* host, const char* config, void** instance) {
  asker* self = (asker*)calloc(1, sizeof *self);
  (void)config;
  if (self == NULL) return CLV_E_NO_MEMORY;
  self->host = host;
  if (pthread_create(&self->thread, NULL, ask, self) != 0) {
    free(self);
    return CLV_E_PLUGIN;
  }
  *instance = self;
  return CLV_OK;
}

static void end_asking(void* instance) {
  asker* self = (asker*)instance;
  if (self == NULL) return;
  atomic_store(&self->done, 1);
  pthread_join(self->thread, NULL);
  free(self);
}

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  asker* self = (asker*)instance;
  for (int64_t row = 0; row < customers->n_rows; ++row) {
    clv_proposal p = fixture_proposal(row);
    p.effect_n = (double)atomic_load(&self->told);
    sink->emit(sink->ctx, &p);
  }
  return CLV_OK;
}

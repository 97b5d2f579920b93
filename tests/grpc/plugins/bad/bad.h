/* bad.h - the smallest complete plugin, for ones that misbehave in one place. Each defines
 * `misbehave` (inside propose) and may define MISBEHAVE_IN_CREATE. What a forbidden call answered
 * is told as the reason of a proposal, so that a test can read it. */
#ifndef CLV_TEST_BAD_H
#define CLV_TEST_BAD_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <string.h>

#include "clv_plugin.h"

#ifndef BAD_EFFECT
#define BAD_EFFECT .05
#endif
#ifndef BAD_ROW_OFFSET
#define BAD_ROW_OFFSET 0
#endif
#ifndef BAD_CREATE
#define BAD_CREATE create
#endif
#ifndef BAD_READS
#define BAD_READS "p_alive"
#endif
#ifndef BAD_NEEDS
#define BAD_NEEDS CLV_ABI_PACK(1, 0)
#endif

/* NULL: propose for every row. Else one proposal with this as its reason. */
static const char* misbehave(const clv_plugin_host* host, const clv_batch* customers);

#ifdef MISBEHAVE_IN_CREATE
static void misbehave_in_create(void);
#endif

static clv_status BAD_CREATE(const clv_plugin_host* host, const char* config, void** instance);

static clv_status create(const clv_plugin_host* host, const char* config, void** instance) {
  (void)config;
#ifdef MISBEHAVE_IN_CREATE
  misbehave_in_create();
#endif
  *instance = (void*)(uintptr_t)host;
  return CLV_OK;
}

static void destroy(void* instance) {
  (void)instance;
}

static clv_status offer(const clv_proposal_sink* sink, int64_t row, const char* reason, double n) {
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.row = row + BAD_ROW_OFFSET;
  p.action = "win";
  p.channel = "email";
  p.reason = reason;
  p.effect_mean = BAD_EFFECT;
  p.effect_sd = .01;
  p.effect_n = n;
  return sink->emit(sink->ctx, &p);
}

static clv_status propose(void* self, const clv_batch* customers, const clv_proposal_sink* sink) {
  const clv_plugin_host* host = (const clv_plugin_host*)self;
  const char* said = misbehave(host, customers);
  if (said != NULL) return offer(sink, 0, said, 1);
  for (int64_t row = 0; row < customers->n_rows; ++row) {
    const double n = (double)(host->random(host->ctx, row, 7) >> 40);
    (void)offer(sink, row, "Has not bought for longer than usual.", n); /* refused or not */
  }
  return CLV_OK;
}

static const void* capability(const char* id) {
  static const clv_action_v1 action = {sizeof(clv_action_v1), 0, propose};
  return strcmp(id, CLV_CAP_ACTION_1) == 0 ? &action : NULL;
}

static const clv_plugin_entry entry = {sizeof(clv_plugin_entry),
                                       BAD_NEEDS,
                                       CLV_ABI_TARGET,
                                       0,
                                       "org.example.bad",
                                       "Bad",
                                       "1.0",
                                       "Example",
                                       "Apache-2.0",
                                       "Misbehaves in one place.",
                                       "{\"reads\":[\"" BAD_READS "\"],\"actions\":[\"win\"]}",
                                       BAD_CREATE,
                                       destroy,
                                       capability};

CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  (void)host_abi;
  return &entry;
}

/* "EPERM" for a call that was refused; "done" for one that worked. */
static inline const char* told(int failed) {
  if (!failed) return "done";
  switch (errno) {
    case EPERM:
      return "EPERM";
    case EAGAIN:
      return "EAGAIN";
    case EACCES:
      return "EACCES";
    default:
      return "another error";
  }
}
#endif

/* A plugin of any capabilities, for fixtures. A fixture defines CAPABLE_ID, CAPABLE_MANIFEST and
 * those of CAPABLE_ACTION, CAPABLE_FEATURE and CAPABLE_SEGMENTATION that it offers, includes this
 * header and defines the functions propose, compute and segment that go with them. */
#ifndef CLV_TEST_CAPABLE_H
#define CLV_TEST_CAPABLE_H
#include <stddef.h>
#include <string.h>

#include "clv_plugin.h"

/* Number of row `row` in column `name`; `absent` where it has none. */
static inline double number_in(const clv_batch* in, const char* name, int64_t row, double absent) {
  for (uint32_t i = 0; i < in->n_columns; ++i) {
    const clv_column* c = &in->columns[i];
    if (strcmp(c->name, name) != 0) continue;
    if (c->validity != NULL && (((unsigned)c->validity[row / 8] >> (row % 8)) & 1U) == 0)
      return absent;
    return ((const double*)c->data)[row];
  }
  return absent;
}

#ifdef CAPABLE_ACTION
static clv_status propose(void* instance, const clv_batch* in, const clv_proposal_sink* sink);
static const clv_action_v1 capable_action = {sizeof(clv_action_v1), 0, propose};
#endif
#ifdef CAPABLE_FEATURE
static clv_status compute(void* instance, const clv_batch* in, const clv_feature_sink* sink);
static const clv_feature_v1 capable_feature = {sizeof(clv_feature_v1), 0, compute};
#endif
#ifdef CAPABLE_SEGMENTATION
static clv_status segment(void* instance, const clv_batch* in, const clv_segment_sink* sink);
static const clv_segmentation_v1 capable_segmentation = {sizeof(clv_segmentation_v1), 0, segment};
#endif

static inline clv_status capable_create(const clv_plugin_host* host,
                                        const char* config,
                                        void** instance) {
  (void)config;
  *instance = (void*)(uintptr_t)host;
  return CLV_OK;
}

static inline void capable_destroy(void* instance) {
  (void)instance;
}

static const void* capable_get(const char* id) {
#ifdef CAPABLE_ACTION
  if (strcmp(id, CLV_CAP_ACTION_1) == 0) return &capable_action;
#endif
#ifdef CAPABLE_FEATURE
  if (strcmp(id, CLV_CAP_FEATURE_1) == 0) return &capable_feature;
#endif
#ifdef CAPABLE_SEGMENTATION
  if (strcmp(id, CLV_CAP_SEGMENTATION_1) == 0) return &capable_segmentation;
#endif
  return NULL;
}

static const clv_plugin_entry capable_entry = {sizeof(clv_plugin_entry),
                                               CLV_ABI_PACK(1, 0),
                                               CLV_ABI_TARGET,
                                               0,
                                               CAPABLE_ID,
                                               "Fixture",
                                               "2.3",
                                               "Example",
                                               "Apache-2.0",
                                               "A plugin for tests.",
                                               CAPABLE_MANIFEST,
                                               capable_create,
                                               capable_destroy,
                                               capable_get};

CLV_BEGIN_C
CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  (void)host_abi;
  return &capable_entry;
}
CLV_END_C

#endif

/* The smallest complete plugin, for fixtures that are wrong in one place. A fixture includes this
 * header, defines propose, and before that any of the macros below which it wants to be different.
 */
#ifndef CLV_TEST_FIXTURE_H
#define CLV_TEST_FIXTURE_H
#include "clv_plugin.h"

#ifndef FIXTURE_ID
#define FIXTURE_ID "org.example.fixture"
#endif
#ifndef FIXTURE_MANIFEST
#define FIXTURE_MANIFEST "{\"reads\":[\"p_alive\"],\"actions\":[\"win\"]}"
#endif
#ifndef FIXTURE_NEEDS
#define FIXTURE_NEEDS CLV_ABI_PACK(1, 0)
#endif
#ifndef FIXTURE_BUILT
#define FIXTURE_BUILT CLV_ABI_TARGET
#endif
#ifndef FIXTURE_ENTRY_SIZE
#define FIXTURE_ENTRY_SIZE sizeof(clv_plugin_entry)
#endif
#ifndef FIXTURE_ACTION_SIZE
#define FIXTURE_ACTION_SIZE sizeof(clv_action_v1)
#endif
#ifndef FIXTURE_CREATE
#define FIXTURE_CREATE fixture_create
#endif
#ifndef FIXTURE_DESTROY
#define FIXTURE_DESTROY fixture_destroy
#endif
#ifndef FIXTURE_CAPABILITY
#define FIXTURE_CAPABILITY &fixture_action
#endif

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink);

/* The instance is the host table itself: it lives as long. */
static inline clv_status fixture_create(const clv_plugin_host* host,
                                        const char* config,
                                        void** instance) {
  (void)config;
  *instance = (void*)(uintptr_t)host;
  return CLV_OK;
}

static inline void fixture_destroy(void* instance) {
  (void)instance;
}

static inline clv_proposal fixture_proposal(int64_t row) {
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.row = row;
  p.action = "win";
  p.channel = "email";
  p.reason = "Has not bought for longer than usual.";
  p.effect_mean = 0.05;
  p.effect_sd = 0.01;
  p.effect_n = 100;
  p.contact_cost_minor = 10;
  return p;
}

static const clv_action_v1 fixture_action = {(uint32_t)(FIXTURE_ACTION_SIZE), 0, propose};

static const void* fixture_capability(const char* id) {
  const char* want = CLV_CAP_ACTION_1;
  while (*id != '\0' && *id == *want) {
    ++id;
    ++want;
  }
  return *id == *want ? FIXTURE_CAPABILITY : NULL;
}

static void FIXTURE_DESTROY(void* instance);
static clv_status FIXTURE_CREATE(const clv_plugin_host* host, const char* config, void** instance);

static const clv_plugin_entry fixture_entry = {(uint32_t)(FIXTURE_ENTRY_SIZE),
                                               FIXTURE_NEEDS,
                                               FIXTURE_BUILT,
                                               0,
                                               FIXTURE_ID,
                                               "Fixture",
                                               "2.3",
                                               "Example",
                                               "Apache-2.0",
                                               "A plugin for tests.",
                                               FIXTURE_MANIFEST,
                                               FIXTURE_CREATE,
                                               FIXTURE_DESTROY,
                                               fixture_capability};

#ifndef FIXTURE_OWN_ENTRY
CLV_BEGIN_C
CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  (void)host_abi;
  return &fixture_entry;
}
CLV_END_C
#endif

#endif

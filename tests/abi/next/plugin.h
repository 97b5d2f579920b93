/* What the plugins of 1.1 share: an entry that says what each needs, and a propose of their own. */
#ifndef CLV_TEST_NEXT_PLUGIN_H
#define CLV_TEST_NEXT_PLUGIN_H
#include <string.h>

#include "clv_plugin.h"

static clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* to);

static clv_status create(const clv_plugin_host* host, const char* config, void** self) {
  (void)config;
  *self = (void*)(uintptr_t)host;
  return CLV_OK;
}

static void destroy(void* self) {
  (void)self;
}

static const void* capability(const char* id) {
  static const clv_action_v1 action = {sizeof(clv_action_v1), 0, propose};
  return strcmp(id, CLV_CAP_ACTION_1) == 0 ? &action : NULL;
}

static const clv_plugin_entry entry = {sizeof(clv_plugin_entry),
                                       NEEDS,
                                       CLV_ABI_TARGET,
                                       0,
                                       "org.example.next",
                                       "Next",
                                       "2.3",
                                       "Example",
                                       "Apache-2.0",
                                       "A plugin built for ABI 1.1.",
                                       "{\"reads\":[\"p_alive\"],\"actions\":[\"mail\"]}",
                                       create,
                                       destroy,
                                       capability,
                                       "https://example.org"};

CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  (void)host_abi;
  return &entry;
}

static clv_status offer(const clv_proposal_sink* to, double cost, double next_number) {
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.action = "mail";
  p.channel = "email";
  p.reason = "Has not bought for longer than usual.";
  p.effect_mean = .02;
  p.effect_sd = .005;
  p.contact_cost_minor = (int64_t)cost;
  p.next_number = next_number;
  return to->emit(to->ctx, &p);
}
#endif

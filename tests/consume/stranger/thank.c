/* The stranger's plugin: thanks whoever is probably still a customer. */
#include <string.h>

#include "clv_plugin.h"

static clv_status create(const clv_plugin_host* host, const char* config, void** instance) {
  (void)config;
  *instance = (void*)host;
  return CLV_OK;
}

static void destroy(void* instance) {
  (void)instance;
}

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  int64_t row;
  (void)instance;
  for (row = 0; row < customers->n_rows; ++row) {
    clv_proposal p = CLV_SIZED(clv_proposal);
    clv_status status;
    p.row = row;
    p.action = "thank.card";
    p.channel = "post";
    p.reason = "A loyal customer: say thank you.";
    p.effect_mean = .01;
    p.effect_sd = .01;
    p.contact_cost_minor = 120;
    status = sink->emit(sink->ctx, &p);
    if (status < 0) return status;
  }
  return CLV_OK;
}

static const void* get_capability(const char* id) {
  static const clv_action_v1 action = {sizeof(clv_action_v1), 0, propose};
  return strcmp(id, CLV_CAP_ACTION_1) == 0 ? &action : NULL;
}

CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  static const clv_plugin_entry entry = {
      sizeof(clv_plugin_entry),
      CLV_ABI_PACK(1, 0),
      CLV_ABI_TARGET,
      0,
      "example.thank",
      "Thank",
      "1.0.0",
      "A stranger",
      "Apache-2.0",
      "Sends a card.",
      "{\"reads\": [\"p_alive\"], \"actions\": [\"thank.card\"]}",
      create,
      destroy,
      get_capability};
  return (host_abi >> 16) == CLV_ABI_MAJOR ? &entry : NULL;
}

/* action.c - a plugin of ABI 1.0 that uses all of what the host offered then: compiled against the
 * headers kept beside it and run by later hosts; never edited after the release. */
#include <string.h>

#include "clv_plugin.h"

static clv_status create(const clv_plugin_host* host, const char* config, void** self) {
  (void)config;
  if (host->abi < CLV_ABI_PACK(1, 0) || !CLV_HAS(clv_plugin_host, host, get_service)) {
    return CLV_E_ABI;
  }
  if (host->get_service(host->ctx, "org.example.unknown/1") != NULL) return CLV_E_INTERNAL;
  host->log(host->ctx, CLV_LOG_INFO, "made");
  *self = (void*)(uintptr_t)host; /* lives as long as the instance */
  return CLV_OK;
}

static void destroy(void* self) {
  (void)self;
}

static const clv_column* find(const clv_batch* in, const char* name) {
  for (uint32_t i = 0; i < in->n_columns; ++i) {
    if (strcmp(in->columns[i].name, name) == 0) return &in->columns[i];
  }
  return NULL;
}

static clv_proposal offer(const clv_plugin_host* host, int64_t row) {
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.flags = row % 7 == 0 ? CLV_PROPOSAL_NEEDS_APPROVAL : 0;
  p.row = row;
  p.action = row % 2 == 0 ? "call" : "mail";
  p.channel = row % 2 == 0 ? "phone" : "email";
  p.reason = "Has not bought for longer than usual.";
  p.effect_mean = .02 + (double)(host->random(host->ctx, row, 1) >> 40) * 1e-9;
  p.effect_sd = .005;
  p.effect_n = 40;
  p.response_value_minor = 4000;
  p.benefit_minor = 100;
  p.contact_cost_minor = 10;
  p.horizon_us = INT64_C(30) * 86400 * 1000000;
  p.expires_us = host->now_us(host->ctx) + 1000000;
  p.agent_minutes = row % 2 == 0 ? 5 : 0;
  p.category = "marketing";
  p.benefit_kind = "discount";
  p.discount_share = .05;
  p.worst_case_minor = 120;
  p.pull_forward = .1;
  p.unsubscribe_effect = .0001;
  p.message_json = "{\"greeting\":\"Gr\\u00fc\\u00df Gott\"}";
  return p;
}

static clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* to) {
  const clv_plugin_host* host = (const clv_plugin_host*)self;
  if (find(in, "p_alive") == NULL || find(in, "clv") == NULL || in->n_columns != 2) {
    return CLV_E_INTERNAL; /* what the manifest reads, and nothing else */
  }
  for (int64_t row = 0; row < in->n_rows; ++row) {
    const clv_proposal p = offer(host, row);
    const clv_status kept = to->emit(to->ctx, &p);
    if (kept < 0) return kept;
    if (host->cancelled(host->ctx)) return CLV_E_CANCELLED;
  }
  return CLV_OK;
}

static const void* capability(const char* id) {
  static const clv_action_v1 action = {sizeof(clv_action_v1), 0, propose};
  return strcmp(id, CLV_CAP_ACTION_1) == 0 ? &action : NULL;
}

static const clv_plugin_entry entry = {
    sizeof(clv_plugin_entry),
    CLV_ABI_PACK(1, 0),
    CLV_ABI_TARGET,
    0,
    "org.example.of_1_0",
    "Of 1.0",
    "1.0.0",
    "Example",
    "Apache-2.0",
    "A plugin of ABI 1.0.",
    "{\"reads\":[\"p_alive\",\"clv\"],\"actions\":[\"call\",\"mail\"]}",
    create,
    destroy,
    capability};

CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  (void)host_abi;
  return &entry;
}

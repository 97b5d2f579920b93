/* smallest.c - a whole plugin that links nothing: it asks customers who have probably left why. */
#include "clv_plugin.h"

static int same(const char* a, const char* b) { /* strcmp would need a C library */
  while (*a != '\0' && *a == *b) ++a, ++b;
  return *a == *b;
}
static clv_status create(const clv_plugin_host* host, const char* config, void** self) {
  if (same(config, "{}")) return *self = (void*)host, CLV_OK;
  return host->fail(host->ctx, -1, "smallest takes no settings: give {}"), CLV_E_INVALID;
}
/* clang-format off */
static void destroy(void* self) { (void)self; }
static clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* out) {
  const clv_column *p = in->columns, *end = p + in->n_columns; /* columns come in any order */
  while (p != end && !same(p->name, "p_alive")) ++p;
  if (p == end) return CLV_E_INVALID; /* the manifest reads it, so libclv always gives it */
  const int64_t stride = p->stride != 0 ? p->stride : (int64_t)sizeof(double);
  clv_proposal ask = CLV_SIZED(clv_proposal); /* with effect_n = 0: the effect is an opinion */
  ask.action = "smallest.ask", ask.channel = "email", ask.reason = "Has probably left: ask why.";
  ask.effect_mean = .004, ask.effect_sd = .003, ask.contact_cost_minor = 1;
  for (clv_status status; ask.row < in->n_rows; ++ask.row) {
    if (p->validity != NULL && (p->validity[ask.row / 8] >> (ask.row % 8) & 1) == 0) continue;
    if (!(*(const double*)((const char*)p->data + ask.row * stride) < .5)) continue; /* or NaN */
    if ((status = out->emit(out->ctx, &ask)) < 0) return status;
  }
  return (void)self, CLV_OK;
}
static const void* get_capability(const char* id) {
  static const clv_action_v1 action = {sizeof action, 0, propose};
  return same(id, CLV_CAP_ACTION_1) ? &action : NULL;
}
static const clv_plugin_entry entry = {sizeof entry, CLV_ABI_PACK(1, 0), CLV_ABI_TARGET, 0,
    "clv.smallest", "Smallest", "1.0.0", "libclv", "Apache-2.0", "Asks who has left why.",
    "{\"reads\": [\"p_alive\"], \"actions\": [\"smallest.ask\"], \"config\":"
    " {\"type\": \"object\", \"additionalProperties\": false}}", create, destroy, get_capability};
CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  return (host_abi >> 16) == CLV_ABI_MAJOR ? &entry : NULL;
}

/* template.c - a plugin that proposes, to be made another: change the strings and propose(). As it
 * is, it asks customers who have probably left whether all is right. It links nothing but libc; all
 * it may call arrives in the host table. clv_plugin.h explains every word used here. */
#include <string.h>

#include "clv_plugin.h"

/* One instance per run. Without settings of its own the host table is all it has to remember. */
static clv_status create(const clv_plugin_host* host, const char* config, void** self) {
  *self = (void*)host;
  if (strcmp(config, "{}") == 0) return CLV_OK;
  host->fail(host->ctx, -1, "template takes no settings: give {}"); /* never ignore one silently */
  *self = NULL;
  return CLV_E_INVALID;
}
static void destroy(void* self) {
  (void)self;
} /* nothing was allocated */

/* clang-format off */
static const clv_proposal offer = { /* what every row below gets */
    .struct_size = sizeof(clv_proposal), .action = "template.ask", .channel = "email",
    .reason = "Has probably left: ask whether everything is all right.",
    /* tau and its standard deviation. An opinion: say so with effect_n = 0. */
    .effect_mean = .004, .effect_sd = .003, .effect_n = 0, .contact_cost_minor = 1};
/* clang-format on */

static clv_status propose(void* self, const clv_batch* in, const clv_proposal_sink* out) {
  const clv_column* alive = NULL; /* columns come in any order: look them up by name */
  (void)self;
  for (uint32_t i = 0; i < in->n_columns; ++i)
    if (strcmp(in->columns[i].name, "p_alive") == 0) alive = &in->columns[i];
  if (alive == NULL) return CLV_E_INVALID; /* the manifest reads it, so libclv always gives it */
  const int64_t stride = alive->stride != 0 ? alive->stride : (int64_t)sizeof(double);
  for (int64_t row = 0; row < in->n_rows; ++row) {
    if (alive->validity != NULL && (alive->validity[row / 8] >> (row % 8) & 1) == 0) continue;
    const double p_alive = *(const double*)((const char*)alive->data + row * stride);
    if (!(p_alive < .5)) continue; /* written so that NaN is left alone, too */
    clv_proposal mine = offer;
    mine.row = row;
    const clv_status status = out->emit(out->ctx, &mine);
    if (status < 0) return status;
  }
  return CLV_OK;
}

static const void* get_capability(const char* id) {
  static const clv_action_v1 action = {sizeof(clv_action_v1), 0, propose};
  return strcmp(id, CLV_CAP_ACTION_1) == 0 ? &action : NULL;
}

/* clang-format off */
static const clv_plugin_entry entry = {
    sizeof(clv_plugin_entry), CLV_ABI_PACK(1, 0), CLV_ABI_TARGET, 0,
    "clv.template", "Template", "1.0.0", "libclv", "Apache-2.0",
    "Asks customers who have probably left whether everything is all right.",
    "{\"reads\": [\"p_alive\"], \"actions\": [\"template.ask\"],"
    " \"config\": {\"type\": \"object\", \"additionalProperties\": false}}",
    create, destroy, get_capability};
/* clang-format on */

CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  return (host_abi >> 16) == CLV_ABI_MAJOR ? &entry : NULL;
}

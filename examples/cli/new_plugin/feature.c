/* template.c - a plugin that computes a feature, to be made another: change the strings and
 * compute(). As it is, it says how long a customer has been silent, counted in the customer's own
 * time between two purchases. It links nothing but libc; all it may call arrives in the host table.
 * clv_plugin.h explains every word used here. */
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

/* Columns come in any order: look them up by name. The manifest reads them, so all are there. */
static const clv_column* find(const clv_batch* in, const char* name) {
  for (uint32_t i = 0; i < in->n_columns; ++i)
    if (strcmp(in->columns[i].name, name) == 0) return &in->columns[i];
  return NULL;
}

/* The value, or -1 where it is absent: none of these is ever below 0. */
static double value(const clv_column* c, int64_t row) {
  if (c->validity != NULL && (c->validity[row / 8] >> (row % 8) & 1) == 0) return -1;
  const int64_t stride = c->stride != 0 ? c->stride : (int64_t)sizeof(double);
  return *(const double*)((const char*)c->data + row * stride);
}

static clv_status compute(void* self, const clv_batch* in, const clv_feature_sink* out) {
  const clv_column *x = find(in, "x"), *t_x = find(in, "t_x"), *age = find(in, "T");
  (void)self;
  if (x == NULL || t_x == NULL || age == NULL) return CLV_E_INVALID;
  for (int64_t row = 0; row < in->n_rows; ++row) {
    const double rhythm = value(t_x, row) / value(x, row);
    const double silence = value(age, row) - value(t_x, row);
    if (!(value(x, row) > 0 && rhythm > 0 && silence >= 0)) continue; /* NaN is left alone, too */
    const double rhythms = silence / rhythm;
    if (!(rhythms < 1e9)) continue; /* infinite numbers are not taken */
    const clv_status status = out->set(out->ctx, row, "silence", rhythms);
    if (status < 0) return status;
  }
  return CLV_OK;
}

static const void* get_capability(const char* id) {
  static const clv_feature_v1 feature = {sizeof(clv_feature_v1), 0, compute};
  return strcmp(id, CLV_CAP_FEATURE_1) == 0 ? &feature : NULL;
}

/* clang-format off */
static const clv_plugin_entry entry = {
    sizeof(clv_plugin_entry), CLV_ABI_PACK(1, 0), CLV_ABI_TARGET, 0,
    "clv.template", "Template", "1.0.0", "libclv", "Apache-2.0",
    "Says how many of its own intervals a customer has been silent.",
    "{\"reads\": [\"x\", \"t_x\", \"T\"], \"features\": [\"silence\"],"
    " \"config\": {\"type\": \"object\", \"additionalProperties\": false}}",
    create, destroy, get_capability};
/* clang-format on */

CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  return (host_abi >> 16) == CLV_ABI_MAJOR ? &entry : NULL;
}

/* template.c - a plugin that puts customers into segments, to be made another: change the strings
 * and segment(). As it is, it tells who is there from who may have left and who has. It links
 * nothing but libc; all it may call arrives in the host table. clv_plugin.h explains every word
 * used here. */
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

static clv_status segment(void* self, const clv_batch* in, const clv_segment_sink* out) {
  const clv_column* alive = find(in, "p_alive");
  (void)self;
  if (alive == NULL) return CLV_E_INVALID;
  const int64_t stride = alive->stride != 0 ? alive->stride : (int64_t)sizeof(double);
  for (int64_t row = 0; row < in->n_rows; ++row) {
    if (alive->validity != NULL && (alive->validity[row / 8] >> (row % 8) & 1) == 0) continue;
    const double p_alive = *(const double*)((const char*)alive->data + row * stride);
    if (!(p_alive >= 0 && p_alive <= 1)) continue; /* in no segment; NaN is left alone, too */
    const char* name = p_alive > .8 ? "there" : p_alive > .3 ? "doubtful" : "gone";
    const clv_status status = out->assign(out->ctx, row, name);
    if (status < 0) return status;
  }
  return CLV_OK;
}

static const void* get_capability(const char* id) {
  static const clv_segmentation_v1 segmentation = {sizeof(clv_segmentation_v1), 0, segment};
  return strcmp(id, CLV_CAP_SEGMENTATION_1) == 0 ? &segmentation : NULL;
}

/* clang-format off */
static const clv_plugin_entry entry = {
    sizeof(clv_plugin_entry), CLV_ABI_PACK(1, 0), CLV_ABI_TARGET, 0,
    "clv.template", "Template", "1.0.0", "libclv", "Apache-2.0",
    "Tells who is there from who may have left and who has.",
    "{\"reads\": [\"p_alive\"], \"segments\": [\"there\", \"doubtful\", \"gone\"],"
    " \"config\": {\"type\": \"object\", \"additionalProperties\": false}}",
    create, destroy, get_capability};
/* clang-format on */

CLV_PLUGIN_EXPORT const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi);
const clv_plugin_entry* clv_plugin_entry_v1(uint32_t host_abi) {
  return (host_abi >> 16) == CLV_ABI_MAJOR ? &entry : NULL;
}

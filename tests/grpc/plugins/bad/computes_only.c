/* Computes a feature and proposes nothing: no use to a server. */
#define CAPABLE_ID "org.example.computes_only"
#define CAPABLE_MANIFEST "{\"reads\":[\"x\"],\"features\":[\"more\"]}"
#define CAPABLE_FEATURE
#include "../../../abi/plugins/capable.h"

static clv_status compute(void* instance, const clv_batch* in, const clv_feature_sink* sink) {
  (void)instance;
  for (int64_t row = 0; row < in->n_rows; ++row) {
    sink->set(sink->ctx, row, "more", number_in(in, "x", row, 0) + 1);
  }
  return CLV_OK;
}

/* Computes: twice x, and nothing for a customer without a repeat purchase. */
#define CAPABLE_ID "org.example.doubles"
#define CAPABLE_MANIFEST                                                   \
  "{\"reads\":[\"x\",\"attr.region\"],\"features\":[\"twice\",\"never\"]," \
  "\"effects\":\"files\",\"deterministic\":false}"
#define CAPABLE_FEATURE
#include "capable.h"

static clv_status compute(void* instance, const clv_batch* in, const clv_feature_sink* sink) {
  (void)instance;
  for (int64_t row = 0; row < in->n_rows; ++row) {
    const double x = number_in(in, "x", row, 0);
    if (x < 1) continue;
    sink->set(sink->ctx, row, "twice", -1);
    const clv_status kept = sink->set(sink->ctx, row, "twice", 2 * x); /* the last one counts */
    if (kept < 0) return kept;
  }
  return CLV_OK;
}

/* Segments: by x, which the log has, and by a feature where it is loaded; x = 0 is in none. */
#define CAPABLE_ID "org.example.sorts"
#define CAPABLE_MANIFEST \
  "{\"reads\":[\"x\",\"feature.twice\"],\"segments\":[\"few\",\"many\",\"empty\"]}"
#define CAPABLE_SEGMENTATION
#include "capable.h"

static clv_status segment(void* instance, const clv_batch* in, const clv_segment_sink* sink) {
  (void)instance;
  for (int64_t row = 0; row < in->n_rows; ++row) {
    const double x = number_in(in, "x", row, 0);
    if (x < 1) continue;
    const double twice = number_in(in, "feature.twice", row, 2 * x);
    sink->assign(sink->ctx, row, "empty");
    const clv_status kept = sink->assign(sink->ctx, row, twice > 4 ? "many" : "few");
    if (kept < 0) return kept;
  }
  return CLV_OK;
}

/* Says nonsense to the sink, and one good number. */
#include <math.h>
#define CAPABLE_ID "org.example.junk_features"
#define CAPABLE_MANIFEST "{\"reads\":[\"x\"],\"features\":[\"good\"]}"
#define CAPABLE_FEATURE
#include "capable.h"

static clv_status compute(void* instance, const clv_batch* in, const clv_feature_sink* sink) {
  (void)instance;
  if (in->n_rows == 0) return CLV_OK;
  const clv_status refused[] = {sink->set(sink->ctx, -1, "good", 1),
                                sink->set(sink->ctx, in->n_rows, "good", 1),
                                sink->set(sink->ctx, 0, "good", (double)NAN),
                                sink->set(sink->ctx, 0, "good", (double)INFINITY),
                                sink->set(sink->ctx, 0, "better", 1),
                                sink->set(sink->ctx, 0, "feature.good", 1),
                                sink->set(sink->ctx, 0, NULL, 1)};
  for (size_t i = 0; i < sizeof refused / sizeof *refused; ++i) {
    if (refused[i] != CLV_E_INVALID) return CLV_E_INTERNAL;
  }
  return sink->set(sink->ctx, 0, "good", 7);
}

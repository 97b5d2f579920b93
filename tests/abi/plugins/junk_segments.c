/* Says nonsense to the sink, and one good segment. */
#define CAPABLE_ID "org.example.junk_segments"
#define CAPABLE_MANIFEST "{\"reads\":[\"x\"],\"segments\":[\"good\"]}"
#define CAPABLE_SEGMENTATION
#include "capable.h"

static clv_status segment(void* instance, const clv_batch* in, const clv_segment_sink* sink) {
  (void)instance;
  if (in->n_rows == 0) return CLV_OK;
  const clv_status refused[] = {sink->assign(sink->ctx, -1, "good"),
                                sink->assign(sink->ctx, in->n_rows, "good"),
                                sink->assign(sink->ctx, 0, "better"),
                                sink->assign(sink->ctx, 0, ""),
                                sink->assign(sink->ctx, 0, NULL)};
  for (size_t i = 0; i < sizeof refused / sizeof *refused; ++i) {
    if (refused[i] != CLV_E_INVALID) return CLV_E_INTERNAL;
  }
  return sink->assign(sink->ctx, 0, "good");
}

/* All three capabilities, each reading what the others make. */
#define CAPABLE_ID "org.example.all_three"
#define CAPABLE_MANIFEST                                                  \
  "{\"reads\":[\"x\",\"segment\",\"feature.own\"],\"actions\":[\"win\"]," \
  "\"features\":[\"own\"],\"segments\":[\"yes\",\"no\"]}"
#define CAPABLE_ACTION
#define CAPABLE_FEATURE
#define CAPABLE_SEGMENTATION
#include "capable.h"

static clv_status compute(void* instance, const clv_batch* in, const clv_feature_sink* sink) {
  (void)instance;
  if (in->n_columns != 2) return CLV_E_INTERNAL; /* its own feature is not made yet */
  for (int64_t row = 0; row < in->n_rows; ++row) {
    sink->set(sink->ctx, row, "own", number_in(in, "x", row, 0) + 1);
  }
  return CLV_OK;
}

static clv_status segment(void* instance, const clv_batch* in, const clv_segment_sink* sink) {
  (void)instance;
  for (int64_t row = 0; row < in->n_rows; ++row) {
    sink->assign(sink->ctx, row, number_in(in, "feature.own", row, 0) > 1 ? "yes" : "no");
  }
  return CLV_OK;
}

static clv_status propose(void* instance, const clv_batch* in, const clv_proposal_sink* sink) {
  (void)instance;
  for (int64_t row = 0; row < in->n_rows; ++row) {
    clv_proposal p = CLV_SIZED(clv_proposal);
    p.row = row;
    p.action = "win";
    p.channel = "email";
    p.reason = "Is in our list.";
    p.effect_mean = 0.05;
    p.effect_sd = 0.01;
    p.effect_n = number_in(in, "feature.own", row, 0);
    sink->emit(sink->ctx, &p);
  }
  return CLV_OK;
}

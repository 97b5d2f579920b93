/* Proposes where the feature of doubles.c has a value, and says it as effect_n. */
#define CAPABLE_ID "org.example.reads_twice"
#define CAPABLE_MANIFEST "{\"reads\":[\"feature.twice\"],\"actions\":[\"win\"]}"
#define CAPABLE_ACTION
#include "capable.h"

static clv_status propose(void* instance, const clv_batch* in, const clv_proposal_sink* sink) {
  (void)instance;
  if (in->n_columns != 1) return CLV_E_INTERNAL; /* saw more than it was granted */
  for (int64_t row = 0; row < in->n_rows; ++row) {
    const double twice = number_in(in, "feature.twice", row, -1);
    if (twice < 0) continue;
    clv_proposal p = CLV_SIZED(clv_proposal);
    p.row = row;
    p.action = "win";
    p.channel = "email";
    p.reason = "Has bought before.";
    p.effect_mean = 0.05;
    p.effect_sd = 0.01;
    p.effect_n = twice;
    const clv_status kept = sink->emit(sink->ctx, &p);
    if (kept < 0) return kept;
  }
  return CLV_OK;
}

/* One proposal for each customer whose p_alive is absent. */
#define FIXTURE_ID "org.example.absent"
#define FIXTURE_MANIFEST "{\"reads\":[\"p_alive\"],\"actions\":[\"win\"]}"
#include "fixture.h"

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  const clv_column* alive = &customers->columns[0];
  (void)instance;
  for (int64_t row = 0; row < customers->n_rows; ++row) {
    if (alive->validity == NULL || (alive->validity[row / 8] >> (row % 8) & 1) != 0) continue;
    const clv_proposal p = fixture_proposal(row);
    const clv_status kept = sink->emit(sink->ctx, &p);
    if (kept < 0) return kept;
  }
  return CLV_OK;
}

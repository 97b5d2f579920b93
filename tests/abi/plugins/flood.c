/* Would fill the memory if it were let. */
#define FIXTURE_ID "org.example.flood"
#include "fixture.h"

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  (void)instance;
  (void)customers;
  const clv_proposal p = fixture_proposal(0);
  for (;;) {
    const clv_status kept = sink->emit(sink->ctx, &p);
    if (kept < 0) return kept;
  }
}

/* Leaves the floating-point environment changed. */
#include <fenv.h>

#define FIXTURE_ID "org.example.rounds_up"
#include "fixture.h"

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  (void)instance;
  (void)customers;
  (void)sink;
  return fesetround(FE_UPWARD) == 0 ? CLV_OK : CLV_E_INTERNAL;
}

// Throws a type that is no std::exception, after some proposals.
#define FIXTURE_ID "org.example.throws"
#include "fixture.h"

static clv_status propose(void*, const clv_batch* customers, const clv_proposal_sink* sink) {
  for (int64_t row = 0; row < customers->n_rows; ++row) {
    const clv_proposal p = fixture_proposal(row);
    sink->emit(sink->ctx, &p);
    if (row == 1) throw 42;
  }
  return CLV_OK;
}

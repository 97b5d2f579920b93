/* Works for the first block of customers and fails in a later one, naming a row. */
#define FIXTURE_ID "org.example.fails_late"
#define FIXTURE_MANIFEST "{\"reads\":[\"x\"],\"actions\":[\"win\"]}"
#include "fixture.h"

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  const clv_plugin_host* host = (const clv_plugin_host*)instance;
  const double* x = (const double*)customers->columns[0].data;
  for (int64_t row = 0; row < customers->n_rows; ++row) {
    if (x[row] > 5000) {
      host->fail(host->ctx, row, "too many purchases");
      return CLV_E_NUMERIC;
    }
    const clv_proposal p = fixture_proposal(row);
    sink->emit(sink->ctx, &p);
  }
  return CLV_OK;
}

/* One proposal for each customer in Kyiv with an open ticket: what the host knows of customers. */
#define FIXTURE_ID "org.example.reads_host"
#define FIXTURE_MANIFEST "{\"reads\":[\"attr.city\",\"open_tickets\"],\"actions\":[\"win\"]}"
#include "fixture.h"

static int there(const clv_column* c, int64_t row) {
  return c->validity == NULL || (c->validity[row / 8] >> (row % 8) & 1) != 0;
}

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  const clv_column* city = &customers->columns[0];
  const clv_column* tickets = &customers->columns[1];
  (void)instance;
  if (city->type != CLV_T_UTF8 || tickets->type != CLV_T_F64) return CLV_E_UNSUPPORTED;
  for (int64_t row = 0; row < customers->n_rows; ++row) {
    if (!there(city, row) || !there(tickets, row)) continue;
    const char* text = (const char*)city->data + city->offsets[row];
    if (city->offsets[row + 1] == city->offsets[row] || *text != 'K') continue;
    if (!(((const double*)tickets->data)[row] > 0)) continue;
    const clv_proposal p = fixture_proposal(row);
    const clv_status kept = sink->emit(sink->ctx, &p);
    if (kept < 0) return kept;
  }
  return CLV_OK;
}

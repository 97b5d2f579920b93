/* Hands over every kind of nonsense, and one good proposal last. Fails if any nonsense is taken. */
#define FIXTURE_ID "org.example.junk"
#include "fixture.h"

static double nan_value(void) {
  volatile double zero = 0.0;
  return zero / zero;
}

static int taken(const clv_proposal_sink* sink, const clv_proposal* p) {
  return sink->emit(sink->ctx, p) >= 0;
}

static int takes_bad_places(const clv_proposal_sink* sink, int64_t rows) {
  int count = taken(sink, NULL);
  clv_proposal p = fixture_proposal(rows);
  count += taken(sink, &p);
  p = fixture_proposal(-1);
  count += taken(sink, &p);
  p = fixture_proposal(INT64_MIN);
  count += taken(sink, &p);
  p = fixture_proposal(0);
  p.struct_size = 3;
  count += taken(sink, &p);
  p = fixture_proposal(0);
  p.flags = 1U << 31U;
  return count + taken(sink, &p);
}

static int takes_bad_numbers(const clv_proposal_sink* sink) {
  int count = 0;
  clv_proposal p = fixture_proposal(0);
  p.effect_mean = nan_value();
  count += taken(sink, &p);
  p.effect_mean = 1.5;
  count += taken(sink, &p);
  p = fixture_proposal(0);
  p.effect_sd = -1;
  count += taken(sink, &p);
  p = fixture_proposal(0);
  p.agent_minutes = nan_value();
  count += taken(sink, &p);
  p = fixture_proposal(0);
  p.contact_cost_minor = -1;
  count += taken(sink, &p);
  p.contact_cost_minor = INT64_MAX;
  return count + taken(sink, &p);
}

static int takes_bad_texts(const clv_proposal_sink* sink) {
  static char long_text[5000];
  int count = 0;
  for (size_t i = 0; i + 1 < sizeof long_text; ++i) long_text[i] = 'a';
  clv_proposal p = fixture_proposal(0);
  p.action = "not.declared";
  count += taken(sink, &p);
  p.action = NULL;
  count += taken(sink, &p);
  p = fixture_proposal(0);
  p.channel = "\xC3";
  count += taken(sink, &p);
  p = fixture_proposal(0);
  p.reason = "";
  count += taken(sink, &p);
  p.reason = long_text;
  return count + taken(sink, &p);
}

static clv_status propose(void* instance,
                          const clv_batch* customers,
                          const clv_proposal_sink* sink) {
  (void)instance;
  if (customers->n_rows == 0) return CLV_OK;
  if (takes_bad_places(sink, customers->n_rows) + takes_bad_numbers(sink) + takes_bad_texts(sink)) {
    return CLV_E_INTERNAL;
  }
  const clv_proposal good = fixture_proposal(0);
  return sink->emit(sink->ctx, &good);
}

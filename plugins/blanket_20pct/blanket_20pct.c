/* blanket_20pct: 20 % off for everyone. DELIBERATELY BAD: it is here to be refused by the gate and
 * to be seen losing money in the simulated market. README.md says what is wrong with it. */
#include "../c_helpers.h"

#define SETTINGS(X, AND) \
  X(effect_mean, 0.02, -1, 1) AND X(effect_sd, 0.02, 0, 1) AND X(email_cost_minor, 1, 0, 1e12)
enum { SETTINGS(SETTING_NAME, COMMA) };
static const setting known[] = {SETTINGS(SETTING_ROW, COMMA)};
static const char manifest[] =
    "{\"reads\": [\"expected_spend\"], \"actions\": [\"blanket_20pct.discount\"], " /**/
    CONFIG_OPEN SETTINGS(SETTING_RULE, ", ") CONFIG_CLOSE "}";

typedef struct columns {
  const clv_column* expected_spend; /* of one order, in major units */
  double per_major;
} columns;
static columns columns_of(const clv_batch* in) {
  columns of = {column_named(in, "expected_spend"), 1};
  const int digits = currency_digits(of.expected_spend != NULL ? of.expected_spend->unit : NULL);
  for (int i = 0; i < digits; ++i) of.per_major *= 10;
  return of;
}

static clv_status propose_row(const instance* me,
                              const columns* of,
                              int64_t row,
                              const clv_proposal_sink* out) {
  const double order = number_at(of->expected_spend, row) * of->per_major;
  if (!(order > 0)) return CLV_OK; /* the discount would be of nobody knows what */
  char reason[160];
  snprintf(reason,
           sizeof reason,
           "Everyone gets 20 %% off, here %s of an order of %s.",
           amount_in_words(.2 * order, of->expected_spend).text,
           amount_in_words(order, of->expected_spend).text);
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.row = row;
  p.action = "blanket_20pct.discount";
  p.channel = "email";
  p.reason = reason;
  p.effect_mean = me->set[effect_mean];
  p.effect_sd = me->set[effect_sd];
  p.benefit_kind = "discount";
  p.benefit_minor = minor_units(.2 * order);
  p.discount_share = .2;
  p.contact_cost_minor = minor_units(me->set[email_cost_minor]);
  p.worst_case_minor = minor_units(order); /* an order five times as large as usual */
  return out->emit(out->ctx, &p);
}

C_PLUGIN("clv.blanket_20pct",
         "Blanket 20 %",
         "20 % off for everyone: deliberately bad, to be refused.")

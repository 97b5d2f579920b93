/* second_order: customers with one order, at the days when a second one is most likely. A reminder,
 * and the same with a benefit whose effect nobody knows: only exploration may try that. */
#include "../c_helpers.h"

/* clang-format off */
#define SETTINGS(X, AND)                    \
  X(window_days, 5, 0, 365)             AND \
  X(email_cost_minor, 1, 0, 1e12)       AND \
  X(effect_mean, 0.006, -1, 1)          AND \
  X(effect_sd, 0.005, 0, 1)             AND \
  X(benefit_minor, 300, 0, 1e12)        AND \
  X(pull_forward, 0.3, 0, 1)            AND \
  X(horizon_days, 30, 1, 3650)
/* clang-format on */
enum { SETTINGS(SETTING_NAME, COMMA) };
static const setting known[] = {SETTINGS(SETTING_ROW, COMMA)};
static const char manifest[] =
    "{\"reads\": [\"x\", \"T\", \"days_since_order\", \"second_order_day\"],"
    " \"actions\": [\"second_order.nudge\", \"second_order.benefit\"], " /**/
    CONFIG_OPEN SETTINGS(SETTING_RULE, ", ") CONFIG_CLOSE "}";

typedef struct columns {
  const clv_column *x, *T, *days_since_order, *second_order_day;
} columns;
static columns columns_of(const clv_batch* in) {
  return (columns){column_named(in, "x"),
                   column_named(in, "T"),
                   column_named(in, "days_since_order"),
                   column_named(in, "second_order_day")};
}

/* Days since the first and only order: as the CRM says, else the age in the model's unit. */
static double age_of(const columns* of, int64_t row) {
  const double said = number_at(of->days_since_order, row);
  if (said >= 0) return said;
  const char* unit = of->T != NULL && of->T->unit != NULL ? of->T->unit : "";
  if (strcmp(unit, "day") == 0) return number_at(of->T, row);
  return strcmp(unit, "week") == 0 ? 7 * number_at(of->T, row) : NAN;
}

static clv_status propose_row(const instance* me,
                              const columns* of,
                              int64_t row,
                              const clv_proposal_sink* out) {
  const double age = age_of(of, row), peak = number_at(of->second_order_day, row);
  if (!(number_at(of->x, row) == 0) || !(age >= 0) || !(peak > 0)) return CLV_OK;
  if (!(age - peak <= me->set[window_days] && peak - age <= me->set[window_days])) return CLV_OK;
  char reason[200];
  snprintf(reason,
           sizeof reason,
           "First order %.0f days ago; those who order again mostly do so around day %.0f.",
           shown(age),
           shown(peak));
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.row = row;
  p.action = "second_order.nudge";
  p.channel = "email";
  p.reason = reason;
  p.effect_mean = me->set[effect_mean];
  p.effect_sd = me->set[effect_sd];
  p.contact_cost_minor = minor_units(me->set[email_cost_minor]);
  p.horizon_us = days_in_us(me->set[horizon_days]);
  p.pull_forward = me->set[pull_forward]; /* some would have come a little later anyway */
  const clv_status status = out->emit(out->ctx, &p);
  if (status < 0 || !(me->set[benefit_minor] >= 1)) return status;
  p.action = "second_order.benefit";
  p.effect_mean = 0;
  p.effect_sd = 0; /* unknown */
  p.benefit_kind = "discount";
  p.benefit_minor = minor_units(me->set[benefit_minor]);
  return out->emit(out->ctx, &p);
}

C_PLUGIN("clv.second_order",
         "Second order",
         "Reminds first-time customers when a second order is most likely.")

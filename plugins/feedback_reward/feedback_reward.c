/* feedback_reward: encloses a small thank-you with a survey. It is given before the answer and to
 * everyone who is asked, so it cannot depend on the score, and this file reads no score.
 * README.md says why the thank-you is not promised for answering. */
#include "../c_helpers.h"

/* clang-format off */
#define SETTINGS(X, AND)                    \
  X(reward_minor, 25, 0, 1e12)          AND \
  X(answer_value_minor, 1000, 0, 1e12)  AND \
  X(email_cost_minor, 1, 0, 1e12)       AND \
  X(effect_mean, 0.08, -1, 1)           AND \
  X(effect_sd, 0.05, 0, 1)              AND \
  X(chance_anyway, 0.1, 0, 1)           AND \
  X(horizon_days, 30, 1, 3650)
/* clang-format on */
enum { SETTINGS(SETTING_NAME, COMMA) };
static const setting known[] = {SETTINGS(SETTING_ROW, COMMA)};
static const char manifest[] =
    "{\"reads\": [\"survey_sent\", \"days_since_order\"],"
    " \"actions\": [\"feedback_reward.thank_you\"], " /* no score, no csat, no nps */
    CONFIG_OPEN SETTINGS(SETTING_RULE, ", ") CONFIG_CLOSE "}";

typedef struct columns {
  const clv_column *survey_sent, *days_since_order;
} columns;
static columns columns_of(const clv_batch* in) {
  return (columns){column_named(in, "survey_sent"), column_named(in, "days_since_order")};
}

static clv_status propose_row(const instance* me,
                              const columns* of,
                              int64_t row,
                              const clv_proposal_sink* out) {
  if (!yes_at(of->survey_sent, row)) return CLV_OK;
  char reason[160], when[60] = "";
  const double days = number_at(of->days_since_order, row);
  if (days >= 0) snprintf(when, sizeof when, " %.0f days after the last order", shown(days));
  snprintf(reason,
           sizeof reason,
           "A survey is out%s: enclose a small thank-you, whatever the answer will be.",
           when);
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.row = row;
  p.action = "feedback_reward.thank_you";
  p.channel = "email";
  p.category = "research";
  p.reason = reason;
  p.effect_mean = me->set[effect_mean]; /* on the chance of an answer */
  p.effect_sd = me->set[effect_sd];
  p.response_p0 = me->set[chance_anyway]; /* an answer is no purchase: the core does not know it */
  p.flags = CLV_PROPOSAL_HAS_P0;
  p.response_value_minor = minor_units(me->set[answer_value_minor]);
  p.contact_cost_minor = minor_units(me->set[reward_minor] + me->set[email_cost_minor]);
  p.benefit_kind = "points"; /* enclosed, so its cost is the contact's: everyone gets it */
  p.horizon_us = days_in_us(me->set[horizon_days]);
  return out->emit(out->ctx, &p);
}

C_PLUGIN("clv.feedback_reward",
         "Feedback reward",
         "Encloses a small thank-you with a survey, whatever the answer.")

/* right_size: customers who cost more to serve than they bring. It proposes to serve them on a
 * cheaper channel and to advertise less to them; never to serve them badly: what the law asks for
 * is taken out of the sum, an open matter is finished first, and a person approves. */
#include "../c_helpers.h"

/* clang-format off */
#define SETTINGS(X, AND)                    \
  X(cost_from_minor, 5000, 0, 1e12)     AND \
  X(statutory_minor, 2000, 0, 1e12)     AND \
  X(saving_share, 0.5, 0, 1)            AND \
  X(promotion_minor, 500, 0, 1e12)      AND \
  X(letter_cost_minor, 5, 0, 1e12)      AND \
  X(agent_minutes, 2, 0, 1e6)           AND \
  X(effect_mean, 0.3, -1, 1)            AND \
  X(effect_sd, 0.15, 0, 1)
/* clang-format on */
enum { SETTINGS(SETTING_NAME, COMMA) };
static const setting known[] = {SETTINGS(SETTING_ROW, COMMA)};
static const char manifest[] =
    "{\"reads\": [\"margin_year\", \"service_cost_year\", \"open_tickets\", \"complaint_open\"],"
    " \"actions\": [\"right_size.cheaper_channel\", \"right_size.fewer_promotions\"], " /**/
    CONFIG_OPEN SETTINGS(SETTING_RULE, ", ") CONFIG_CLOSE "}";

typedef struct columns {
  const clv_column *margin_year, *service_cost_year, *open_tickets, *complaint_open;
} columns;
static columns columns_of(const clv_batch* in) {
  return (columns){column_named(in, "margin_year"),
                   column_named(in, "service_cost_year"),
                   column_named(in, "open_tickets"),
                   column_named(in, "complaint_open")};
}

static clv_proposal alike(const instance* me, int64_t row, const char* reason) {
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.flags = CLV_PROPOSAL_NEEDS_APPROVAL;
  p.row = row;
  p.reason = reason;
  p.category = "service";
  p.effect_mean = me->set[effect_mean]; /* share of such proposals that come about */
  p.effect_sd = me->set[effect_sd];
  p.agent_minutes = me->set[agent_minutes]; /* the approval */
  p.message_json =
      "{\"keeps\": \"warranty, returns, complaints and requests about personal data\"}";
  return p;
}

static clv_status propose_row(const instance* me,
                              const columns* of,
                              int64_t row,
                              const clv_proposal_sink* out) {
  const double margin = number_at(of->margin_year, row);
  const double cost = number_at(of->service_cost_year, row);
  const int busy = number_at(of->open_tickets, row) > 0 || yes_at(of->complaint_open, row);
  if (busy || !(margin < 0) || !(cost >= me->set[cost_from_minor])) return CLV_OK;
  const double optional = cost - me->set[statutory_minor];
  char reason[240];
  snprintf(reason,
           sizeof reason,
           "Lost %s in a year at a service cost of %s: offer a cheaper way to the same help.",
           amount_in_words(-margin, of->margin_year).text,
           amount_in_words(cost, of->service_cost_year).text);
  clv_proposal cheaper = alike(me, row, reason);
  cheaper.action = "right_size.cheaper_channel";
  cheaper.channel = "letter";
  cheaper.response_value_minor = minor_units(optional * me->set[saving_share]);
  cheaper.contact_cost_minor = minor_units(me->set[letter_cost_minor]);
  clv_status status = CLV_OK;
  if (cheaper.response_value_minor > 0) status = out->emit(out->ctx, &cheaper);
  if (status < 0 || !(me->set[promotion_minor] >= 1)) return status;
  snprintf(reason,
           sizeof reason,
           "Lost %s in a year: advertise less to this customer.",
           amount_in_words(-margin, of->margin_year).text);
  clv_proposal fewer = alike(me, row, reason);
  fewer.action = "right_size.fewer_promotions";
  fewer.channel = "none"; /* nobody is contacted */
  fewer.response_value_minor = minor_units(me->set[promotion_minor]);
  return out->emit(out->ctx, &fewer);
}

C_PLUGIN("clv.right_size",
         "Right size",
         "Proposes cheaper service and fewer promotions where a customer loses money.")

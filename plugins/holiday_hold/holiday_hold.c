/* holiday_hold: an objection instead of a proposal. While a complaint is open, after a bereavement
 * and wherever somebody tagged "hold", nobody advertises to the customer, whoever proposes it. */
#include "../c_helpers.h"

#define SETTINGS(X, AND) X(days, 7, 1, 3650)
enum { SETTINGS(SETTING_NAME, COMMA) };
static const setting known[] = {SETTINGS(SETTING_ROW, COMMA)};
static const char manifest[] =
    "{\"reads\": [\"complaint_open\", \"tags\"], \"actions\": [\"holiday_hold.hold\"], " /**/
    CONFIG_OPEN SETTINGS(SETTING_RULE, ", ") CONFIG_CLOSE "}";

typedef struct columns {
  const clv_column *complaint_open, *tags;
} columns;
static columns columns_of(const clv_batch* in) {
  return (columns){column_named(in, "complaint_open"), column_named(in, "tags")};
}

/* Whether `tag` is one of the row's tags, which stand between commas, semicolons, bars or spaces:
 * "household" is not "hold". */
static int is_tagged(const clv_column* tags, int64_t row, const char* tag) {
  if (!is_known(tags, row) || tags->type != CLV_T_UTF8) return 0;
  const char* at = (const char*)tags->data + tags->offsets[row];
  const char* end = (const char*)tags->data + tags->offsets[row + 1];
  while (at < end) {
    const char* start = at;
    while (at < end && memchr(",;| ", *at, 4) == NULL) ++at;
    const size_t length = (size_t)(at - start);
    if (length == strlen(tag) && memcmp(start, tag, length) == 0) return 1;
    ++at;
  }
  return 0;
}

static const char* objection(const columns* of, int64_t row) {
  if (is_tagged(of->tags, row, "bereavement")) return "A bereavement is noted: no advertising now.";
  if (yes_at(of->complaint_open, row))
    return "A complaint is open: no advertising before it is closed.";
  if (is_tagged(of->tags, row, "hold")) return "The customer is tagged hold: no advertising now.";
  return NULL;
}

static clv_status propose_row(const instance* me,
                              const columns* of,
                              int64_t row,
                              const clv_proposal_sink* out) {
  const char* reason = objection(of, row);
  if (reason == NULL) return CLV_OK;
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.flags = CLV_PROPOSAL_VETO;
  p.row = row;
  p.action = "holiday_hold.hold";
  p.channel = "none";
  p.category = "marketing"; /* answers, invoices and surveys about the matter itself go on */
  p.reason = reason;
  p.expires_us = expiry(me, me->set[days]);
  return out->emit(out->ctx, &p);
}

C_PLUGIN("clv.holiday_hold",
         "Holiday hold",
         "Objects to all advertising while a complaint, a bereavement or a hold is noted.")

/* free_shipping: a cart a little below the threshold is offered free shipping for filling it up;
 * where the order still earns enough, and not to those who buy anyway. */
#include "../c_helpers.h"

/* clang-format off */
#define SETTINGS(X, AND)                    \
  X(gap_share, 0.25, 0, 1)              AND \
  X(margin_floor, 0.05, 0, 1)           AND \
  X(buys_anyway_below, 0.5, 0, 1)       AND \
  X(effect_mean, 0.05, -1, 1)           AND \
  X(effect_sd, 0.04, 0, 1)              AND \
  X(valid_days, 2, 0.04, 60)
/* clang-format on */
enum { SETTINGS(SETTING_NAME, COMMA) };
static const setting known[] = {SETTINGS(SETTING_ROW, COMMA)};
static const char manifest[] =
    "{\"reads\": [\"cart_value\", \"shipping_threshold\", \"shipping_cost\", \"order_value\","
    " \"order_cost\", \"no_purchase\"], \"actions\": [\"free_shipping.threshold\"], " /**/
    CONFIG_OPEN SETTINGS(SETTING_RULE, ", ") CONFIG_CLOSE "}";

typedef struct columns {
  const clv_column *cart_value, *shipping_threshold, *shipping_cost, *order_value, *order_cost,
      *no_purchase;
} columns;
static columns columns_of(const clv_batch* in) {
  return (columns){column_named(in, "cart_value"),
                   column_named(in, "shipping_threshold"),
                   column_named(in, "shipping_cost"),
                   column_named(in, "order_value"),
                   column_named(in, "order_cost"),
                   column_named(in, "no_purchase")};
}

/* What the filled cart earns before shipping, at the margin of the customer's usual order; NaN
 * where that is not known. */
static double filled_margin(const columns* of, int64_t row, double threshold) {
  const double value = number_at(of->order_value, row), cost = number_at(of->order_cost, row);
  return value > 0 && cost >= 0 ? threshold * (1 - cost / value) : NAN;
}

static clv_status propose_row(const instance* me,
                              const columns* of,
                              int64_t row,
                              const clv_proposal_sink* out) {
  const double cart = number_at(of->cart_value, row);
  const double threshold = number_at(of->shipping_threshold, row);
  const double shipping = number_at(of->shipping_cost, row);
  const double margin = filled_margin(of, row, threshold);
  const int close =
      cart > 0 && cart < threshold && threshold - cart <= me->set[gap_share] * threshold;
  const int earns = shipping > 0 && margin - shipping >= me->set[margin_floor] * threshold;
  const int unsure = 1 - number_at(of->no_purchase, row) <= me->set[buys_anyway_below];
  if (!close || !earns || !unsure) return CLV_OK;
  char reason[240];
  snprintf(reason,
           sizeof reason,
           "The cart of %s is %s short of free shipping; filled, the order earns %s after it.",
           amount_in_words(cart, of->cart_value).text,
           amount_in_words(threshold - cart, of->cart_value).text,
           amount_in_words(margin - shipping, of->cart_value).text);
  clv_proposal p = CLV_SIZED(clv_proposal);
  p.row = row;
  p.action = "free_shipping.threshold";
  p.channel = "web";
  p.reason = reason;
  p.effect_mean = me->set[effect_mean];
  p.effect_sd = me->set[effect_sd];
  p.response_value_minor = minor_units(margin);
  p.benefit_kind = "free_shipping";
  p.benefit_minor = minor_units(shipping);
  p.horizon_us = days_in_us(me->set[valid_days]);
  p.expires_us = expiry(me, me->set[valid_days]);
  return out->emit(out->ctx, &p);
}

C_PLUGIN("clv.free_shipping",
         "Free shipping",
         "Offers free shipping to carts a little below the threshold.")

// One customer's history carried on event by event, and one customer's part of a fit taken back.
#pragma once

#include <cstdint>
#include <string_view>

#include "clv/model.hpp"
#include "clv/summary.hpp"

namespace clv {

// All that a summary row says, in a form that one more event changes in constant time. All zero is
// a customer who has not bought. Days are civil days since 1970-01-01, money is in minor units of
// one currency. The C struct clv_history has the same fields.
struct customer_state {
  std::int64_t purchases = 0;  // distinct purchase days, the first included
  std::int64_t first_day = 0, last_day = 0;
  std::int64_t spend_days = 0;   // repeat days on which money was spent
  std::int64_t spend_minor = 0;  // over those days
  std::int64_t last_day_minor = 0, first_day_minor = 0;
  std::int64_t refund_minor = 0;  // given back, a positive amount
  double litt_days = 0;           // sum of ln(interval in days)

  // Takes a purchase (amount >= 0) or a refund (amount < 0) by the rules of summarize(). Throws,
  // and changes nothing, error{invalid} for a day before last_day or one that no clock shows,
  // and for a state that no events lead to, error{limit} for a sum beyond 2^53.
  void add(std::int64_t day, std::int64_t amount_minor);

  // The summary's x, t_x, T, mean_spend and litt as of the end of `as_of_day`, in `unit` ("day",
  // "week") and major units of `currency` ("" = XXX): the same bits as summarize() gives, but for
  // litt in weeks, which is sum ln(days) - x ln 7 here. Throws error{invalid} for a state without a
  // purchase, one that no events can lead to, or a day before the last purchase.
  observation observation_at(std::int64_t as_of_day,
                             std::string_view unit,
                             std::string_view currency) const;
};

// Takes `weight` customers with this observation (and these covariates, in the order of distinct())
// out of the tuples they were counted in: every number is then what distinct() gives for a summary
// without them, bit for bit, so that a fit knows nothing of them. (`litt` alone is a sum of rounded
// numbers; it is right to its last digits.) For key `spend` a customer without own spend was never
// counted and nothing changes. Throws error{not_found} when there are fewer such customers.
void forget(
    tuples& t, tuple_key key, const observation& o, double weight = 1, values covariates = {});

}  // namespace clv

#include "clv/state.hpp"

#include <cmath>
#include <string>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "clv/time.hpp"

namespace clv {
namespace {

constexpr std::int64_t most_minor = std::int64_t{1} << 53;
constexpr std::int64_t first_clock_day = earliest_time / us_per_day;
constexpr std::int64_t last_clock_day = end_of_time / us_per_day;

[[noreturn]] void refuse(const char* column,
                         std::int64_t value,
                         const std::string& why,
                         std::string hint) {
  throw error({.code = status::invalid,
               .column = column,
               .message = std::string(column) + " is " + std::to_string(value) + why,
               .hint = std::move(hint)});
}

// sum + amount, or error{limit}; both within +-2^53 already.
std::int64_t plus(std::int64_t sum, std::int64_t amount, const char* what) {
  const bool fits = amount <= most_minor && amount >= -most_minor && sum + amount <= most_minor;
  if (fits) return sum + amount;
  throw error(status::limit,
              std::string(what) + " of this customer would be above 2^53 minor units: " +
                  std::to_string(sum) + " and " + std::to_string(amount),
              "check the amount: is it in minor units of the right currency?");
}

bool on_the_clock(std::int64_t day) {
  return day >= first_clock_day && day < last_clock_day;
}

void check_day(const customer_state& s, std::int64_t day) {
  if (!on_the_clock(day)) {
    refuse("day",
           day,
           ", which is no day between the years 1678 and 2261",
           "give civil days since 1970-01-01");
  }
  if (s.purchases > 0 && day < s.last_day) {
    refuse("day",
           day,
           ", before the last purchase day " + std::to_string(s.last_day),
           "build the state again from the log; events come in the order of their days");
  }
}

// The host keeps the state: what no sum can have reached is refused before it is added to.
void check_sums(const customer_state& s) {
  for (const std::int64_t sum : {s.purchases,
                                 s.spend_days,
                                 s.spend_minor,
                                 s.last_day_minor,
                                 s.first_day_minor,
                                 s.refund_minor}) {
    if (sum >= 0 && sum <= most_minor) continue;
    throw error(
        status::invalid,
        "the state has a count or sum of " + std::to_string(sum) + ", which no events lead to",
        "build the state again from the log");
  }
}

void check_state(const customer_state& s) {
  check_sums(s);
  const bool days = s.purchases >= 1 && on_the_clock(s.first_day) && on_the_clock(s.last_day) &&
                    s.last_day >= s.first_day && s.purchases - 1 <= s.last_day - s.first_day &&
                    (s.purchases > 1) == (s.last_day > s.first_day);
  const bool money = s.spend_days >= 0 && s.spend_days < s.purchases && s.spend_minor >= 0 &&
                     s.spend_minor <= most_minor && (s.spend_days > 0) == (s.spend_minor > 0);
  if (s.purchases < 1) {
    refuse("purchases",
           s.purchases,
           ": a customer without a purchase has no score",
           "add a purchase first");
  }
  if (days && money && std::isfinite(s.litt_days)) return;
  throw error(status::invalid,
              "the state is one that no events lead to (purchases " + std::to_string(s.purchases) +
                  ", first_day " + std::to_string(s.first_day) + ", last_day " +
                  std::to_string(s.last_day) + ", spend_days " + std::to_string(s.spend_days) +
                  ", spend_minor " + std::to_string(s.spend_minor) + ")",
              "build the state again from the log");
}

}  // namespace

void customer_state::add(std::int64_t day, std::int64_t amount_minor) {
  check_day(*this, day);
  purchases > 0 ? check_state(*this) : check_sums(*this);
  if (amount_minor < 0) {
    if (amount_minor < -most_minor) plus(refund_minor, most_minor + 1, "the refunds");
    refund_minor = plus(refund_minor, -amount_minor, "the refunds");
    return;
  }
  customer_state next = *this;
  const bool another_day = purchases == 0 || day > last_day;
  const bool first = purchases == 0 || day == first_day;
  next.last_day_minor = another_day ? plus(0, amount_minor, "the purchases")
                                    : plus(last_day_minor, amount_minor, "the purchases");
  if (first) {
    next.first_day_minor = next.last_day_minor;
  } else {
    next.spend_minor = plus(spend_minor, amount_minor, "the purchases");
    if (amount_minor > 0 && (another_day || last_day_minor == 0)) ++next.spend_days;
  }
  if (another_day) {
    ++next.purchases;
    if (purchases == 0) next.first_day = day;
    if (purchases > 0) next.litt_days += std::log(static_cast<double>(day - last_day));
    next.last_day = day;
  }
  *this = next;
}

// The same arithmetic as summarize(), for the same bits.
observation customer_state::observation_at(std::int64_t as_of_day,
                                           std::string_view unit,
                                           std::string_view currency) const {
  check_state(*this);
  if (as_of_day < last_day) {
    refuse("as_of_day",
           as_of_day,
           ", before the last purchase day " + std::to_string(last_day),
           "give the last day observed");
  }
  if (!on_the_clock(as_of_day)) {
    refuse("as_of_day",
           as_of_day,
           ", which is no day between the years 1678 and 2261",
           "give civil days since 1970-01-01");
  }
  const double days = days_per_unit(unit);
  observation o{.x = static_cast<double>(purchases - 1),
                .t_x = static_cast<double>(last_day - first_day) / days,
                .T = static_cast<double>(as_of_day - first_day) / days};
  if (spend_days > 0) {
    const double per_major = minor_per_major(currency.empty() ? "XXX" : currency);
    o.mean_spend = static_cast<double>(spend_minor) / (static_cast<double>(spend_days) * per_major);
  }
  o.litt = days == 1.0 ? litt_days : litt_days - o.x * std::log(days);
  return o;
}

}  // namespace clv

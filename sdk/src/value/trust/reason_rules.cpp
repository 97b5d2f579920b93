#include "value/trust/reason_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace clv {
namespace {

constexpr double least_others = 20;  // fewer are no company to be compared with
constexpr double for_ever = 1e4;     // times the customer's age

std::string fixed(double value, int digits) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(
      buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits);
  return end.ec == std::errc() ? std::string(buffer.data(), end.ptr) : "more";
}

// One digit where it says something.
std::string amount(double v) {
  return fixed(v, v < 99.95 ? 1 : 0);
}

std::string percent(double share) {
  const double hundred = 100.0 * share;
  return fixed(hundred, hundred > 99.0 && hundred < 100.0 ? 1 : 0) + " %";
}

std::string times(double x) {
  return x == 1.0 ? "once" : x == 2.0 ? "twice" : fixed(x, 0) + " times";
}

}  // namespace

reason_rules::reason_rules(const fitted_model& m, reason_options o, std::vector<double> spends)
    : fitted_(m),
      model_(*m.purchase.which),
      p_(m.purchase.parameters),
      options_(o),
      spends_(std::move(spends)),
      knows_churn_(knows_churn()) {}

// Whether anybody can be gone: one who bought once more and then was silent for very long.
bool reason_rules::knows_churn() const {
  return model_.p_alive(p_, {.x = 1, .t_x = 1, .T = 1e6}) < 1.0;
}

// The waits for the next purchase of customers with this history up to their last purchase.
double reason_rules::within(const observation& o, double wait) const {
  return 1.0 - model_.no_purchase(p_, {.x = o.x, .t_x = o.t_x, .T = o.t_x}, wait);
}

// The share of those who do buy again that have done so within `silence`. p_alive cancels.
double reason_rules::over(const observation& o, double silence) const {
  const double ever = within(o, for_ever * std::max(o.T, 1.0));
  if (!(ever > 0.0) || !(silence > 0.0)) return 0.0;
  return std::clamp(within(o, silence) / ever, 0.0, 1.0);
}

// The wait within which the share `overdue` of them has, by bisection below `silence`, where the
// share is `share`. 20 halvings: six digits, of which a sentence prints three.
double reason_rules::wait_of(const observation& o, double silence, double share) const {
  const double target = options_.overdue / share * within(o, silence);
  double low = 0.0, high = silence;
  for (int i = 0; i < 20; ++i) {
    const double middle = 0.5 * (low + high);
    (within(o, middle) < target ? low : high) = middle;
  }
  return high;
}

// P(X(T) >= x) of a new customer.
double reason_rules::chance_of_more(double x, double T) {
  auto [at, made] = tails_.try_emplace(T);
  if (made) {
    model_.purchase_tail(p_, {}, T, at->second);
    const double alive = model_.p_alive(p_, {});
    for (double& v : at->second) v *= alive;
  }
  const auto i = static_cast<std::size_t>(x);
  return i == 0 ? 1.0 : i <= at->second.size() ? at->second[i - 1] : 0.0;
}

void reason_rules::rhythm(const observation& o, std::vector<found_reason>& out) const {
  if (o.x < 1.0) return;
  const double silence = o.T - o.t_x;
  const double share = over(o, silence);
  const std::string unit = " " + fitted_.unit + "s";
  const std::string own = "it bought again " + times(o.x) + " in " + amount(o.t_x) + unit +
                          ", every " + amount(o.t_x / o.x) + " on average";
  if (share >= options_.overdue) {
    out.push_back({"OVERDUE",
                   share,
                   "Silent for " + amount(silence) + unit + "; " + own + ", and " +
                       percent(options_.overdue) +
                       " of such customers who buy again do so within " +
                       amount(wait_of(o, silence, share)) + unit + "."});
    return;
  }
  out.push_back({"ON_RHYTHM",
                 1.0 - share,
                 "Last bought " + amount(silence) + unit + " ago; " + own + ", and " +
                     percent(1.0 - share) + " of the waits of such customers are longer."});
}

void reason_rules::alive(const observation& o, std::vector<found_reason>& out) const {
  const double p_alive = model_.p_alive(p_, o);
  const std::string name(model_.name);
  if (p_alive <= options_.gone) {
    out.push_back({"LIKELY_GONE",
                   1.0 - p_alive,
                   "The chance that this customer still buys at all is " + percent(p_alive) + "."});
  }
  if (p_alive < 1.0 || o.T <= 0.0) return;
  if (!knows_churn_) {
    out.push_back({"MODEL_LIMIT",
                   std::nullopt,
                   name + " knows no churn: it takes everybody for alive, however long silent."});
  } else if (o.x == 0.0) {
    out.push_back({"MODEL_LIMIT",
                   std::nullopt,
                   name + " lets nobody go before the second purchase: p_alive is 1 for every "
                          "one-time buyer and says nothing here."});
  }
}

void reason_rules::frequency(const observation& o, std::vector<found_reason>& out) {
  if (o.x < 2.0) return;
  const double as_many = chance_of_more(o.x, o.T);
  if (as_many > 1.0 - options_.extreme) return;
  out.push_back({"FREQUENT",
                 1.0 - as_many,
                 "Bought again " + times(o.x) + " in " + amount(o.T) + " " + fitted_.unit +
                     "s; a new customer is expected to " + amount(model_.expected_new(p_, o.T)) +
                     " times, and " + percent(as_many) + " of them reach as many."});
}

void reason_rules::spend(const reason_case& c, std::vector<found_reason>& out) const {
  const std::string currency = fitted_.currency.empty() || fitted_.currency == "XXX"
                                   ? std::string()
                                   : " " + fitted_.currency;
  if (!c.own_spend) {
    if (!fitted_.spend) return;
    const double mean = fitted_.spend->which->expected_spend(fitted_.spend->parameters, {});
    out.push_back({"PRIOR_ONLY",
                   std::nullopt,
                   "No spend after the first purchase: its value rests on the average of all" +
                       (std::isfinite(mean) ? ", " + fixed(mean, 2) + currency : std::string()) +
                       " a purchase."});
    return;
  }
  const auto all = static_cast<double>(spends_.size());
  if (all < least_others) return;
  const double own = c.seen.mean_spend;
  const auto from = std::ranges::lower_bound(spends_, own) - spends_.begin();
  const auto to = std::ranges::upper_bound(spends_, own) - spends_.begin();
  const double lower = static_cast<double>(from) / all;
  const double higher = 1.0 - static_cast<double>(to) / all;
  const std::string spent = "Spends " + fixed(own, 2) + currency + " a purchase, ";
  if (lower >= options_.extreme) {
    out.push_back(
        {"HIGH_SPEND", lower, spent + "more than " + percent(lower) + " of the repeaters."});
  } else if (higher >= options_.extreme) {
    out.push_back(
        {"LOW_SPEND", higher, spent + "less than " + percent(higher) + " of the repeaters."});
  }
}

void reason_rules::cohort(const reason_case& c, std::vector<found_reason>& out) const {
  if (c.cohort < least_others) return;
  const std::string of = fixed(c.cohort, 0) + " customers who first bought in " + c.month;
  const double slower = c.cohort_slower / c.cohort;
  const double repeaters = c.cohort_repeaters / c.cohort;
  if (c.seen.x > 0.0 && slower >= options_.extreme) {
    out.push_back({"COHORT_ABOVE",
                   slower,
                   "Buys more often than " + percent(slower) + " of the " + of + "."});
  } else if (c.seen.x == 0.0 && repeaters >= 0.5) {
    out.push_back({"COHORT_BELOW",
                   repeaters,
                   "Has not bought again, and " + percent(repeaters) + " of the " + of + " have."});
  }
}

void reason_rules::find(const reason_case& c, std::vector<found_reason>& out) {
  out.clear();
  const observation& o = c.seen;
  const std::string unit = " " + fitted_.unit + "s";
  if (o.x == 0.0) {
    const double usual = 1.0 - model_.no_purchase(p_, {}, o.T);
    out.push_back({"ONE_TIME_BUYER",
                   usual,
                   "Bought once, " + amount(o.T) + unit + " ago; by then " + percent(usual) +
                       " of new customers have bought again."});
  }
  rhythm(o, out);
  alive(o, out);
  frequency(o, out);
  if (o.T < options_.new_within) {
    out.push_back({"NEW_CUSTOMER",
                   1.0 - o.T / options_.new_within,
                   "Known for " + amount(o.T) + unit +
                       " only: what is said of it is mostly what is true of new customers."});
  }
  spend(c, out);
  cohort(c, out);
}

}  // namespace clv

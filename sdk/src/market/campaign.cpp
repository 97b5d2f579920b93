#include "market/campaign.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace clv::market {
namespace {

struct window {
  double from, to;
  bool has(const order& o) const { return o.day > from && o.day <= to; }
};

std::size_t orders_in(const person& who, const window& in) {
  return static_cast<std::size_t>(std::count_if(
      who.orders.begin(), who.orders.end(), [&](const order& o) { return in.has(o); }));
}

void look(const person& who, double day, random_source& random, participation& seen) {
  double last = 0, total = 0, discounted = 0;
  for (const order& o : who.orders) {
    if (o.day > day) break;
    last = o.day;
    total += o.amount;
    ++seen.orders;
    discounted += o.discounted ? 1 : 0;
  }
  seen.days_since_order = day - last;
  seen.mean_order = total / seen.orders;
  seen.tenure_days = day - who.orders.front().day;
  seen.discounted = discounted / seen.orders;
  for (const ticket& t : who.tickets) seen.open_tickets += t.opened <= day && day < t.resolved;
  // Opens in the quarter before: a count with the customer's own rate, as draw_habits has it.
  const double s = who.hidden.sensitivity;
  for (double at = random.exponential(); at < .05 * s * s * touch_days; at += random.exponential())
    ++seen.opens;
  seen.segment = visible_segment(seen.orders, seen.days_since_order);
}

// The draws that decide, all made before anything that takes a varying number of them.
struct draws {
  double joins, arm, changes, when, pulls, leaves, returns;
  explicit draws(random_source& random)
      : joins(random.uniform()),
        arm(random.uniform()),
        changes(random.uniform()),
        when(random.uniform()),
        pulls(random.uniform()),
        leaves(random.uniform()),
        returns(random.uniform()) {}
};

void insert_order(const world& w,
                  const draws& drawn,
                  const participation& p,
                  random_source& random,
                  person& who) {
  const double day = w.campaign_day() + drawn.when * w.horizon_days;
  traits& t = who.hidden;
  order added{.day = day,
              .amount = std::clamp(random.gamma(w.p, w.p / t.order_mean), .01, 1e10),
              .discounted = p.arm->benefit > 0 || p.arm->discount_share > 0,
              .returned = drawn.returns < t.returns};
  const auto at =
      std::upper_bound(who.orders.begin(), who.orders.end(), day, [](double d, const order& o) {
        return d < o.day;
      });
  who.orders.insert(at, added);
  // Won back for one order: it leaves again, and is lapsing from that day.
  if (t.left_day <= w.campaign_day()) t.left_day = day;
}

// The first order of the next window came earlier: P = min(pull_forward, chance of that order).
void pull_forward(const world& w, const draws& drawn, double share, double later, person& who) {
  const double middle = w.campaign_day() + w.horizon_days;
  const window next{middle, middle + w.horizon_days};
  if (!(later > 0) || !(drawn.pulls < share / later)) return;
  const auto found = std::find_if(
      who.orders.begin(), who.orders.end(), [&](const order& o) { return next.has(o); });
  if (found != who.orders.end()) who.orders.erase(found);
}

void change_orders(const world& w,
                   const draws& drawn,
                   const participation& p,
                   random_source& random,
                   person& who) {
  const double day = w.campaign_day();
  const window first{day, day + w.horizon_days};
  const bool orders_anyway = orders_in(who, first) > 0;
  const double later = chance_of_later_order(who.hidden, day, w.horizon_days);
  if (!orders_anyway && p.tau > 0 && drawn.changes < p.tau / (1 - p.p0)) {
    pull_forward(w, drawn, p.arm->pull_forward, later, who);
    insert_order(w, drawn, p, random, who);
  } else if (orders_anyway && p.tau < 0 && drawn.changes < -p.tau / p.p0) {
    std::erase_if(who.orders, [&](const order& o) { return first.has(o); });
  }
}

void measure(const world& w, const person& who, participation& p) {
  const double day = w.campaign_day(), middle = day + w.horizon_days;
  const window first{day, middle}, next{middle, middle + w.horizon_days};
  p.responded = orders_in(who, first) > 0;
  p.later = orders_in(who, next) > 0;
  double benefit = 0;
  const bool of_orders = p.arm != nullptr && p.arm->response == response::order;
  for (const order& o : who.orders) {
    if (!first.has(o)) continue;
    if (!o.returned) p.value += w.margin * o.amount;
    if (of_orders && benefit == 0) {
      benefit = p.arm->benefit + p.arm->discount_share * o.amount;
    }
  }
  p.cost = p.arm != nullptr ? p.arm->contact_cost + benefit : 0;
}

}  // namespace

std::string_view visible_segment(double orders, double days_since_order) {
  if (days_since_order > 120) {
    return orders >= 3 && days_since_order <= 270 ? "drifting" : "silent";
  }
  if (orders <= 1) return "one order";
  return orders >= 4 && days_since_order <= 60 ? "frequent" : "occasional";
}

std::optional<participation> take_part(const world& w,
                                       std::uint64_t customer,
                                       const habits& h,
                                       person& who) {
  random_source random = stream_of(w, customer, subject::campaign);
  const draws drawn(random);
  const double day = w.campaign_day();
  if (!(who.hidden.first_day < day) || !(drawn.joins < w.experiment_share)) return std::nullopt;
  // Who may be sent everything: so all arms are as likely for everybody who takes part.
  const bool consents = std::all_of(
      w.actions.begin(), w.actions.end(), [&](const action& a) { return may_use(h, a.channel); });
  if (!consents) return std::nullopt;
  participation p;
  const std::size_t arms = w.actions.size() + 1;
  const auto arm = static_cast<std::size_t>(drawn.arm * static_cast<double>(arms));
  p.arm = arm < w.actions.size() ? &w.actions[arm] : nullptr;
  p.propensity = 1 / static_cast<double>(arms);
  look(who, day, random, p);
  p.what = kind_at(w, who, day);
  p.p0 = chance_of_order(who.hidden, day, w.horizon_days);
  if (p.arm != nullptr) {
    if (p.arm->response == response::order) {  // no other response changes the log
      p.tau = change_of_chance(*p.arm, p.what, who.hidden, p.p0);
    }
    change_orders(w, drawn, p, random, who);
    p.unsubscribed = drawn.leaves < p.arm->unsubscribe * who.hidden.touchiness;
  }
  measure(w, who, p);
  return p;
}

}  // namespace clv::market

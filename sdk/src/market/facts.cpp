#include "market/facts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "clv/schema.hpp"
#include "market/campaign.hpp"
#include "market/market_tables.hpp"

namespace clv::market {
namespace {

constexpr double slow_days = 5;  // a ticket open longer has broken its promise
constexpr double delivery_days = 3;
constexpr double cart_days = 14;  // one is kept for so long
constexpr double shipping_threshold = 80, shipping_cost = 4.90;
constexpr double support = 60;  // customers of the next category; half the interval of its lift
constexpr double lift_margin = .1;
constexpr double second_order_day = 14;  // what cohorts would say

type type_in(const schema& s, std::string_view name) {
  for (const field& f : s.fields) {
    if (f.name == name) return f.kind;
  }
  return name == "attr.opens" ? type::f64 : type::utf8;  // attributes are of no schema
}

struct order_facts {
  double count = 0, discounted = 0, total = 0, last_day = 0;
};

order_facts orders_of(const person& who) {
  order_facts f;
  for (const order& o : who.orders) {
    ++f.count;
    f.discounted += o.discounted ? 1 : 0;
    f.total += o.amount;
    f.last_day = o.day;
  }
  return f;
}

struct service_facts {
  double open = 0;
  int severity = 0;  // of the worst open one
  bool breached = false;
  std::optional<double> since_resolution;
};

service_facts service_of(const world& w, const person& who) {
  service_facts f;
  const double now = w.history_days;
  for (const ticket& t : who.tickets) {
    if (t.resolved > now) {
      ++f.open;
      f.severity = std::max(f.severity, t.severity);
      f.breached = f.breached || now - t.opened > slow_days;
    } else {
      f.since_resolution = std::min(f.since_resolution.value_or(now), now - t.resolved);
    }
  }
  return f;
}

struct said {
  std::optional<double> csat, nps, days;
  double opens = 0;
  bool cart = false, survey_out = false;
};

said answers_of(const world& w, const person& who, const habits& h) {
  said s;
  s.survey_out = survey_is_out(w, who, h);
  for (const answer& a : h.answers) {
    (a.kind == "CSAT" ? s.csat : s.nps) = a.score;
    s.days = w.history_days - a.day;
  }
  for (const touch& t : h.touches) {
    if (t.channel == "email") ++s.opens;
    if (t.kind == "cart" && t.day > w.history_days - cart_days) s.cart = true;
  }
  return s;
}

std::int64_t bit(bool b) {
  return b ? 1 : 0;
}

template <class Value>
std::optional<Value> when(bool holds, Value value) {
  return holds ? std::optional<Value>(value) : std::nullopt;
}

struct seen {
  order_facts orders;
  service_facts service;
  said say;
  tier_standing tier;
  double service_cost;
};

seen seen_of(const world& w, const person& who, const habits& h) {
  return {orders_of(who),
          service_of(w, who),
          answers_of(w, who, h),
          tier_of(w, who),
          service_cost_year(w, who)};
}

}  // namespace

std::vector<column_spec> fact_specs(const std::string& currency) {
  const schema& s = find_schema("customers");
  std::vector<column_spec> out;
  for (std::size_t from = 0; from <= fact_columns.size();) {
    const std::size_t to = std::min(fact_columns.find(',', from), fact_columns.size());
    const std::string_view name = fact_columns.substr(from, to - from);
    const type kind = type_in(s, name);
    out.push_back({name, kind, kind == type::money ? currency : ""});
    from = to + 1;
  }
  return out;
}

void write_facts(const world& w,
                 const std::string& id,
                 double minor_per_major,
                 const person& who,
                 const habits& h,
                 report_writer& rows) {
  const auto money = [&](double amount) {
    return std::int64_t{std::llround(std::clamp(amount * minor_per_major, -1e12, 1e12))};
  };
  const auto [orders, service, say, tier, service_cost] = seen_of(w, who, h);
  const dealings& d = h.other;
  const double mean = orders.total / orders.count, since = w.history_days - orders.last_day;
  rows.row(id,
           bit(service.severity >= 3),
           when(d.bereaved, std::string("bereavement")),
           orders.count,
           orders.discounted,
           money(mean),
           money((1 - w.margin) * mean),
           money(0),
           0.0,
           since,
           bit(since >= delivery_days),
           service.open,
           when(service.open > 0, double(service.severity)),
           service.since_resolution,
           bit(service.breached),
           say.csat,
           say.nps,
           say.days,
           bit(say.survey_out),
           when(service.open > 0, money(ticket_cost * service.severity)),
           when(say.cart, money(.9 * mean)),
           money(shipping_threshold),
           money(shipping_cost),
           when(d.contract, d.renewal_days),
           when(d.contract, d.p_renew),
           when(d.contract, money(d.contract_share * mean)),
           when(d.contract, d.plan_use),
           money(w.margin * kept_year(who, w.history_days) - service_cost),
           money(service_cost),
           when(d.invited, std::string("spring")),
           h.next_category,
           h.next_category_p,
           money(w.margin * mean),
           support,
           h.next_category_lift - lift_margin,
           tier.name,
           tier.points,
           when(tier.gap >= 0, tier.gap),
           bit(d.tier_review),
           money(tier.gain),
           money(referral_worth(w, mean)),
           d.referrals_pending,
           second_order_day,
           h.source,
           h.gender,
           say.opens,
           visible_segment(orders.count, since));
}

}  // namespace clv::market

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

constexpr double year = 365.25;
constexpr double slow_days = 5;  // a ticket open longer has broken its promise
constexpr double delivery_days = 3;
constexpr double shipping_threshold = 80, shipping_cost = 4.90;
constexpr double support = .05;  // of the next category, and what half its interval is below lift
constexpr double lift_margin = .1;

type type_in(const schema& s, std::string_view name) {
  for (const field& f : s.fields) {
    if (f.name == name) return f.kind;
  }
  return name == "attr.opens" ? type::f64 : type::utf8;  // attributes are of no schema
}

struct order_facts {
  double count = 0, discounted = 0, total = 0, last_day = 0, kept_year = 0;
};

order_facts orders_of(const world& w, const person& who) {
  order_facts f;
  for (const order& o : who.orders) {
    ++f.count;
    f.discounted += o.discounted ? 1 : 0;
    f.total += o.amount;
    f.last_day = o.day;
    if (!o.returned && o.day > w.history_days - year) f.kept_year += o.amount;
  }
  return f;
}

struct service_facts {
  double open = 0, cost_year = 0;
  int severity = 0;  // of the worst open one
  bool breached = false;
  std::optional<double> since_resolution;
};

service_facts service_of(const world& w, const person& who) {
  service_facts f;
  const double now = w.history_days;
  for (const ticket& t : who.tickets) {
    if (t.opened > now - year) f.cost_year += ticket_cost * t.severity;
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
  bool cart = false;
};

said answers_of(const world& w, const habits& h) {
  said s;
  for (const answer& a : h.answers) {
    (a.kind == "CSAT" ? s.csat : s.nps) = a.score;
    s.days = w.history_days - a.day;
  }
  for (const touch& t : h.touches) {
    if (t.channel == "email") ++s.opens;
    if (t.kind == "cart" && t.day > w.history_days - 3) s.cart = true;
  }
  return s;
}

std::int64_t bit(bool b) {
  return b ? 1 : 0;
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
  const order_facts orders = orders_of(w, who);
  const service_facts service = service_of(w, who);
  const said say = answers_of(w, h);
  const double mean = orders.total / orders.count, since = w.history_days - orders.last_day;
  const auto when = [](bool holds, auto value) {
    return holds ? std::optional<decltype(value)>(value) : std::nullopt;
  };
  rows.row(id,
           bit(service.severity >= 3),
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
           when(service.open > 0, money(ticket_cost * service.severity)),
           when(say.cart, money(.9 * mean)),
           money(shipping_threshold),
           money(shipping_cost),
           money(w.margin * orders.kept_year - service.cost_year),
           money(service.cost_year),
           h.next_category,
           h.next_category_p,
           money(w.margin * mean),
           support,
           h.next_category_lift - lift_margin,
           h.source,
           h.gender,
           say.opens,
           visible_segment(orders.count, since));
}

}  // namespace clv::market

#include "market/market_tables.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "clv/money.hpp"
#include "clv/schema.hpp"
#include "clv/time.hpp"
#include "market/facts.hpp"
#include "market/truth.hpp"

namespace clv::market {
namespace {

constexpr double refund_days = 7;

std::string padded(std::uint64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  return digits;
}

std::vector<column_spec> schema_specs(std::string_view name, const std::string& currency) {
  std::vector<column_spec> out;
  for (const field& f : find_schema(name).fields) {
    out.push_back({f.name, f.kind, f.kind == type::money ? currency : ""});
  }
  return out;
}

std::vector<column_spec> experiment_specs(const std::string& currency) {
  return {{"customer", type::utf8},
          {"time", type::time},
          {"treatment", type::utf8},
          {"propensity", type::f64},
          {"outcome", type::i64},
          {"value", type::f64, currency},
          {"cost", type::f64, currency},
          {"later_outcome", type::i64},
          {"unsubscribed", type::i64},
          {"segment", type::utf8},
          {"orders", type::f64},
          {"days_since_order", type::f64},
          {"mean_order", type::f64, currency},
          {"tenure_days", type::f64},
          {"discounted_share", type::f64},
          {"opens", type::f64},
          {"open_tickets", type::f64}};
}

std::string_view arm_of(const participation& p) {
  return p.arm != nullptr ? std::string_view(p.arm->name) : std::string_view("none");
}

std::int64_t bit(bool b) {
  return b ? 1 : 0;
}

}  // namespace

market_tables::market_tables(const world& w)
    : w_(w),
      minor_per_major_(minor_per_major(w.currency)),
      log_(schema_specs("transactions", w.currency)),
      facts_(fact_specs(w.currency)),
      consent_(schema_specs("consent", w.currency)),
      contacts_(schema_specs("contacts", w.currency)),
      feedback_(schema_specs("feedback", w.currency)),
      touches_(schema_specs("touches", w.currency)),
      costs_(schema_specs("costs", w.currency)),
      tickets_({{"ticket", type::utf8},
                {"customer", type::utf8},
                {"opened", type::time},
                {"resolved", type::time},
                {"severity", type::i64},
                {"cost", type::money, w.currency}}),
      experiment_(experiment_specs(w.currency)),
      experiment_truth_({{"customer", type::utf8},
                         {"action", type::utf8},
                         {"kind", type::utf8},
                         {"p0", type::f64},
                         {"tau", type::f64}}),
      truth_(truth_specs(w.currency)) {}

// Never the end itself: all that is logged has happened before the day the truth is of.
std::int64_t market_tables::time_of(double day) const {
  const double us = day * static_cast<double>(us_per_day);
  const double last = w_.history_days * static_cast<double>(us_per_day) - 1;
  return w_.begin_us + std::llround(std::min(us, last));
}

// No order is free, and none overflows a sum over any log that fits in memory.
std::int64_t market_tables::minor(double amount) const {
  return std::llround(std::clamp(amount * minor_per_major_, 0.0, 1e12));
}

void market_tables::add(std::uint64_t customer,
                        const person& who,
                        const habits& h,
                        const std::optional<participation>& past) {
  const std::string number = padded(customer + 1);
  id_ = "c" + number;
  add_log(number, who);
  add_service(number, who, h);
  add_reach(number, who, h);
  if (past) add_campaign(number, *past);
  add_facts(who, h);
  add_truth(who, h);
}

void market_tables::add_log(const std::string& number, const person& who) {
  struct event {
    double day;
    std::int64_t amount;
    std::size_t of;
  };
  std::vector<event> events;
  for (std::size_t i = 0; i < who.orders.size(); ++i) {
    const order& o = who.orders[i];
    const std::int64_t amount = std::max<std::int64_t>(1, minor(o.amount));
    events.push_back({o.day, amount, i});
    if (o.returned && o.day + refund_days < w_.history_days) {
      events.push_back({o.day + refund_days, -amount, i});
    }
  }
  std::stable_sort(
      events.begin(), events.end(), [](const event& a, const event& b) { return a.day < b.day; });
  for (const event& e : events) {
    const bool refund = e.amount < 0;
    const std::string event_id = (refund ? "r" : "e") + number + "-" + std::to_string(e.of + 1);
    log_.row(id_, time_of(e.day), e.amount, event_id, w_.currency, refund ? "refund" : "purchase");
  }
}

void market_tables::add_service(const std::string& number, const person& who, const habits& h) {
  const std::string acquisition = "a" + number;
  if (h.acquisition_cost > 0) {
    const std::int64_t paid = minor(h.acquisition_cost);
    costs_.row(id_, time_of(who.orders.front().day), "acquisition", paid, acquisition);
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < who.tickets.size(); ++i) {
    const ticket& t = who.tickets[i];
    names.push_back("t" + number + "-" + std::to_string(i + 1));
    const std::int64_t handling = minor(ticket_cost * t.severity);
    const bool open = t.resolved >= w_.history_days;
    const auto resolved = open ? std::optional<std::int64_t>() : time_of(t.resolved);
    tickets_.row(
        names.back(), id_, time_of(t.opened), resolved, std::int64_t{t.severity}, handling);
    costs_.row(id_, time_of(t.opened), "service", handling, "s" + names.back());
  }
  for (std::size_t i = 0; i < h.answers.size(); ++i) {
    const answer& each = h.answers[i];
    const bool of_ticket = each.kind == "CSAT";
    feedback_.row(id_,
                  time_of(each.day),
                  each.kind,
                  each.score,
                  each.scale,
                  std::optional<std::string>(),
                  of_ticket ? std::optional<std::string>(names[each.ticket]) : std::nullopt,
                  std::optional<std::string>(),
                  "f" + number + "-" + std::to_string(i + 1));
  }
}

void market_tables::add_reach(const std::string& number, const person& who, const habits& h) {
  const std::optional<std::string> every_purpose;
  const std::int64_t since = time_of(who.orders.front().day);
  for (const std::string_view channel : {"email", "sms", "phone"}) {
    const std::string id = "k" + number + "-" + std::string(channel);
    const bool left = h.left_channel == channel;  // who could be contacted had consented
    consent_.row(id_, channel, every_purpose, since, bit(left || may_use(h, channel)), id);
    if (left) {
      consent_.row(
          id_, channel, every_purpose, time_of(w_.campaign_day() + 1), bit(false), id + "x");
    }
  }
  for (std::size_t i = 0; i < h.touches.size(); ++i) {
    const touch& t = h.touches[i];
    const std::string id = "v" + number + "-" + std::to_string(i + 1);
    touches_.row(id_, time_of(t.day), t.kind, t.channel, t.weight, id);
  }
}

void market_tables::add_campaign(const std::string& number, const participation& p) {
  const std::int64_t sent = time_of(w_.campaign_day());
  experiment_.row(id_,
                  sent,
                  arm_of(p),
                  p.propensity,
                  bit(p.responded),
                  p.value,
                  p.cost,
                  bit(p.later),
                  bit(p.unsubscribed),
                  p.segment,
                  p.orders,
                  p.days_since_order,
                  p.mean_order,
                  p.tenure_days,
                  p.discounted,
                  p.opens,
                  p.open_tickets);
  experiment_truth_.row(id_, arm_of(p), name_of(p.what), p.p0, p.tau);
  if (p.arm == nullptr) return;
  const action& a = *p.arm;
  const auto contact = [&](double day, std::string_view what) {
    contacts_.row(id_,
                  time_of(day),
                  a.channel,
                  what,
                  "marketing",
                  a.plugin,
                  a.name,
                  minor(a.benefit),
                  time_of(w_.campaign_day() + w_.horizon_days),
                  "pilot-" + number,
                  "m" + number + "-" + std::string(what));
  };
  contact(w_.campaign_day(), "sent");
  const bool orders = a.response == response::order;
  const bool gives = orders && (a.benefit > 0 || a.discount_share > 0);
  if (gives && p.responded) contact(w_.campaign_day() + w_.horizon_days, "redeemed");
  if (p.unsubscribed) contact(w_.campaign_day() + 1, "unsubscribed");
}

void market_tables::add_truth(const person& who, const habits& h) {
  std::vector<truth> all;
  for (const action& a : w_.actions) all.push_back(truth_of(w_, who, h, a, w_.history_days));
  const std::size_t best = best_of(all);
  const std::string_view what = name_of(kind_at(w_, who, w_.history_days));
  const std::int64_t as_of =
      w_.begin_us + std::llround(w_.history_days * static_cast<double>(us_per_day));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const action& a = w_.actions[i];
    const truth& t = all[i];
    truth_.row(id_,
               a.name,
               a.plugin,
               a.channel,
               what,
               as_of,
               w_.horizon_days,
               bit(t.allowed),
               t.p0,
               t.tau,
               t.order_profit,
               t.returned,
               t.order_shape,
               t.value,
               t.benefit,
               t.contact_cost,
               t.agent_minutes,
               t.worst_case,
               t.pull_chance,
               t.unsubscribe,
               t.future_value,
               t.gross_lift(),
               t.cannibalisation(),
               t.pull_forward(),
               t.fatigue(),
               t.net(),
               t.cost(),
               bit(i == best));
  }
}

void market_tables::add_facts(const person& who, const habits& h) {
  write_facts(w_, id_, minor_per_major_, who, h, facts_);
}

void market_tables::finish(const std::string& extra, outcome& into) {
  into.tables[""] = log_.sealed(extra);
  into.tables["customers"] = facts_.sealed(extra);
  into.tables["consent"] = consent_.sealed(extra);
  into.tables["contacts"] = contacts_.sealed(extra);
  into.tables["feedback"] = feedback_.sealed(extra);
  into.tables["touches"] = touches_.sealed(extra);
  into.tables["costs"] = costs_.sealed(extra);
  into.tables["tickets"] = tickets_.sealed(extra);
  into.tables["experiment"] = experiment_.sealed(extra);
  into.tables["experiment_truth"] = experiment_truth_.sealed(extra);
  into.tables["truth"] = truth_.sealed(extra);
}

}  // namespace clv::market

#include "desk/priority/index.hpp"

#include <algorithm>

#include "desk/priority/delay_cost.hpp"
#include "desk/priority/waiting.hpp"

namespace clv::desk {
namespace {

// Business minutes until the due time; below 0 what has passed since.
double slack(const business_calendar& hours, std::int64_t now, std::int64_t due) {
  return due >= now ? minutes_of(hours.between(now, due)) : -minutes_of(hours.between(due, now));
}

struct ranking {
  const desk_view& view;
  delay_rules rules;
  handle_times times;

  ticket_index of(std::size_t position) const {
    const ticket& t = view.book.tickets[position];
    const clock_view clocks = view.clocks_of(t);
    const business_calendar& hours = view.hours_of(clocks.policy);
    ticket_index x{.ticket = position};
    x.wait_minutes = minutes_of(waited(t, hours, view.now));
    x.due = clocks.due();
    if (x.due) x.slack_minutes = slack(hours, view.now, *x.due);
    x.at_risk = view.at_risk_of(t.customer);
    x.severity_cost = rules.severity(t.severity);
    x.words_cost = rules.words().of(t.subject);
    x.outage_cost = rules.outage(t.outage);
    x.sla_cost = rules.sla(x.slack_minutes);
    x.value_cost = rules.value(x.at_risk);
    x.handle = times.of(t);
    complete(x, rules);
    return x;
  }
};

}  // namespace

void complete(ticket_index& x, const delay_rules& rules) {
  x.ageing = rules.ageing(x.wait_minutes);
  x.index = x.delay_cost() / (x.handle.left / 60) + x.ageing;
  x.beyond_bound = rules.beyond(x.wait_minutes);
}

std::weak_ordering by_urgency(const ticket_index& a, const ticket_index& b) {
  if (a.beyond_bound != b.beyond_bound) {
    return a.beyond_bound ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  const double of_a = a.beyond_bound ? a.wait_minutes : a.index;
  const double of_b = a.beyond_bound ? b.wait_minutes : b.index;
  if (of_a == of_b) return std::weak_ordering::equivalent;
  return of_a > of_b ? std::weak_ordering::less : std::weak_ordering::greater;
}

std::vector<ticket_index> rank_tickets(const desk_view& view) {
  const delay_rules rules(view.policy.priority);
  const ranking all{
      .view = view, .rules = rules, .times = handle_times(view.book, rules.fallback_minutes())};
  std::vector<ticket_index> ranked;
  for (std::size_t i = 0; i < view.book.tickets.size(); ++i) {
    if (waits_for_us(view.book.tickets[i].status)) ranked.push_back(all.of(i));
  }
  std::ranges::sort(ranked, [&](const ticket_index& a, const ticket_index& b) {
    const auto order = by_urgency(a, b);
    if (std::is_neq(order)) return std::is_lt(order);
    const std::int64_t from_a = view.book.tickets[a.ticket].created;
    const std::int64_t from_b = view.book.tickets[b.ticket].created;
    return from_a != from_b ? from_a < from_b : a.ticket < b.ticket;  // the book is in order of ids
  });
  return ranked;
}

}  // namespace clv::desk

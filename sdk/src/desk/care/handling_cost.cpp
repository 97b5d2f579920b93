#include "desk/care/handling_cost.hpp"

#include "clv/money.hpp"
#include "data/settings.hpp"
#include "desk/routing/agents.hpp"
#include "desk/tickets/event_log.hpp"
#include "desk/tickets/holder.hpp"

namespace clv::desk {

void check_cost_options(const settings& given) {
  if (given.has("cost_hour")) given.number_in("cost_hour", 0, 0, 1e9);
  const std::string currency = given.text("currency", "");
  if (!currency.empty()) minor_per_major(currency);  // refuses an unknown code
}

hourly_costs::hourly_costs(const table* agents, const desk_policy& desk, const settings& given)
    : currency_(given.text("currency", "")) {
  check_cost_options(given);
  if (given.has("cost_hour")) others_ = given.number("cost_hour", 0);
  if (agents == nullptr) return;
  for (const agent& a : read_agents(*agents, desk)) {
    if (a.cost_hour) by_agent_.emplace(a.id, *a.cost_hour);
  }
  const column* cost = agents->find("cost_hour");
  if (cost == nullptr || by_agent_.empty() || cost->unit().empty()) return;
  if (!currency_.empty() && currency_ != cost->unit()) {
    given.refuse("currency", "the currency of table 'agents', " + cost->unit());
  }
  currency_ = cost->unit();
}

std::optional<double> hourly_costs::of(std::string_view agent) const {
  const auto found = by_agent_.find(agent);
  return found != by_agent_.end() ? std::optional(found->second) : others_;
}

std::vector<handled> handled_of(const ticket_book& book, const ticket& t, const hourly_costs& by) {
  const column *minutes = book.rows->find("minutes"), *agents = book.rows->find("agent");
  std::vector<handled> all;
  holder now;
  for (const ticket_event& e : t.events) {
    const std::string_view named = event_columns::text(agents, e.row);
    now.follow(e, named);
    const double took = event_columns::number(minutes, e.row);
    if (!(took > 0)) continue;
    handled h{.what = &e, .agent = now.acting(named), .minutes = took, .cost = {}};
    if (const auto hour = by.of(h.agent)) h.cost = took / 60 * *hour;
    all.push_back(h);
  }
  return all;
}

std::optional<double> cost_of(const ticket_book& book, const ticket& t, const hourly_costs& by) {
  if (!t.has_minutes) return std::nullopt;
  double sum = 0;
  for (const handled& h : handled_of(book, t, by)) {
    if (!h.cost) return std::nullopt;
    sum += *h.cost;
  }
  return sum;
}

}  // namespace clv::desk

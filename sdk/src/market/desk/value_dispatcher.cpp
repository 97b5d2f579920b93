// What this library does: the order of work of desk/priority on what a desk can know, and the fit
// of desk/routing over who is free. A ticket stays with all until somebody can begin it, so that
// what comes in meanwhile still counts.
#include <algorithm>

#include "desk/priority/index.hpp"
#include "desk/routing/matching.hpp"
#include "market/desk/dispatchers.hpp"
#include "market/desk/live_book.hpp"

namespace clv::market_desk {
namespace {

class by_value : public dispatcher {
 public:
  explicit by_value(const scenario& s) : book_(s) {}

  void happened(const sim_event& e) override { book_.happened(e); }
  void begin(const desk_now& desk) override;
  std::optional<assignment> next(const desk_now&) override {
    if (chosen_.empty()) return std::nullopt;
    const assignment a = chosen_.front();
    chosen_.erase(chosen_.begin());
    return a;
  }

 private:
  void choose(const desk_now& desk);

  live_book book_;
  std::vector<assignment> chosen_;
};

// Who is free now, as the routing sees them: one ticket each, the others are away.
std::vector<desk::agent> free_agents(const desk_now& desk) {
  std::vector<desk::agent> out = desk.s.agents;
  for (std::size_t a = 0; a < out.size(); ++a) {
    out[a].status = desk.agents[a].idle() ? "available" : "away";
    out[a].until.reset();
    out[a].max_tickets = std::min(out[a].max_tickets.value_or(1), 1.0);
  }
  return out;
}

void by_value::begin(const desk_now& desk) {
  chosen_.clear();
  const auto idle = [](const agent_now& a) { return a.idle(); };
  if (std::any_of(desk.agents.begin(), desk.agents.end(), idle)) choose(desk);
}

void by_value::choose(const desk_now& desk) {
  const desk::desk_view& view = book_.view(desk.now);
  desk::staff staff(free_agents(desk), view.policy, desk.now);
  staff.remember_answers(view.book);
  std::vector<std::size_t> tickets;
  std::vector<desk::demand> demands;
  for (const desk::ticket_index& x : desk::rank_tickets(view)) {
    const std::size_t ticket = book_.ticket_at(x.ticket);
    if (!std::binary_search(desk.waiting.begin(), desk.waiting.end(), ticket)) continue;
    tickets.push_back(ticket);
    demands.push_back(desk::demand_of(view.book.tickets[x.ticket]));
    demands.back().urgency = x.index;
    demands.back().beyond_bound = x.beyond_bound;
  }
  desk::matching matching(staff, std::move(demands), desk::match_mode::batch);
  while (matching.advance() < 1) {
  }
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    if (const auto& given = matching.of(i)) chosen_.push_back({tickets[i], given->agent});
  }
}

}  // namespace

std::unique_ptr<dispatcher> make_value_dispatcher(const scenario& s) {
  return std::make_unique<by_value>(s);
}

}  // namespace clv::market_desk

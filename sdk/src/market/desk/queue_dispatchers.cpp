// How help desks route that know no value: the oldest first, the earliest due first, in turn, the
// least busy. They respect every hard constraint, pass tickets of an absent agent on, and keep a
// customer with the agent who answered before; none of them is weakened for the comparison.
#include <algorithm>

#include "market/desk/dispatchers.hpp"

namespace clv::market_desk {
namespace {

// Whoever is free takes the first ticket in order that they may; of several the one who was free
// for the longest.
class pulled : public dispatcher {
 public:
  explicit pulled(bool by_due) : by_due_(by_due) {}

  void begin(const desk_now& desk) override {
    order_ = desk.waiting;
    if (!by_due_) return;
    std::vector<std::pair<std::int64_t, std::size_t>> due;
    for (const std::size_t t : order_) due.emplace_back(desk.due(t), t);
    std::sort(due.begin(), due.end());
    for (std::size_t i = 0; i < due.size(); ++i) order_[i] = due[i].second;
  }

  std::optional<assignment> next(const desk_now& desk) override {
    turns_.resize(desk.agents.size(), 0);
    for (std::size_t i = 0; i < order_.size(); ++i) {
      std::size_t best = nobody;
      for (std::size_t a = 0; a < desk.agents.size(); ++a) {
        if (!desk.agents[a].idle() || !desk.may(a, order_[i])) continue;
        if (best == nobody || turns_[a] < turns_[best]) best = a;
      }
      if (best == nobody) continue;
      const assignment made{order_[i], best};
      turns_[best] = ++turn_;
      order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(i));
      return made;
    }
    return std::nullopt;
  }

 private:
  bool by_due_;
  std::vector<std::size_t> order_;
  std::vector<std::uint64_t> turns_;
  std::uint64_t turn_ = 0;
};

// The oldest ticket goes into the queue of an agent with room: the next in turn, or the one who has
// the fewest.
class pushed : public dispatcher {
 public:
  pushed(bool least_busy, bool skilled) : least_busy_(least_busy), skilled_(skilled) {}

  std::optional<assignment> next(const desk_now& desk) override {
    for (const std::size_t t : desk.waiting) {
      const std::size_t a = choose(desk, t);
      if (a != nobody) return assignment{t, a};
    }
    return std::nullopt;
  }

 private:
  // Without skills: presence, the channel, room, and not back to who has just handed it over.
  bool may(const desk_now& desk, std::size_t agent, std::size_t ticket) const {
    if (skilled_) return desk.may(agent, ticket);
    const std::vector<std::size_t>& refused = desk.tickets[ticket].refused_by;
    const sim_ticket& t = desk.s.tickets[ticket];
    return desk.agents[agent].present && answers_on(desk.s.agents[agent], t.channel) &&
           desk.has_room(agent, t) &&
           std::find(refused.begin(), refused.end(), agent) == refused.end();
  }

  std::size_t choose(const desk_now& desk, std::size_t ticket) {
    const std::size_t before = desk.tickets[ticket].last_agent;
    if (before != nobody && may(desk, before, ticket)) return before;
    const std::size_t n = desk.agents.size();
    std::size_t best = nobody;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t a = (turn_ + i) % n;
      if (!may(desk, a, ticket)) continue;
      if (best == nobody || desk.agents[a].held.size() < desk.agents[best].held.size()) best = a;
      if (!least_busy_) break;
    }
    if (best != nobody) turn_ = (best + 1) % n;
    return best;
  }

  bool least_busy_, skilled_;
  std::size_t turn_ = 0;
};

class oracle : public dispatcher {
 public:
  std::optional<assignment> next(const desk_now& desk) override {
    std::optional<assignment> best;
    double most = -1;
    for (const std::size_t t : desk.waiting) {
      const sim_ticket& of = desk.s.tickets[t];
      for (std::size_t a = 0; a < desk.agents.size(); ++a) {
        if (!desk.agents[a].idle() || !desk.may(a, t)) continue;
        const double minutes = minutes_for(desk.s.agents[a], of, desk.tickets[t].minutes_left);
        const double index = desk.s.delay_cost(of) / std::max(minutes, 1e-9);
        if (index > most) most = index, best = assignment{t, a};
      }
    }
    return best;
  }
};

}  // namespace

std::unique_ptr<dispatcher> make_fifo(const scenario&) {
  return std::make_unique<pulled>(false);
}
std::unique_ptr<dispatcher> make_sla_first(const scenario&) {
  return std::make_unique<pulled>(true);
}
std::unique_ptr<dispatcher> make_round_robin(const scenario&) {
  return std::make_unique<pushed>(false, true);
}
std::unique_ptr<dispatcher> make_least_busy(const scenario&) {
  return std::make_unique<pushed>(true, true);
}
std::unique_ptr<dispatcher> make_round_robin_unskilled(const scenario&) {
  return std::make_unique<pushed>(false, false);
}
std::unique_ptr<dispatcher> make_least_busy_unskilled(const scenario&) {
  return std::make_unique<pushed>(true, false);
}
std::unique_ptr<dispatcher> make_oracle(const scenario&) {
  return std::make_unique<oracle>();
}

}  // namespace clv::market_desk

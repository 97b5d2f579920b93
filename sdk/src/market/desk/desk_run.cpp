#include "market/desk/desk_run.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>

namespace clv::market_desk {
namespace {

constexpr double us_per_minute = 60e6;
constexpr double reading_in = .15;  // more work for who has not answered this ticket before

enum class step : std::uint8_t { shift, absence, finished, message };

struct happening {
  std::int64_t time = 0;
  step what = step::message;
  std::size_t who = 0;       // agent, of a message the ticket
  std::uint64_t serial = 0;  // of the work that it ends
  auto key() const { return std::tuple(time, what, who, serial); }
  bool operator>(const happening& other) const { return key() > other.key(); }
};

struct work {
  std::uint64_t serial = 0;
  std::int64_t began = 0;
  double nominal = 0;  // minutes of the ticket that this stretch does
  double real = 0;     // minutes of the agent
  bool helps = true;   // false: the agent cannot, and hands it over
};

class desk_run {
 public:
  desk_run(const scenario& s, dispatcher& policy)
      : s_(s),
        policy_(policy),
        tickets_(s.tickets.size()),
        agents_(s.agents.size()),
        works_(s.agents.size()),
        next_span_(s.agents.size(), 0) {
    result_.tickets.resize(s.tickets.size());
  }

  run_result play();

 private:
  desk_now now() const { return {s_, now_, waiting_, tickets_, agents_}; }
  void log(std::size_t ticket, desk::event_kind kind, std::size_t agent, double minutes = 0);
  void plan();
  void happen(const happening& h);
  void change_shift(std::size_t agent);
  void fall_away(std::size_t agent);
  void give_back(std::size_t agent, std::size_t ticket);
  void receive(std::size_t ticket);
  void finish(std::size_t agent);
  void answer(std::size_t agent, std::size_t ticket, double minutes);
  void wait(std::size_t ticket);
  void decide();
  void assign(const assignment& a);
  void check(const assignment& a);
  void start(std::size_t agent);
  bool beyond_bound(std::size_t ticket) const;
  double waited_minutes(std::size_t ticket) const;
  void judge(std::size_t ticket);

  const scenario& s_;
  dispatcher& policy_;
  std::int64_t now_ = 0;
  std::vector<std::size_t> waiting_;
  std::vector<ticket_now> tickets_;
  std::vector<agent_now> agents_;
  std::vector<work> works_;
  std::vector<std::size_t> next_span_;
  std::priority_queue<happening, std::vector<happening>, std::greater<>> ahead_;
  std::uint64_t serials_ = 0;
  std::size_t open_ = 0;  // tickets that are not yet done for good
  run_result result_;
};

void desk_run::log(std::size_t ticket, desk::event_kind kind, std::size_t agent, double minutes) {
  result_.events.push_back({now_, ticket, kind, agent, minutes});
  policy_.happened(result_.events.back());
}

void desk_run::plan() {
  open_ = s_.tickets.size();
  for (std::size_t i = 0; i < s_.tickets.size(); ++i) {
    ahead_.push({s_.tickets[i].created, step::message, i, 0});
  }
  for (std::size_t a = 0; a < s_.agents.size(); ++a) {
    if (!s_.shifts[a].empty()) ahead_.push({s_.shifts[a][0].from, step::shift, a, 0});
  }
}

run_result desk_run::play() {
  plan();
  while (open_ > 0 && !ahead_.empty()) {
    now_ = ahead_.top().time;
    while (!ahead_.empty() && ahead_.top().time == now_) {
      const happening h = ahead_.top();
      ahead_.pop();
      happen(h);
    }
    decide();
  }
  for (std::size_t i = 0; i < s_.tickets.size(); ++i) judge(i);
  return std::move(result_);
}

void desk_run::happen(const happening& h) {
  switch (h.what) {
    case step::shift:
      return change_shift(h.who);
    case step::absence:
      return fall_away(h.who);
    case step::finished:
      if (h.serial == works_[h.who].serial && agents_[h.who].working_on != nobody) finish(h.who);
      return;
    case step::message:
      return receive(h.who);
  }
}

// Comes or goes; what is being worked on waits on the desk until the next span.
void desk_run::change_shift(std::size_t agent) {
  const std::vector<work_span>& spans = s_.shifts[agent];
  std::size_t& at = next_span_[agent];
  agent_now& who = agents_[agent];
  if (!who.present) {
    who.present = true;
    ahead_.push({spans[at].to, spans[at].falls_away ? step::absence : step::shift, agent, 0});
    return;
  }
  who.present = false;
  if (++at < spans.size()) ahead_.push({spans[at].from, step::shift, agent, 0});
}

void desk_run::fall_away(std::size_t agent) {
  agent_now& who = agents_[agent];
  if (who.working_on != nobody) {
    // What was done stays done.
    const work& w = works_[agent];
    double minutes = 0;
    for (const work_span& span : s_.shifts[agent]) {
      const std::int64_t from = std::max(span.from, w.began), to = std::min(span.to, now_);
      if (to > from) minutes += static_cast<double>(to - from) / us_per_minute;
    }
    const double share = w.real > 0 ? std::min(minutes / w.real, 1.0) : 1;
    const std::size_t ticket = who.working_on;
    if (w.helps) tickets_[ticket].minutes_left -= share * w.nominal;
    result_.tickets[ticket].work_minutes += minutes;
    log(ticket, desk::event_kind::worked, agent, minutes);
    who.working_on = nobody;
  }
  for (const std::size_t ticket : std::vector<std::size_t>(who.held)) give_back(agent, ticket);
  change_shift(agent);
}

void desk_run::give_back(std::size_t agent, std::size_t ticket) {
  agent_now& who = agents_[agent];
  std::erase(who.held, ticket);
  std::erase(who.queue, ticket);
  log(ticket, desk::event_kind::unassigned, agent);
  ++result_.tickets[ticket].handed_over;
  wait(ticket);
}

// Oldest first: the order of creation is that of the positions.
void desk_run::wait(std::size_t ticket) {
  waiting_.insert(std::lower_bound(waiting_.begin(), waiting_.end(), ticket), ticket);
}

void desk_run::receive(std::size_t ticket) {
  ticket_now& at = tickets_[ticket];
  const bool first = at.round == 0 && at.since == 0;
  const bool again = !first && s_.tickets[ticket].rounds[at.round - 1].resolves;
  at.since = now_;
  at.minutes_left = s_.tickets[ticket].rounds[at.round].minutes;
  log(ticket, first ? desk::event_kind::created : desk::event_kind::message_in, nobody);
  if (!first) log(ticket, desk::event_kind::unassigned, at.last_agent);  // to whoever may, again
  if (again) at.refused_by.clear();
  wait(ticket);
}

void desk_run::finish(std::size_t agent) {
  agent_now& who = agents_[agent];
  const work& w = works_[agent];
  const std::size_t ticket = who.working_on;
  who.working_on = nobody;
  result_.tickets[ticket].work_minutes += w.real;
  if (!w.helps) {
    log(ticket, desk::event_kind::worked, agent, w.real);
    tickets_[ticket].refused_by.push_back(agent);
    give_back(agent, ticket);
    return;
  }
  std::erase(who.held, ticket);
  answer(agent, ticket, w.real);
}

void desk_run::answer(std::size_t agent, std::size_t ticket, double minutes) {
  const sim_ticket& t = s_.tickets[ticket];
  ticket_now& at = tickets_[ticket];
  served& to = result_.tickets[ticket];
  const work_round& round = t.rounds[at.round];
  const double delay = static_cast<double>(s_.default_hours().between(at.since, now_)) / 3600e6;
  to.delay_hours += delay;
  to.delay_cost += delay * s_.delay_cost(t);
  const std::int64_t counted = s_.hours[t.calendar].between(at.since, now_);
  const auto& next = t.targets[static_cast<std::size_t>(desk::clock_kind::next_response)];
  if (at.first_reply && next) {
    ++to.clocks;
    to.missed += counted > *next ? 1 : 0;
  }
  at.counted_us += counted;
  if (!at.first_reply) at.first_reply = to.first_reply = now_;
  at.last_agent = agent;
  log(ticket, desk::event_kind::message_out, agent, minutes);
  const auto after =
      round.resolves ? desk::event_kind::resolved : desk::event_kind::waiting_customer;
  log(ticket, after, agent);
  if (round.resolves) to.resolved = now_, to.agent = agent;
  if (++at.round == t.rounds.size()) {
    --open_;
    return;
  }
  const auto gap = static_cast<std::int64_t>(round.gap_hours * 3600e6);
  // A pausing clock goes on counting where the policy says that it does not pause.
  if (!round.resolves && t.policy != nullptr && !t.policy->pauses_waiting) {
    at.counted_us += s_.hours[t.calendar].between(now_, now_ + gap);
  }
  ahead_.push({now_ + std::max<std::int64_t>(gap, 1), step::message, ticket, 0});
}

double desk_run::waited_minutes(std::size_t ticket) const {
  const std::int64_t since = tickets_[ticket].since;
  return static_cast<double>(s_.hours[s_.tickets[ticket].calendar].between(since, now_)) /
         us_per_minute;
}

bool desk_run::beyond_bound(std::size_t ticket) const {
  const auto& bound = s_.world.rules.priority.max_wait_us;
  return bound && waited_minutes(ticket) >= static_cast<double>(*bound) / us_per_minute;
}

void desk_run::decide() {
  if (!waiting_.empty()) policy_.begin(now());
  while (!waiting_.empty()) {
    const auto a = policy_.next(now());
    if (!a) break;
    assign(*a);
  }
  for (std::size_t agent = 0; agent < agents_.size(); ++agent) start(agent);
}

// The desk's own rules, whatever the policy believes; and who was passed over beyond the bound.
void desk_run::check(const assignment& a) {
  const desk_now at = now();
  if (!at.may(a.agent, a.ticket)) ++result_.constraints_broken;
  if (!s_.world.rules.priority.max_wait_us || beyond_bound(a.ticket)) return;
  for (const std::size_t other : waiting_) {
    if (other == a.ticket || !beyond_bound(other) || !at.may(a.agent, other)) continue;
    ++result_.passed_over;
    return;
  }
}

void desk_run::assign(const assignment& a) {
  check(a);
  std::erase(waiting_, a.ticket);
  agent_now& who = agents_[a.agent];
  who.held.push_back(a.ticket);
  who.queue.push_back(a.ticket);
  log(a.ticket, desk::event_kind::assigned, a.agent);
  start(a.agent);
}

void desk_run::start(std::size_t agent) {
  agent_now& who = agents_[agent];
  if (!who.present || who.working_on != nobody || who.queue.empty()) return;
  const std::size_t ticket = who.queue.front();
  who.queue.erase(who.queue.begin());
  who.working_on = ticket;
  const sim_ticket& t = s_.tickets[ticket];
  const bool helps = able(s_.agents[agent], t);
  work& w = works_[agent];
  w = {.serial = ++serials_,
       .began = now_,
       .nominal = tickets_[ticket].minutes_left,
       .helps = helps};
  w.real = helps ? minutes_for(s_.agents[agent], t, w.nominal) : s_.world.handover_minutes;
  const std::size_t before = tickets_[ticket].last_agent;
  if (helps && before != nobody && before != agent) w.real *= 1 + reading_in;
  result_.tickets[ticket].longest_wait_minutes =
      std::max(result_.tickets[ticket].longest_wait_minutes, waited_minutes(ticket));
  ++result_.waits;
  const auto& bound = s_.world.rules.priority.max_wait_us;
  const double most = bound ? static_cast<double>(*bound) / us_per_minute + s_.world.grace : 0;
  if (bound && waited_minutes(ticket) > most) ++result_.beyond;
  // Through as many spans as it takes; falling away in between comes first and ends it.
  auto left = static_cast<std::int64_t>(w.real * us_per_minute) + 1;
  for (std::size_t i = next_span_[agent]; i < s_.shifts[agent].size(); ++i) {
    const work_span& span = s_.shifts[agent][i];
    const std::int64_t from = std::max(span.from, now_);
    if (left <= span.to - from) {
      ahead_.push({from + left, step::finished, agent, w.serial});
      return;
    }
    left -= span.to - from;
    if (span.falls_away) return;
  }
}

void desk_run::judge(std::size_t ticket) {
  const sim_ticket& t = s_.tickets[ticket];
  const ticket_now& at = tickets_[ticket];
  served& to = result_.tickets[ticket];
  const auto& first = t.targets[static_cast<std::size_t>(desk::clock_kind::first_response)];
  if (first && at.first_reply) {
    ++to.clocks;
    to.missed += s_.hours[t.calendar].between(t.created, *at.first_reply) > *first ? 1 : 0;
  }
  const auto& whole = t.targets[static_cast<std::size_t>(desk::clock_kind::resolution)];
  if (whole) {
    ++to.clocks;
    to.missed += at.counted_us > *whole ? 1 : 0;
  }
  const bool breached = to.missed > 0;
  to.hazard = t.churn_hour * to.delay_hours + (breached ? t.churn_breach : 0);
  if (breached) to.delay_cost += t.churn_breach * s_.customers[t.customer].clv;
  to.satisfaction =
      std::clamp(4.6 - .35 * std::log1p(to.delay_hours) - (breached ? .7 : 0), 1.0, 5.0);
}

}  // namespace

run_result play(const scenario& s, dispatcher& policy) {
  return desk_run(s, policy).play();
}

}  // namespace clv::market_desk

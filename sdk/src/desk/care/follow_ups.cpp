#include "desk/care/follow_ups.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "clv/error.hpp"
#include "desk/care/recorded_follow_ups.hpp"
#include "desk/desk_tables.hpp"
#include "features/cells.hpp"
#include "math/json.hpp"

namespace clv::desk {
namespace {

// What happened, before it is a promise.
struct trigger {
  std::string key, customer, ticket;
  std::string_view name;
  std::string reason;
  std::int64_t time = 0;
  const follow_up_rule* rule = nullptr;
  credit then;  // agent: the assignee of the event
};
using triggers = std::map<std::string, trigger, std::less<>>;

// One reading of the sources.
class trigger_finder {
 public:
  explicit trigger_finder(const follow_up_sources& from)
      : from_(from),
        rules_(from.view->policy.follow_ups),
        oldest_(from.view->now - static_cast<std::int64_t>(from.window_days * us_per_day)) {}

  triggers find() {
    if (rules_.detractor) find_detractors();
    if (rules_.resolved_high_value) find_resolutions();
    if (rules_.breach && from_.clock_events != nullptr) find_breaches();
    return std::move(found_);
  }

 private:
  void find_detractors();
  void find_resolutions();
  void find_breaches();
  void add(trigger t) {
    if (t.time < oldest_ || t.time > from_.view->now) return;
    std::string key = t.key;
    const auto [at, is_new] = found_.emplace(std::move(key), t);
    if (!is_new && t.time < at->second.time) at->second = std::move(t);  // breach before missed
  }

  const follow_up_sources& from_;
  const follow_up_rules& rules_;
  std::int64_t oldest_;
  triggers found_;
};

std::string said(const answer& a) {
  if (a.kind == "complaint" || !a.score) return "A complaint at " + format_time(a.time) + ".";
  return "Answered " + a.kind + " " + math::to_text(*a.score) + " at " + format_time(a.time) + ".";
}

void trigger_finder::find_detractors() {
  for (const answer& a : from_.answers) {
    if (!a.complaint || a.time < oldest_) continue;
    credit then = a.about;
    if (const ticket* t = from_.view->book.find(a.ticket)) {
      // Who has it at the answer; when nobody has it any more, whom the answer is about.
      const std::string rated = then.agent;
      then = holder_at(from_.view->book, *t, a.time);
      if (then.agent.empty()) then.agent = rated;
    }
    add({.key = detractor_key(a),
         .customer = a.customer,
         .ticket = a.ticket,
         .name = "detractor",
         .reason = said(a),
         .time = a.time,
         .rule = &*rules_.detractor,
         .then = std::move(then)});
  }
}

void trigger_finder::find_resolutions() {
  for (const ticket& t : from_.view->book.tickets) {
    const auto value = from_.view->at_risk_of(t.customer);
    if (!value || *value < rules_.resolved_high_value->clv_at_risk) continue;
    for (const resolution& r : resolutions_of(t)) {
      // What was reopened is not settled, and what is merged goes on.
      if (!r.last || r.time < oldest_) continue;
      add({.key = key_of({"resolved_high_value", t.id, format_time(r.time)}),
           .customer = t.customer,
           .ticket = t.id,
           .name = "resolved_high_value",
           .reason = "Resolved, with " + math::to_text(*value) + " of value at risk.",
           .time = r.time,
           .rule = &*rules_.resolved_high_value,
           .then = credited_agent(from_.view->book, t, r.time)});
    }
  }
}

void trigger_finder::find_breaches() {
  const table& rows = *from_.clock_events;
  const column &kinds = rows.get("kind", type::utf8), &times = rows.get("time", type::time);
  const column &ids = rows.get("ticket", type::utf8), &clocks = rows.get("clock", type::utf8);
  const column &starts = rows.get("started", type::time), *agents = rows.find("agent");
  const column *dues = rows.find("due"), &customers = rows.get("customer", type::utf8);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (kinds.text(row) != "breach" && kinds.text(row) != "missed") continue;
    if (times.integers()[row] > from_.view->now) continue;
    const std::string id(ids.text(row)), clock(clocks.text(row));
    const bool at_due = dues != nullptr && dues->present(row);
    const std::int64_t when = at_due ? dues->integers()[row] : times.integers()[row];
    trigger t{.key = key_of({"breach", id, clock, format_time(starts.integers()[row])}),
              .customer = std::string(customers.text(row)),
              .ticket = id,
              .name = "breach",
              .reason = "The clock " + clock + " ran out at " + format_time(when) + ".",
              .time = when,
              .rule = &*rules_.breach};
    if (const ticket* of = from_.view->book.find(id)) {
      t.customer = of->customer;
      t.then = holder_at(from_.view->book, *of, when);
    }
    if (agents != nullptr && agents->present(row)) t.then.agent = agents->text(row);
    add(std::move(t));
  }
}

// Of a ticket that no event tells of the desk's.
const business_calendar& hours_of(const desk_view& view, std::string_view id) {
  const ticket* t = view.book.find(id);
  return view.hours_of(t != nullptr ? view.policy_of(*t) : nullptr);
}

// What follows from the trigger and the rules of now.
follow_up promise_of(const trigger& t, const desk_view& view, const owner_rules& owners) {
  const owned_by who = owners.owner(t.rule->owner, t.then);
  const std::int64_t due = hours_of(view, t.ticket).add(t.time, t.rule->within_us);
  follow_up f{.id = t.key,
              .customer = t.customer,
              .ticket = t.ticket,
              .trigger = std::string(t.name),
              .owner = who.owner,
              .reason = t.reason + (who.because.empty() ? "" : " " + who.because),
              .opened = t.time};
  if (due < end_of_time) f.due = due;
  return f;
}

// Where it stands now; what was recorded of an escalation or an end stays.
void settle(follow_up& f, const desk_view& view, const owner_rules& owners) {
  if (f.settled() || f.escalation_recorded || !f.due) return;
  if (view.now > *f.due) f.state = follow_up_state::overdue;
  const auto& after = view.policy.follow_ups.escalate_after_us;
  if (!after || f.state != follow_up_state::overdue) return;
  const std::int64_t at = hours_of(view, f.ticket).add(*f.due, *after);
  if (at > view.now) return;
  f.state = follow_up_state::escalated;
  f.escalated = at;
  const ticket* of = view.book.find(f.ticket);
  f.owner = owners.above(f.owner, of != nullptr ? holder_at(view.book, *of, at) : credit{});
}

bool earlier(const follow_up& a, const follow_up& b) {
  const auto due = [](const follow_up& f) { return f.due.value_or(end_of_time); };
  return std::make_tuple(due(a), std::string_view(a.id)) <
         std::make_tuple(due(b), std::string_view(b.id));
}

}  // namespace

std::string detractor_key(const answer& a) {
  if (!a.event_id.empty()) return key_of({"detractor", a.event_id});
  return key_of({"detractor", a.said_by, a.ticket, a.kind, format_time(a.time)});
}

std::vector<follow_up> follow_ups_of(const follow_up_sources& from) {
  const owner_rules owners(from.agents, *from.view);
  auto known = from.recorded == nullptr ? std::map<std::string, follow_up, std::less<>>()
                                        : recorded_follow_ups(*from.recorded, from.view->now);
  for (const auto& [key, t] : trigger_finder(from).find()) {
    const auto recorded = known.find(key);
    if (recorded != known.end() && recorded->second.opening_recorded) {
      recorded->second.customer = t.customer;  // a link of addresses that was taken back since
      continue;
    }
    follow_up f = promise_of(t, *from.view, owners);
    if (recorded != known.end()) take_over(recorded->second, f);
    known.insert_or_assign(key, std::move(f));
  }
  std::vector<follow_up> all;
  for (auto& [key, f] : known) {
    f.customer = from.view->who.customer_of(std::string(f.customer));
    settle(f, *from.view, owners);
    all.push_back(std::move(f));
  }
  std::ranges::sort(all, earlier);
  return all;
}

}  // namespace clv::desk

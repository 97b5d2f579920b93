// Agent minutes as one budget of the desk and of retention: how many there are, what the backlog
// and the proposals would do with them, and what one more is worth.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "clv/error.hpp"
#include "data/report_tables.hpp"
#include "desk/reports.hpp"
#include "desk/routing/core_search.hpp"
#include "desk/routing/minutes.hpp"
#include "desk/routing/shift.hpp"
#include "features/cells.hpp"
#include "math/hash.hpp"
#include "retention/allocation/choice_rows.hpp"
#include "retention/allocation/plan.hpp"

namespace clv {
namespace {

using namespace desk;
using features::text_at;
using retention::choice_rows;
using retention::plan;

constexpr const char* capacity_name = "desk_capacity";
constexpr double us_per_hour = 3600.0 * us_per_second;
constexpr double default_days = 7;
constexpr std::array<report_input, 7> capacity_inputs{
    {events_input,
     agents_input,
     identities_input,
     scores_input,
     segments_input,
     clock_events_input,
     {"options",
      "",
      false,
      "customer,action,net,agent_minutes and optionally team: what retention would do, as report "
      "allocate takes it"}}};
constexpr std::array<report_option, 6> capacity_option_rows{
    {desk_option,
     as_of_option,
     {"from", "", "start of the horizon: a date, or one with a clock; default: as_of"},
     {"to", "", "its end; default: 7 days after the start"},
     {"averted",
      "0.5",
      "share of the horizon's cost of delay that a ticket served within it saves: 1/2 when they "
      "are served evenly over it, 1 when all at once"},
     {"teams", "false", "true: what names a team takes the minutes of that team only"}}};
constexpr std::array<report_output, 4> capacity_outputs{
    {{"", "resource,available,desk,retention,shadow_price,cost_minute"},
     {"choices", "kind,id,action,team,value,minutes,taken"},
     {"agents", "agent,team,minutes"},
     {"totals", "value,value_desk,value_retention,bound,gap"}}};

// One way to spend minutes.
struct choice {
  bool of_desk = true;
  std::string id, action, team;
  double value = 0, minutes = 0;
};

// Whoever can get at most one of them.
struct taker {
  std::vector<std::uint32_t> choices;
  std::uint64_t key = 0;
};

struct horizon {
  std::int64_t from = 0, to = 0;
};

std::int64_t instant(const settings& given, std::string_view option, std::int64_t fallback) {
  if (!given.has(option)) return fallback;
  const auto at = parse_time(given.text(option, ""), zone("UTC"));
  if (!at) given.refuse(option, "a date, or one with a clock, like 2026-03-01T09:00Z");
  return *at;
}

horizon read_horizon(const settings& given, std::int64_t now) {
  horizon h;
  h.from = instant(given, "from", now);
  h.to = instant(given, "to", h.from + static_cast<std::int64_t>(default_days * us_per_day));
  if (h.to <= h.from) given.refuse("to", "an instant after 'from'");
  return h;
}

// The work in phases: read, plan (stepped), write.
class capacity_run {
 public:
  explicit capacity_run(desk_call asked)
      : asked_(std::move(asked)),
        averted_(asked_.given.number_in("averted", 0.5, 0, 1)),
        by_team_(asked_.given.flag("teams", false)) {}

  double read();
  double advance();
  void write(outcome& out) const;

 private:
  void count_minutes();
  void read_tickets();
  void read_proposals();
  void fill_plan();
  void finish_plan();
  void write_lines(outcome& out) const;
  void write_choices(outcome& out) const;
  // Pools of a choice: all, and its team's where teams count and it has agents.
  std::vector<std::uint32_t> pools_of(const choice& c) const;

  desk_call asked_;
  double averted_;
  bool by_team_;
  std::unique_ptr<shift> shift_;
  horizon horizon_;
  std::vector<double> minutes_;      // by agent
  std::vector<minutes_pool> pools_;  // [0]: all
  std::map<std::string, std::uint32_t> pool_of_team_;
  std::vector<choice> choices_;
  std::vector<taker> takers_;
  std::string unit_;
  std::optional<plan> plan_;
  std::vector<std::optional<std::uint32_t>> chosen_;  // by taker, of choices_
};

double capacity_run::read() {
  shift_ = read_shift(asked_);
  horizon_ = read_horizon(asked_.given, shift_->now());
  count_minutes();
  read_tickets();
  if (asked_.in.has("options")) read_proposals();
  fill_plan();
  return 1;
}

void capacity_run::count_minutes() {
  pools_.push_back({.name = "agent_minutes"});
  for (const agent& a : shift_->who->agents()) {
    const double minutes = minutes_available(a, shift_->view.policy, horizon_.from, horizon_.to);
    minutes_.push_back(minutes);
    pools_.front().add(minutes, a.cost_hour);
    if (!by_team_ || a.team.empty()) continue;
    const auto [at, is_new] =
        pool_of_team_.emplace(a.team, static_cast<std::uint32_t>(pools_.size()));
    if (is_new) pools_.push_back({.name = "agent_minutes:" + a.team});
    pools_[at->second].add(minutes, a.cost_hour);
  }
}

// The cost of delay that serving it within the horizon saves.
void capacity_run::read_tickets() {
  for (const ticket_index& x : rank_tickets(shift_->view)) {
    const ticket& t = shift_->view.book.tickets[x.ticket];
    const business_calendar& hours = shift_->view.hours_of(t);
    const double waits =
        static_cast<double>(hours.between(horizon_.from, horizon_.to)) / us_per_hour;
    takers_.push_back({.choices = {static_cast<std::uint32_t>(choices_.size())},
                       .key = math::hash64("ticket " + t.id)});
    choices_.push_back({.of_desk = true,
                        .id = t.id,
                        .action = "answer",
                        .team = t.team,
                        .value = averted_ * x.delay_cost() * waits,
                        .minutes = x.handle.left});
  }
}

void capacity_run::read_proposals() {
  const table& given = asked_.in.of("options");
  const report_rows rows(given, capacity_name, "options");
  const choice_rows people(rows.texts("customer"));
  const auto action = rows.texts("action");
  const auto net = rows.numbers("net");
  const auto minutes = rows.numbers("agent_minutes");
  const column* team = given.find("team");
  unit_ = rows.unit("net");
  for (std::size_t i = 0; i < people.customers(); ++i) {
    taker one{.choices = {}, .key = people.tie_key(i)};
    people.each_row(i, [&](std::uint32_t row) {
      if (minutes[row] < 0) rows.refuse("agent_minutes", row, "is below 0");
      one.choices.push_back(static_cast<std::uint32_t>(choices_.size()));
      choices_.push_back({.of_desk = false,
                          .id = people.customer(i),
                          .action = action[row],
                          .team = team == nullptr ? std::string() : text_at(*team, row),
                          .value = net[row],
                          .minutes = minutes[row]});
    });
    takers_.push_back(std::move(one));
  }
}

std::vector<std::uint32_t> capacity_run::pools_of(const choice& c) const {
  std::vector<std::uint32_t> pools{0};
  const auto found = pool_of_team_.find(c.team);
  if (found != pool_of_team_.end()) pools.push_back(found->second);
  return pools;
}

void capacity_run::fill_plan() {
  std::vector<double> limits;
  for (const minutes_pool& p : pools_) limits.push_back(p.available);
  plan_.emplace(std::move(limits));
  for (const taker& one : takers_) {
    std::vector<std::vector<retention::use>> uses;
    for (const std::uint32_t c : one.choices) {
      uses.emplace_back();
      for (const std::uint32_t pool : pools_of(choices_[c])) {
        uses.back().push_back({pool, choices_[c].minutes});
      }
    }
    std::vector<retention::option> offered;
    for (std::size_t k = 0; k < one.choices.size(); ++k) {
      const std::uint32_t c = one.choices[k];
      offered.push_back({.rank = choices_[c].value, .id = c, .uses = uses[k]});
    }
    plan_->add(offered, one.key, true);
  }
}

double capacity_run::advance() {
  const double done = plan_->advance(1U << 14);
  if (done == 1) finish_plan();
  return done;
}

// What is left between the plan and its bound. With pools of teams the plan stays as it is.
void capacity_run::finish_plan() {
  std::vector<core_taker> core(takers_.size());
  for (std::size_t i = 0; i < takers_.size(); ++i) {
    core[i].chosen = plan_->chosen(i);
    for (const std::uint32_t c : takers_[i].choices) {
      core[i].options.push_back(
          {.value = choices_[c].value, .minutes = choices_[c].minutes, .id = c});
    }
  }
  if (pools_.size() == 1) search_core(core, pools_[0].available, plan_->shadow_price(0));
  for (const core_taker& t : core) chosen_.push_back(t.chosen);
}

void capacity_run::write_lines(outcome& out) const {
  std::vector<std::array<double, 2>> used(pools_.size());
  std::array<double, 2> value{};
  for (std::size_t i = 0; i < takers_.size(); ++i) {
    const auto c = chosen_[i];
    if (!c) continue;
    const std::size_t whose = choices_[*c].of_desk ? 0 : 1;
    value[whose] += choices_[*c].value;
    for (const std::uint32_t pool : pools_of(choices_[*c])) {
      used[pool][whose] += choices_[*c].minutes;
    }
  }
  report_writer lines({{"resource", type::utf8},
                       {"available", type::f64, "minute"},
                       {"desk", type::f64, "minute"},
                       {"retention", type::f64, "minute"},
                       {"shadow_price", type::f64, unit_},
                       {"cost_minute", type::f64, unit_}});
  for (std::size_t p = 0; p < pools_.size(); ++p) {
    lines.row(pools_[p].name,
              pools_[p].available,
              used[p][0],
              used[p][1],
              plan_->shadow_price(p),
              pools_[p].cost_minute());
  }
  report_writer totals({{"value", type::f64, unit_},
                        {"value_desk", type::f64, unit_},
                        {"value_retention", type::f64, unit_},
                        {"bound", type::f64, unit_},
                        {"gap", type::f64, unit_}});
  const double total = value[0] + value[1];
  const double bound = std::max(plan_->bound(), total);  // they are sums in another order
  totals.row(total, value[0], value[1], bound, bound - total);
  out.tables[""] = lines.sealed(asked_.seal);
  out.tables["totals"] = totals.sealed(asked_.seal);
}

void capacity_run::write_choices(outcome& out) const {
  report_writer rows({{"kind", type::utf8},
                      {"id", type::utf8},
                      {"action", type::utf8},
                      {"team", type::utf8},
                      {"value", type::f64, unit_},
                      {"minutes", type::f64},
                      {"taken", type::i64}});
  for (std::size_t i = 0; i < takers_.size(); ++i) {
    const auto chosen = chosen_[i];
    for (const std::uint32_t c : takers_[i].choices) {
      const choice& one = choices_[c];
      rows.row(one.of_desk ? "ticket" : "proposal",
               one.id,
               one.action,
               one.team,
               one.value,
               one.minutes,
               std::int64_t{chosen == c});
    }
  }
  out.tables["choices"] = rows.sealed(asked_.seal);
}

void capacity_run::write(outcome& out) const {
  write_lines(out);
  write_choices(out);
  report_writer agents({{"agent", type::utf8}, {"team", type::utf8}, {"minutes", type::f64}});
  for (std::size_t a = 0; a < minutes_.size(); ++a) {
    const agent& one = shift_->who->agents()[a];
    agents.row(one.id, one.team, minutes_[a]);
  }
  out.tables["agents"] = agents.sealed(asked_.seal);
}

job capacity_begin(report_inputs in, std::string_view options_json) {
  return desk_job("plan",
                  std::make_shared<capacity_run>(
                      desk_call(capacity_name, std::move(in), options_json, capacity_option_rows)));
}

}  // namespace

constinit const report desk_capacity_report{
    .name = capacity_name,
    .summary =
        "Agent minutes as one budget of tickets and retention: what they are best spent on, "
        "and what one more is worth",
    .needs_model = false,
    .inputs = capacity_inputs,
    .options = capacity_option_rows,
    .outputs = capacity_outputs,
    .begin = capacity_begin,
};

}  // namespace clv

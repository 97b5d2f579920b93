// What answering costs: the agent minutes of each event at the agent's hourly cost, as rows of
// schema costs (kind service), so that the service cost of the value formula is measured. One row
// per event with minutes: minutes that come later add rows and change none.
//   amount = minutes / 60 x cost_hour, to minor units, halves to even
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "clv/money.hpp"
#include "desk/care/handling_cost.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/performance/window.hpp"
#include "desk/reports.hpp"
#include "desk/routing/agents.hpp"
#include "desk/tickets/event_log.hpp"
#include "math/json.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 3> desk_costs_inputs{
    {events_input, identities_input, optional_agents_input}};
constexpr std::array<report_option, 6> desk_costs_option_rows{
    {desk_option, as_of_option, from_option, to_option, cost_hour_option, currency_option}};
constexpr std::array<report_output, 4> desk_costs_outputs{
    {{"", "ticket,customer,category,agents,minutes,cost,minutes_without_cost"},
     {"costs", "customer,time,kind,amount,event_id", "costs"},
     {"agents", "agent,minutes,cost_hour,cost"},
     refused_output}};

// One event that took time, priced and named.
struct cost_row {
  const ticket* of = nullptr;
  handled work;
  std::string event_id;
  std::optional<std::int64_t> minor;  // absent: nobody knows what the hour costs
};

// The event's own id, else one of what it is; a number tells equal ones apart.
std::string cost_id(const std::string& own, std::map<std::string, int>& used) {
  const std::string id = "handling|" + own;
  const int before = used[id]++;
  return before == 0 ? id : id + "|" + std::to_string(before + 1);
}

std::string name_of(const ticket& t, const handled& h, std::string_view event_id) {
  if (!event_id.empty()) return std::string(event_id);
  const std::string_view kind = event_names[static_cast<std::size_t>(h.what->kind)];
  return t.id + "|" + format_time(h.what->time) + "|" + std::string(kind) + "|" +
         std::string(h.agent);
}

class cost_book {
 public:
  cost_book(const desk_call& asked, const desk_view& view)
      : hours_(asked.find("agents"), view.policy, asked.given),
        seal_(asked.seal),
        minor_(hours_.currency().empty() ? 100 : minor_per_major(hours_.currency())) {
    if (hours_.currency().empty() && !hours_.empty()) {
      asked.given.refuse("currency", "the code of the money that hours cost, like EUR");
    }
    read(view.book, read_window(asked.given, view.now));
  }

  std::shared_ptr<const table> tickets() const;
  std::shared_ptr<const table> costs() const;
  std::shared_ptr<const table> agents() const;
  double minutes_without_cost() const {
    double sum = 0;
    for (const cost_row& r : rows_) sum += r.minor ? 0 : r.work.minutes;
    return sum;
  }

 private:
  struct tally {
    double minutes = 0, without_cost = 0;
    std::int64_t minor = 0;
    bool priced = false;
    std::set<std::string_view> agents;
    void add(const cost_row& r) {
      minutes += r.work.minutes;
      if (!r.minor) without_cost += r.work.minutes;
      priced = priced || r.minor;
      minor += r.minor.value_or(0);
      if (!r.work.agent.empty()) agents.insert(r.work.agent);
    }
  };
  void read(const ticket_book& book, const time_window& window);
  std::optional<double> major(const tally& t) const {
    if (!t.priced) return std::nullopt;
    return static_cast<double>(t.minor) / minor_;
  }

  hourly_costs hours_;
  std::string seal_;
  double minor_;  // units of the currency in a major one
  std::vector<cost_row> rows_;
};

void cost_book::read(const ticket_book& book, const time_window& window) {
  const column* ids = book.rows->find("event_id");
  std::map<std::string, int> used;
  for (const ticket& t : book.tickets) {
    for (const handled& h : handled_of(book, t, hours_)) {
      // Numbered before the window is asked: the same event has the same id in every window.
      std::string id = cost_id(name_of(t, h, event_columns::text(ids, h.what->row)), used);
      if (!window.holds(h.what->time)) continue;
      cost_row r{.of = &t, .work = h, .event_id = std::move(id), .minor = {}};
      if (h.cost) r.minor = static_cast<std::int64_t>(std::nearbyint(*h.cost * minor_));
      rows_.push_back(std::move(r));
    }
  }
}

std::shared_ptr<const table> cost_book::costs() const {
  report_writer rows({{"customer", type::utf8},
                      {"time", type::time, "us"},
                      {"kind", type::utf8},
                      {"amount", type::money, hours_.currency()},
                      {"event_id", type::utf8}});
  for (const cost_row& r : rows_) {
    if (r.minor) rows.row(r.of->customer, r.work.what->time, "service", *r.minor, r.event_id);
  }
  return rows.sealed(seal_);
}

std::shared_ptr<const table> cost_book::tickets() const {
  std::map<std::string_view, std::pair<const ticket*, tally>> tickets;
  for (const cost_row& r : rows_) {
    auto& [of, sums] = tickets[r.of->id];
    of = r.of;
    sums.add(r);
  }
  report_writer rows({{"ticket", type::utf8},
                      {"customer", type::utf8},
                      {"category", type::utf8},
                      {"agents", type::i64},
                      {"minutes", type::f64},
                      {"cost", type::f64, hours_.currency()},
                      {"minutes_without_cost", type::f64}});
  for (const auto& [id, each] : tickets) {
    const auto& [of, t] = each;
    const auto agents = static_cast<std::int64_t>(t.agents.size());
    rows.row(id, of->customer, word(of->category), agents, t.minutes, major(t), t.without_cost);
  }
  return rows.sealed(seal_);
}

std::shared_ptr<const table> cost_book::agents() const {
  std::map<std::string_view, tally> agents;
  for (const cost_row& r : rows_) agents[r.work.agent].add(r);
  report_writer rows({{"agent", type::utf8},
                      {"minutes", type::f64},
                      {"cost_hour", type::f64, hours_.currency()},
                      {"cost", type::f64, hours_.currency()}});
  for (const auto& [agent, t] : agents) {
    rows.row(word(agent), t.minutes, hours_.of(agent), major(t));
  }
  return rows.sealed(seal_);
}

void desk_costs_build(const desk_call& asked, outcome& out) {
  const desk_view view = asked.view();
  const cost_book book(asked, view);
  out.tables[""] = book.tickets();
  out.tables["costs"] = book.costs();
  out.tables["agents"] = book.agents();
  out.tables["refused"] = refused_table(view.book, asked.seal);
  const double without = book.minutes_without_cost();
  if (!(without > 0)) return;
  warn(out,
       math::to_text(without) +
           " minutes are of agents whose hour has no cost: left out of the costs",
       "give cost_hour in table agents or as an option");
}

job desk_costs_begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_costs", std::move(in), options_json, desk_costs_option_rows);
  check_cost_options(asked.given);
  return desk_job("costs", std::move(asked), desk_costs_build);
}

}  // namespace

constinit const report desk_costs_report{
    .name = "desk_costs",
    .summary = "What answering costs per ticket, as service costs that the value formula reads",
    .needs_model = false,
    .inputs = desk_costs_inputs,
    .options = desk_costs_option_rows,
    .outputs = desk_costs_outputs,
    .begin = desk_costs_begin,
};

}  // namespace clv

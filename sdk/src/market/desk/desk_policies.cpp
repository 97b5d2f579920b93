// Report `desk_policies`: the same tickets, agents and absences under several policies, over
// several seeds. Policies are compared within a seed, so that what is common to them cancels.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/report_tables.hpp"
#include "market/desk/desk_settings.hpp"
#include "market/desk/dispatchers.hpp"
#include "market/desk/measures.hpp"
#include "market/reports.hpp"

namespace clv {
namespace {

using market_desk::measure_names;
using market_desk::named_dispatcher;

constexpr std::string_view desk_policies_name = "desk_policies";

constexpr std::array<report_input, 2> desk_policies_inputs{
    {{"ticket_events", "ticket_events", false, ""}, {"agents", "agents", false, ""}}};
constexpr auto desk_policies_options = [] {
  std::array<report_option, market_desk::world_options.size() + 2> all{};
  std::copy(market_desk::world_options.begin(), market_desk::world_options.end(), all.begin());
  all[all.size() - 2] = {"seeds", "6", "how many desks, from option 'seed' on, 1 to 1000"};
  all.back() = {
      "policies",
      "",
      "list of ours, fifo, sla_first, round_robin, least_busy, round_robin_unskilled, "
      "least_busy_unskilled, oracle; left out: all; the first is compared with the others"};
  return all;
}();
constexpr std::array<report_output, 3> desk_policies_outputs{
    {{"",
      "policy,seeds,tickets,delay_cost,delay_cost_standard_error,churned_value,"
      "churned_value_standard_error,sla_kept,sla_kept_standard_error,delay_hours,"
      "delay_hours_standard_error,longest_wait_hours,longest_wait_hours_standard_error,"
      "beyond_share,beyond_share_standard_error,passed_over,passed_over_standard_error,"
      "constraints_broken,constraints_broken_standard_error,handed_over,"
      "handed_over_standard_error,handle_minutes,handle_minutes_standard_error,satisfaction,"
      "satisfaction_standard_error"},
     {"differences", "policy,against,measure,mean,standard_error,lower,upper"},
     {"runs",
      "policy,seed,tickets,delay_cost,churned_value,sla_kept,delay_hours,longest_wait_hours,"
      "beyond_share,passed_over,constraints_broken,handed_over,handle_minutes,satisfaction"}}};

std::optional<double> if_known(double x) {
  return std::isnan(x) ? std::nullopt : std::optional<double>(x);
}

std::string unit_of(std::size_t measure, const std::string& currency) {
  return measure < 2 ? currency : "";  // delay_cost and churned_value
}

struct run {
  market_desk::desk_world world;
  std::shared_ptr<const table> events, agents;
  std::vector<const named_dispatcher*> policies;
  std::size_t seeds = 6, done = 0;
  std::string extra;
  std::vector<double> tickets;                            // by seed
  std::vector<std::vector<market_desk::measures>> found;  // by policy, then seed

  double advance(outcome& out);
  std::vector<double> of(std::size_t policy, std::size_t measure) const;
  void write_summary(outcome& out) const;
  void write_differences(outcome& out) const;
  void write_runs(outcome& out) const;
};

double run::advance(outcome& out) {
  market_desk::desk_world w = world;
  w.seed = world.seed + done;
  const auto scene = market_desk::draw_scenario(w, events.get(), agents.get());
  found.resize(policies.size());
  tickets.push_back(static_cast<double>(scene.tickets.size()));
  for (std::size_t p = 0; p < policies.size(); ++p) {
    const auto by = policies[p]->make(scene);
    found[p].push_back(market_desk::measures_of(scene, market_desk::play(scene, *by)));
  }
  if (++done < seeds) return static_cast<double>(done) / static_cast<double>(seeds);
  write_summary(out);
  write_differences(out);
  write_runs(out);
  return 1;
}

std::vector<double> run::of(std::size_t policy, std::size_t measure) const {
  std::vector<double> out;
  for (const market_desk::measures& m : found[policy]) out.push_back(m[measure]);
  return out;
}

void run::write_summary(outcome& out) const {
  auto rows = std::make_shared<table>();
  rows->add("policy", type::utf8);
  rows->add("seeds", type::i64);
  rows->add("tickets", type::f64);
  for (std::size_t m = 0; m < measure_names.size(); ++m) {
    rows->add(std::string(measure_names[m]), type::f64, unit_of(m, world.currency));
    rows->add(
        std::string(measure_names[m]) + "_standard_error", type::f64, unit_of(m, world.currency));
  }
  for (std::size_t p = 0; p < policies.size(); ++p) {
    auto& columns = rows->columns();
    columns[0].push(policies[p]->name);
    columns[1].push(static_cast<std::int64_t>(seeds));
    columns[2].push(market_desk::mean_of(tickets).mean);
    for (std::size_t m = 0; m < measure_names.size(); ++m) {
      const auto mean = market_desk::mean_of(of(p, m));
      columns[3 + 2 * m].push(mean.mean);
      if (const auto error = if_known(mean.standard_error)) {
        columns[4 + 2 * m].push(*error);
      } else {
        columns[4 + 2 * m].push_absent();
      }
    }
  }
  rows->seal(extra);
  out.tables[""] = rows;
}

void run::write_differences(outcome& out) const {
  report_writer rows({{"policy", type::utf8},
                      {"against", type::utf8},
                      {"measure", type::utf8},
                      {"mean", type::f64},
                      {"standard_error", type::f64},
                      {"lower", type::f64},
                      {"upper", type::f64}});
  for (std::size_t p = 1; p < policies.size(); ++p) {
    for (std::size_t m = 0; m < measure_names.size(); ++m) {
      std::vector<double> less = of(0, m);
      const std::vector<double> other = of(p, m);
      for (std::size_t i = 0; i < less.size(); ++i) less[i] -= other[i];
      const auto mean = market_desk::mean_of(less);
      rows.row(policies[0]->name,
               policies[p]->name,
               measure_names[m],
               mean.mean,
               if_known(mean.standard_error),
               if_known(mean.lower),
               if_known(mean.upper));
    }
  }
  out.tables["differences"] = rows.sealed(extra);
}

void run::write_runs(outcome& out) const {
  auto rows = std::make_shared<table>();
  rows->add("policy", type::utf8);
  rows->add("seed", type::i64);
  rows->add("tickets", type::f64);
  for (std::size_t m = 0; m < measure_names.size(); ++m) {
    rows->add(std::string(measure_names[m]), type::f64, unit_of(m, world.currency));
  }
  for (std::size_t p = 0; p < policies.size(); ++p) {
    for (std::size_t i = 0; i < seeds; ++i) {
      auto& columns = rows->columns();
      columns[0].push(policies[p]->name);
      columns[1].push(static_cast<std::int64_t>(world.seed + i));
      columns[2].push(tickets[i]);
      for (std::size_t m = 0; m < measure_names.size(); ++m) columns[3 + m].push(found[p][i][m]);
    }
  }
  rows->seal(extra);
  out.tables["runs"] = rows;
}

job desk_policies_begin(report_inputs in, std::string_view options_json) {
  const settings s("report 'desk_policies'", options_json, desk_policies_options);
  auto all = std::make_shared<run>();
  all->world = market_desk::read_world(s);
  all->seeds = static_cast<std::size_t>(s.number_in("seeds", 6, 1, 1000));
  if (const auto names = s.names("policies")) {
    for (const std::string& each : *names) {
      all->policies.push_back(&market_desk::find_dispatcher(desk_policies_name, each));
    }
  } else {
    for (const named_dispatcher& each : market_desk::dispatchers()) all->policies.push_back(&each);
  }
  all->events = in.tables["ticket_events"];
  all->agents = in.tables["agents"];
  all->extra = "desk_policies/1|" + std::string(options_json);
  for (const auto& given : {all->events, all->agents}) {
    all->extra += given ? "|" + given->fingerprint() : "|";
  }
  auto result = std::make_shared<outcome>();
  std::vector<phase> phases;
  phases.push_back({"desks", [all, result] { return all->advance(*result); }});
  return {std::move(phases), std::move(result)};
}

}  // namespace

constinit const report desk_policies_report{
    .name = desk_policies_name,
    .summary =
        "Policies of a simulated support desk: true delay cost, targets kept, longest waits and "
        "broken constraints of ours against first in first out, round robin and least busy",
    .needs_model = false,
    .inputs = desk_policies_inputs,
    .options = desk_policies_options,
    .outputs = desk_policies_outputs,
    .begin = desk_policies_begin,
};

}  // namespace clv

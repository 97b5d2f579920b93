// Report `market`: a shop whose customers' answers to every action are known, because it made them.
// Latent rates, drop-out and spend come from a model; kinds, sensitivities and effects are told in
// README.md beside this file. The past campaign was randomised, with exact propensities.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clv/fit.hpp"
#include "clv/money.hpp"
#include "clv/time.hpp"
#include "data/settings.hpp"
#include "market/campaign.hpp"
#include "market/market_tables.hpp"
#include "market/reports.hpp"
#include "market/truth.hpp"

namespace clv {
namespace {

constexpr std::int64_t customers_at_once = 512;
constexpr std::string_view owner = "report 'market'";

constexpr std::array<report_option, 12> options{
    {{"customers", "10000", "how many, 0 to 10000000"},
     {"seed", "1", "of all random numbers, 0 to 2^53"},
     {"start", "\"2025-01-01\"", "first day, UTC"},
     {"acquisition_days", "180", "first orders are spread evenly over so many days"},
     {"history_days", "540", "days that are logged; the truth is of the day after"},
     {"horizon_days", "90", "window of a response; two of them fit into the history"},
     {"actions",
      "",
      "list of actions with name, plugin, channel, response, benefit, discount_share, "
      "contact_cost, worst_case, agent_minutes, pull_forward, unsubscribe, keeps_days, valid_days "
      "and effect by kind; \"plugins\": those of the sample plugins, or \"clv.winback\": of one of "
      "them; left out: five documented ones"},
     {"experiment_share", "0.3", "of the customers, in the past randomised campaign"},
     {"refund_share", "0.05", "of orders that are returned, 0 to 0.5"},
     {"ticket_rate", "0.8", "tickets a year of a usual customer, 0 to 1000"},
     {"margin", "0.4", "share of an order that is profit, 0.001 to 1"},
     {"currency", "", "of all money; left out: the model's, else EUR"}}};

constexpr std::array<report_output, 11> outputs{
    {{"", "customer,time,amount,event_id,currency,kind"},
     {"customers", market::fact_columns},
     {"consent", "customer,channel,purpose,time,granted,event_id"},
     {"contacts",
      "customer,time,channel,kind,category,plugin,action,benefit,benefit_until,decision_id,"
      "event_id"},
     {"feedback", "customer,time,kind,score,scale,topics,ticket,agent,event_id"},
     {"touches", "customer,time,kind,channel,weight,event_id"},
     {"costs", "customer,time,kind,amount,event_id"},
     {"tickets", "ticket,customer,opened,resolved,severity,cost"},
     {"experiment", market::experiment_columns},
     {"experiment_truth", "customer,action,kind,p0,tau"},
     {"truth", market::truth_columns}}};

market::world read_world(const report_inputs& in, std::string_view options_json) {
  const settings s(owner, options_json, options);
  market::world w;
  const double most_days = 36'525;
  w.customers = std::llround(std::floor(s.number_in("customers", 10'000, 0, 1e7)));
  w.seed = static_cast<std::uint64_t>(s.number_in("seed", 1, 0, 9007199254740992.0));
  w.acquisition_days = s.number_in("acquisition_days", 180, 0, most_days);
  w.history_days = s.number_in("history_days", 540, 2, most_days);
  w.horizon_days = s.number_in("horizon_days", 90, 1, w.history_days / 2);
  if (w.acquisition_days > w.history_days) {
    s.refuse("acquisition_days", "at most history_days: nobody is new after the last day");
  }
  w.experiment_share = s.number_in("experiment_share", .3, 0, 1);
  w.refund_share = s.number_in("refund_share", .05, 0, .5);
  w.ticket_rate = s.number_in("ticket_rate", .8, 0, 1000);
  w.margin = s.number_in("margin", .4, .001, 1);
  const auto start = parse_time(s.text("start", "2025-01-01"), zone("UTC"));
  if (!start) s.refuse("start", "a date such as \"2025-01-01\"");
  w.begin_us = *start;
  if (*start > end_of_time - static_cast<std::int64_t>(w.history_days + 1) * us_per_day) {
    s.refuse("start", "a date whose history ends before 2262-01-01");
  }
  w.currency = s.text("currency", in.model != nullptr ? in.model->currency : "EUR");
  if (w.currency.empty()) w.currency = "EUR";
  minor_per_major(w.currency);  // throws for one that is unknown
  w.actions = market::read_actions(owner, options_json);
  market::take_population(in.model.get(), w);
  return w;
}

struct run {
  run(market::world world, std::string extra)
      : w(std::move(world)), tables(w), what(std::move(extra)) {}
  run(const run&) = delete;
  run& operator=(const run&) = delete;

  double advance(outcome& result) {
    const std::int64_t last = std::min(w.customers, done + customers_at_once);
    for (; done < last; ++done) {
      const auto i = static_cast<std::uint64_t>(done);
      market::person who = market::draw_person(w, i);
      market::habits h = market::draw_habits(w, i, who);
      const auto past = market::take_part(w, i, h, who);
      if (past && past->unsubscribed) h.left_channel = past->arm->channel;
      tables.add(i, who, h, past);
    }
    if (done < w.customers) return static_cast<double>(done) / static_cast<double>(w.customers);
    tables.finish(what, result);
    return 1;
  }

  market::world w;
  market::market_tables tables;  // refers to w
  std::string what;
  std::int64_t done = 0;
};

job begin(report_inputs in, std::string_view options_json) {
  market::world w = read_world(in, options_json);
  std::string extra = "market/1|" + std::string(options_json) + "|";
  if (in.model != nullptr) extra += save_model(*in.model);
  auto result = std::make_shared<outcome>();
  auto all = std::make_shared<run>(std::move(w), std::move(extra));
  std::vector<phase> phases;
  phases.push_back({"customers", [all, result] { return all->advance(*result); }});
  return {std::move(phases), std::move(result)};
}

}  // namespace

constinit const report market_report{
    .name = "market",
    .summary =
        "A simulated shop with its log, facts and a past experiment, and the true effect of "
        "every action on every customer",
    .needs_model = false,
    .inputs = {},
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv

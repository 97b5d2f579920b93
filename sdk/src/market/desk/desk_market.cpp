// Report `desk_market`: a desk whose customers', tickets' and agents' truth is known, run under a
// policy. What is made up is told in README.md of this room.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "market/desk/desk_settings.hpp"
#include "market/desk/desk_tables.hpp"
#include "market/desk/dispatchers.hpp"
#include "market/reports.hpp"

namespace clv {
namespace {

constexpr std::string_view name = "desk_market";

constexpr std::array<report_input, 2> inputs{
    {{"ticket_events", "ticket_events", false, ""}, {"agents", "agents", false, ""}}};
constexpr auto options = [] {
  std::array<report_option, market_desk::world_options.size() + 1> all{};
  std::copy(market_desk::world_options.begin(), market_desk::world_options.end(), all.begin());
  all.back() = {"policy", "\"ours\"", "who serves: a policy of report desk_policies"};
  return all;
}();
constexpr std::array<report_output, 9> outputs{
    {{"", market_desk::event_columns},
     {"agents", market_desk::agent_columns},
     {"scores", market_desk::score_columns},
     {"segments", market_desk::segment_columns},
     {"feedback", market_desk::feedback_columns},
     {"churn", market_desk::churn_columns},
     {"truth", market_desk::truth_columns},
     {"customer_truth", market_desk::customer_truth_columns},
     {"served", market_desk::served_columns}}};

job begin(report_inputs in, std::string_view options_json) {
  const settings s("report 'desk_market'", options_json, options);
  auto w = std::make_shared<market_desk::desk_world>(market_desk::read_world(s));
  const auto& policy = market_desk::find_dispatcher(name, s.text("policy", "ours"));
  std::string extra = "desk_market/1|" + std::string(options_json);
  const auto events = in.tables["ticket_events"], agents = in.tables["agents"];
  for (const auto& given : {events, agents}) extra += given ? "|" + given->fingerprint() : "|";
  return report_at_once("desk", [=, &policy](outcome& out) {
    const auto scene = market_desk::draw_scenario(*w, events.get(), agents.get());
    const auto by = policy.make(scene);
    market_desk::write_tables(scene, market_desk::play(scene, *by), extra, out);
  });
}

}  // namespace

constinit const report desk_market_report{
    .name = name,
    .summary =
        "A simulated support desk: tickets, agents, scores, surveys and churn under a policy, and "
        "the true cost of every hour of delay",
    .needs_model = false,
    .inputs = inputs,
    .options = options,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv

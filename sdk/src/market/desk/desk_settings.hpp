// The options that report `desk_market` and report `desk_policies` share. [any]
#pragma once

#include <array>
#include <string>

#include "data/settings.hpp"
#include "market/desk/scenario.hpp"

namespace clv::market_desk {

inline constexpr std::array<report_option, 21> world_options{
    {{"seed", "1", "of all random numbers, 0 to 2^53"},
     {"start", "\"2026-03-16\"", "first day, UTC; of table 'ticket_events' its own"},
     {"days", "20", "on which tickets come, 1 to 366; of table 'ticket_events' its own"},
     {"agents", "6", "how many, 1 to 500, unless table 'agents' is given"},
     {"customers", "400", "how many, 1 to 1000000; of table 'ticket_events' its own"},
     {"load",
      "0.9",
      "work that comes in over the time of the agents, .01 to 10; a log that has minutes is taken "
      "as it is unless this is given"},
     {"clv_median", "300", "of the customers' true value, major units, log-normal"},
     {"clv_sigma", "1.2", "its spread in logs, 0 to 3"},
     {"score_noise", "0.4", "standard deviation of the log of estimated over true value"},
     {"cost_noise", "0.5", "standard deviation of the log of an hour's true cost over the rules'"},
     {"sensitivity_sd", "0.5", "spread of how readily customers leave, of mean 1, 0 to 3; hidden"},
     {"churn_per_hour", "0.004", "true hazard of leaving per business hour of delay"},
     {"churn_per_breach", "0.02", "true hazard of leaving when a target was missed"},
     {"base_churn", "0.05", "hazard of leaving whatever the desk does"},
     {"handle_sigma", "0.6", "spread of handle times in logs within category and length, 0 to 3"},
     {"question_share", "0.25", "tickets in which the customer is asked something first"},
     {"reopen_share", "0.06", "tickets that come back after their resolution"},
     {"absence_share", "0.03", "days on which an agent is absent, for the whole or half of it"},
     {"grace",
      "60",
      "minutes by which a wait may be longer than the rules' max_wait before it counts as beyond: "
      "work in hand is not interrupted"},
     {"answer_share", "0.3", "customers who answer a survey"},
     {"desk",
      "",
      "the rules: a JSON object clv.desk/1 (sdk/DESK.md); left out: those of market/README.md, "
      "which know the true churn_per_hour"}}};

// The rules of who gives none.
std::string default_rules(double churn_per_hour);

// Reads and checks the shared options.
desk_world read_world(const settings& s);

}  // namespace clv::market_desk

// How a customer stands with the desk: what the gate and the plugins know of it. reference:
// sdk/README.md, schema customers. [any]
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "desk/care/answers.hpp"
#include "desk/care/handling_cost.hpp"

namespace clv::desk {

struct standing_rules {
  double complaint_days = 14;     // an unsettled bad answer is an open complaint so long
  double complaint_severity = 3;  // of 1 to 4: an open ticket from here on is a complaint
  std::vector<std::string> complaint_categories{"complaint"};  // and one of these
  double breach_days = 14;  // a broken promise is remembered so long
  double survey_days = 14;  // a survey waits for an answer so long
};

struct customer_standing {
  std::int64_t open_tickets = 0;
  bool complaint_open = false, sla_breached = false;
  std::optional<double> severity;        // 1 (slight) to 4 (grave), of the gravest open ticket
  std::optional<std::int64_t> resolved;  // the last resolution that stands
  struct score {
    double value = 0;
    std::int64_t time = 0;
  };
  std::optional<score> csat, nps;               // the last ones: 1 to 5, 0 to 10
  std::optional<std::int64_t> answered;         // the last time anything was said
  std::optional<std::int64_t> survey;           // the last one sent
  std::optional<std::int64_t> survey_answered;  // the last answer that was no mere complaint
  std::optional<std::int64_t> last_created;     // of the ticket whose cost this is
  std::optional<double> cost;                   // major units
  // The score if it is of the last feedback, or of up to a day before it (the same survey): plugins
  // take the age of the last feedback for the age of each score.
  std::optional<double> lately(const std::optional<score>& last) const;
  // A survey is out and waits for its answer.
  bool survey_waits(std::int64_t now, const standing_rules& rules) const;
};
using standings = std::map<std::string, customer_standing, std::less<>>;

// Everybody with a ticket or an answer. `settled` has the follow-ups that are done or cancelled, by
// id.
standings standings_of(const desk_view& view,
                       std::span<const answer> answers,
                       const std::set<std::string, std::less<>>& settled,
                       const hourly_costs& costs,
                       const standing_rules& rules);

// 1 + 3 level / (levels - 1): the first of the desk's severities is 1, the last is 4; nullopt for a
// word that is none of them.
std::optional<double> severity_from_1_to_4(const desk_policy& desk, std::string_view severity);

}  // namespace clv::desk

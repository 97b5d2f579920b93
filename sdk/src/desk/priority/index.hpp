// The order of work: cost of delay over expected handle time. reference: sdk/DESK.md, Priority.
// [any]
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "desk/desk_view.hpp"
#include "desk/priority/handle_time.hpp"

namespace clv::desk {

class delay_rules;  // desk/priority/delay_cost.hpp

// Costs in currency per business hour; index = (sum of the costs) / (hours of left) + ageing x
// wait.
struct ticket_index {
  std::size_t ticket = 0;  // of the book
  double severity_cost = 0, words_cost = 0, outage_cost = 0, sla_cost = 0, value_cost = 0;
  double given_cost = 0;  // of a host that states the whole itself (report desk_rank)
  double ageing = 0;      // alpha x wait, added to the index
  double index = 0;
  double wait_minutes = 0;              // business, since the customer waits for us
  std::optional<double> slack_minutes;  // business, to the earliest running due time; < 0: past it
  std::optional<std::int64_t> due;
  std::optional<double> at_risk;  // CLV at risk of the customer, absent when unknown
  bool beyond_bound = false;      // waited max_wait or longer: before all others, the longest first
  handle_estimate handle;
  double delay_cost() const {
    return severity_cost + words_cost + outage_cost + sla_cost + value_cost + given_cost;
  }
};

// Ageing, index and bound from the costs, the wait and the handle time that are there.
void complete(ticket_index& x, const delay_rules& rules);
// less: `a` goes first. Beyond the bound the longest wait does, else the higher index.
std::weak_ordering by_urgency(const ticket_index& a, const ticket_index& b);

// Of every ticket that waits for us (new, open, reopened), in the order of work; ties by created,
// then id.
std::vector<ticket_index> rank_tickets(const desk_view& view);

}  // namespace clv::desk

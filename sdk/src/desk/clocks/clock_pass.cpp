#include "desk/clocks/clock_pass.hpp"

#include <string>

namespace clv::desk {

double clock_pass::read(issues& notes) {
  view_ = asked_.view();
  const auto& refused = view_.book.refused;
  if (refused.empty()) return 1;
  notes.push_back({.code = status::data,
                   .level = log_level::warn,
                   .row = static_cast<std::int64_t>(refused.front().row),
                   .message = std::to_string(refused.size()) +
                              " rows of 'ticket_events' are set aside, the first is row " +
                              std::to_string(refused.front().row + 1) + ", ticket '" +
                              refused.front().ticket + "': " + refused.front().reason,
                   .hint = "report desk_tickets lists them"});
  return 1;
}

void clock_pass::say_without_policies(issues& notes) const {
  if (!view_.policy.policies.empty()) return;
  notes.push_back({.code = status::ok,
                   .level = log_level::warn,
                   .message = "the rules have no policies: no ticket has a clock",
                   .hint = "give option 'desk' with targets in member 'policies'"});
}

traced_clocks clock_pass::trace(const ticket& t) const {
  return trace_clocks(t, view_.policy, view_.tier_of(t.customer), view_.said(), view_.now);
}

}  // namespace clv::desk

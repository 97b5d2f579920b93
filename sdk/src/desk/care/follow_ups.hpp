// Promises to look after a customer: one per trigger, with an owner and a due time. What was
// recorded of one (schema follow_ups) stays as it was. reference: sdk/DESK.md, Surveys and
// follow-ups. [any]
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/care/answers.hpp"
#include "desk/care/follow_up_owner.hpp"

namespace clv::desk {

enum class follow_up_state : std::uint8_t { open, overdue, escalated, done, cancelled };
inline constexpr std::array follow_up_states{std::string_view("open"),
                                             std::string_view("overdue"),
                                             std::string_view("escalated"),
                                             std::string_view("done"),
                                             std::string_view("cancelled")};

struct follow_up {
  std::string id;  // the key of its trigger
  std::string customer, ticket, trigger, owner, reason;
  std::int64_t opened = 0;
  std::optional<std::int64_t> due, escalated;  // escalated: since when
  follow_up_state state = follow_up_state::open;
  bool opening_recorded = false, escalation_recorded = false;
  bool settled() const {
    return state == follow_up_state::done || state == follow_up_state::cancelled;
  }
};

// "detractor/...": the key of the follow-up that an answer opens.
std::string detractor_key(const answer& a);

struct follow_up_sources {
  const desk_view* view = nullptr;
  std::span<const answer> answers;
  const table* clock_events = nullptr;  // may be null
  const table* recorded = nullptr;      // schema follow_ups; may be null
  const table* agents = nullptr;        // may be null
  double window_days = 30;              // what happened longer ago opens nothing any more
};

// Those of triggers and those that were recorded, by due time (without one last), then id.
std::vector<follow_up> follow_ups_of(const follow_up_sources& from);

}  // namespace clv::desk

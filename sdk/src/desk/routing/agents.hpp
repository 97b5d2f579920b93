// Who can answer: skills, languages, channels, presence, load. reference: sdk/DESK.md, Assignment.
// [any]
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/desk_view.hpp"

namespace clv::desk {

struct agent {
  std::string id, team;
  std::map<std::string, double, std::less<>> skills;    // proficiency in (0, 1]; empty: any, at 1
  std::vector<std::string> languages;                   // empty: any
  std::map<std::string, double, std::less<>> channels;  // capacity in units; empty: any, unlimited
  std::size_t calendar = 0;
  std::string status = "available";   // available, away, absent, deleted
  std::optional<std::int64_t> until;  // of the status: afterwards available
  std::optional<double> max_tickets;
  std::optional<double> cost_hour;  // major units
  // Now: an away or absent agent is available again from `until` on; a deleted one never is.
  std::string_view status_at(std::int64_t now) const;
  bool present(std::int64_t now, const desk_policy& desk) const;  // available and in hours
};

// Rows of schema "agents", by id. Throws error{data} naming row, column and value for a text that
// is no such list, an unknown calendar or status, an agent twice.
std::vector<agent> read_agents(const table& rows, const desk_policy& desk);

inline constexpr report_input agents_input{"agents", "agents", true, ""};
inline constexpr report_input optional_agents_input{"agents", "agents", false, ""};

}  // namespace clv::desk

// How many minutes agents have, in business time. [any]
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "desk/routing/agents.hpp"

namespace clv::desk {

// Minutes that the agent is there in [from, to), by its calendar: a deleted one none; one who is
// absent only from `until` on (none without it); one who is away from `until` on, and all of them
// without it, because a break ends.
double minutes_available(const agent& a,
                         const desk_policy& desk,
                         std::int64_t from,
                         std::int64_t to);

// What several agents have together.
struct minutes_pool {
  std::string name;
  double available = 0;
  double priced = 0, cost = 0;  // of those whose cost is known: minutes, and what they cost

  void add(double minutes, std::optional<double> cost_hour);
  // What a minute costs on average; nullopt when nobody's cost is known.
  std::optional<double> cost_minute() const;
};

}  // namespace clv::desk

#include "market/desk/dispatchers.hpp"

#include <array>
#include <string>

#include "clv/error.hpp"

namespace clv::market_desk {
namespace {

constexpr std::array<named_dispatcher, 8> rows{{
    {"ours", "rank_tickets and the fit of desk/routing", make_value_dispatcher},
    {"fifo", "whoever is free takes the oldest", make_fifo},
    {"sla_first", "whoever is free takes the earliest due", make_sla_first},
    {"round_robin", "the oldest to the next agent with room", make_round_robin},
    {"least_busy", "the oldest to the agent with the fewest", make_least_busy},
    {"round_robin_unskilled", "round_robin without skill or language", make_round_robin_unskilled},
    {"least_busy_unskilled", "least_busy without skill or language", make_least_busy_unskilled},
    {"oracle", "greedy c-mu by the truth", make_oracle},
}};

}  // namespace

std::span<const named_dispatcher> dispatchers() {
  return rows;
}

const named_dispatcher& find_dispatcher(std::string_view report, std::string_view name) {
  std::string names;
  for (const named_dispatcher& d : rows) {
    if (d.name == name) return d;
    names += (names.empty() ? "" : ", ") + std::string(d.name);
  }
  throw error(
      status::invalid,
      "report '" + std::string(report) + "': there is no policy '" + std::string(name) + "'",
      "use one of: " + names);
}

}  // namespace clv::market_desk

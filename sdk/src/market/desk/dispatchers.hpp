// The policies that are compared. [any]
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "market/desk/desk_run.hpp"

namespace clv::market_desk {

struct named_dispatcher {
  std::string_view name;
  std::string_view meaning;
  std::unique_ptr<dispatcher> (*make)(const scenario& s);
};
// In the order in which reports tell of them: ours, those it is compared with, the oracle.
std::span<const named_dispatcher> dispatchers();
// Throws error{invalid} listing the names.
const named_dispatcher& find_dispatcher(std::string_view report, std::string_view name);

// The order of work of desk/priority and the fit of desk/routing.
std::unique_ptr<dispatcher> make_value_dispatcher(const scenario& s);
// Greedy c-mu by the truth: what nobody can know.
std::unique_ptr<dispatcher> make_oracle(const scenario& s);
// Pulled: whoever is free takes the next one that they may.
std::unique_ptr<dispatcher> make_fifo(const scenario& s);
std::unique_ptr<dispatcher> make_sla_first(const scenario& s);
// Pushed: as soon as somebody has room, into that agent's own queue.
std::unique_ptr<dispatcher> make_round_robin(const scenario& s);
std::unique_ptr<dispatcher> make_least_busy(const scenario& s);
// The same as help desks do it that know presence, channel and load, but no skill and no language.
std::unique_ptr<dispatcher> make_round_robin_unskilled(const scenario& s);
std::unique_ptr<dispatcher> make_least_busy_unskilled(const scenario& s);

}  // namespace clv::market_desk

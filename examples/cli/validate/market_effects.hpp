// What the actions of a plugin do to simulated customers, which somebody has to make up.
#pragma once

#include <cstdint>
#include <string>

#include "../failure.hpp"
#include "../handles.hpp"
#include "check.hpp"
#include "direct_plugin.hpp"
#include "simulated_shop.hpp"

namespace cli {

inline constexpr std::int64_t trial_customers = 3000;

struct known_effects {
  std::string actions_json;  // of report market
  std::string words;         // where they come from
};

// As given; else of a sample plugin, the market's own; else what the plugin says it expects. Throws
// failure when it proposes nothing to anybody.
known_effects effects_of(const subject& s, const plugin_facts& facts, diag& d);

simulated_shop open_shop(std::uint64_t seed, const std::string& actions_json, diag& d);
// What libclv takes of the plugin's proposals there.
result propose_in(const simulated_shop& shop, const subject& s, const diag& d);

}  // namespace cli

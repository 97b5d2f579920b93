// What can be done to a simulated customer, and what it does: the market's rules, which an analyst
// does not see. [any]
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clv::market {

// What a customer is like at a moment; hidden. A customer with an open severe ticket is a
// complaint, whatever else it is; who has left is lapsing for half a year, then lost.
enum class kind : std::uint8_t { top, heavy, light, lapsing, lost, complaint };
inline constexpr std::size_t kind_count = 6;
std::string_view name_of(kind k);

// What somebody may do because of an action. An order is drawn from the customer's own rate; of the
// others README.md has the chance without the action and what one is worth.
enum class response : std::uint8_t {
  order,
  renewal,       // of the contract that ends within 60 days
  referral,      // a friend who buys twice
  answer,        // to the survey that is out
  service_cost,  // it is cheaper to serve from then on
  promotion,     // promotions are left out
  tier_loss      // the tier costs no more than it earns
};
inline constexpr std::size_t response_count = 7;

struct action {
  std::string name, plugin, channel;
  double benefit = 0;         // major units, used up by an order
  double discount_share = 0;  // of the order, contract or referral's worth, used up likewise
  double contact_cost = 0;    // major units, paid for everyone treated
  double worst_case = -1;     // major units; below 0: contact cost and benefit
  double agent_minutes = 0;
  double pull_forward = 0;  // most of the added orders that are only earlier, in [0, 1]
  double unsubscribe = 0;   // chance that a contact makes a usual customer leave the list
  double keeps_days = 0;    // an added order keeps its customer for so long
  double valid_days = 0;    // only orders so soon use the benefit up; 0: all of the horizon
  market::response response = market::response::order;
  // Share of those who would not have ordered that do now; below 0: share of those who would have
  // ordered that do not. Times the customer's sensitivity (mean 1, .3 to 1.7).
  std::array<double, kind_count> effect{};
};

// A nudge for those who left lately; a discount that works on light buyers and that heavy ones take
// along; a call that pays for the top; 20 % off for everybody, which loses; a cross-sell.
std::vector<action> default_actions();

// What the sample plugins propose: the five above and all the others' (plugin_actions.cpp).
std::vector<action> plugin_actions();

// Member "actions" of a report's options: a list; "plugins" for plugin_actions(), or the id of one
// of their plugins for its own; left out: default_actions(). Throws error{invalid} naming path,
// value and what it should be.
std::vector<action> read_actions(std::string_view owner, std::string_view options_json);

}  // namespace clv::market

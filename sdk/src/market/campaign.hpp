// The past randomised campaign: who took part, what was drawn, and what it changed in the log. It
// began two horizons before the end, so both the window and the one after it have been seen. [any]
#pragma once

#include <optional>
#include <string_view>

#include "market/habits.hpp"
#include "market/person.hpp"

namespace clv::market {

struct participation {
  const action* arm = nullptr;  // nullptr: drawn to get nothing
  double propensity = 1;        // of that arm: one over all actions and nothing
  // What an analyst could see on that day.
  double orders = 0, days_since_order = 0, mean_order = 0, tenure_days = 0, discounted = 0;
  double opens = 0, open_tickets = 0;
  std::string_view segment;
  // What came of it.
  bool responded = false, later = false, unsubscribed = false;
  double value = 0, cost = 0;  // major units: profit of the window's orders; contact and benefit
  // Hidden: the truth of that day.
  kind what = kind::light;
  double p0 = 0, tau = 0;  // of the arm; tau of nothing is 0
};

// Draws the campaign for customer i, and changes the orders of `who` as it did: adds the order of
// who was persuaded, takes away those of who was put off and the later one that only came earlier.
// nullopt: did not take part.
std::optional<participation> take_part(const world& w,
                                       std::uint64_t customer,
                                       const habits& h,
                                       person& who);

// "frequent" (4 orders, the last within 60 days), "drifting" (3 orders, silent for 120 to 270
// days), "silent" (none for 120), "one order" or "occasional": what a shop without models would
// say.
std::string_view visible_segment(double orders, double days_since_order);

}  // namespace clv::market

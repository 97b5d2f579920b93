// One loyalty programme, "clv.programme/1": read from JSON, checked member by member. [any]
// All numbers are whole: points and money in int64, rates in millionths, so that a point is never
// lost or won by binary fractions.
//
//   {"format": "clv.programme/1", "name": "Club", "currency": "EUR",
//    "tiers": {"by": "spend", "window_days": 365, "review_days": 365, "soft_landing": true,
//              "levels": [{"name": "basic", "threshold": 0},
//                         {"name": "gold", "threshold": 500.00, "multiplier": 1.5,
//                          "perks": [{"name": "free returns", "yearly_cost": 12.50}]}]},
//    "earn": {"points_per_unit": 1, "rounding": "down", "base": "after_redemption",
//             "exclude": ["shipping", "tax"],
//             "rules": [{"category": "books", "points_per_unit": 2}]},
//    "burn": {"points_per_unit": 100, "minimum": 500},
//    "expiry": {"days": 365, "after": "earning"},
//    "refunds": {"reverse": true, "restore_days": 30}}
//
// `tiers`, `expiry` and `refunds` may be left out: one tier, points never expire, refunds reverse.
// `earn.base` may not: an order that is partly paid with points earns on the whole
// (before_redemption) or on the money only (after_redemption), and a shop must have decided which.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clv/report.hpp"

namespace clv::retention {

inline constexpr std::int64_t per_one = 1'000'000;  // rates are in millionths

struct perk {
  std::string name;
  std::int64_t yearly_cost = 0;  // minor units, per member and year
};

struct tier {
  std::string name;
  std::int64_t threshold = 0;  // points, or minor units of spend; at least this much
  std::int64_t multiplier = per_one;
  std::vector<perk> perks;
};

enum class tier_basis : std::uint8_t { points, spend };

// Up at once when the sum of the last `window_days` reaches a threshold; down only at a review,
// which comes `review_days` after joining, after a rise, and after the last review.
struct tier_rules {
  tier_basis by = tier_basis::points;
  std::int64_t window_days = 365, review_days = 365;
  bool soft_landing = false;  // a review takes one tier at most
  std::vector<tier> levels;   // rising thresholds, the first is 0
};

enum class rounding : std::uint8_t { down, half_even, up };

struct earn_rate {
  std::string kind, category;  // "" fits any
  std::int64_t per_unit = 0;   // millionths of a point per currency unit
};

struct earn_rules {
  std::int64_t per_unit = 0;
  rounding round = rounding::down;
  bool before_redemption = false;
  bool exclude_shipping = false, exclude_tax = false;
  std::vector<earn_rate> rules;  // the first that fits counts
};

struct burn_rules {
  std::int64_t per_unit = 0;  // millionths of a point per currency unit
  std::int64_t minimum = 0;   // points of one redemption
};

struct expiry_rules {
  std::int64_t days = 0;  // 0: never
  bool after_inactivity = false;
};

struct refund_rules {
  bool reverse = true;
  std::int64_t restore_days = 30;  // points given back live at least so long
};

struct programme {
  std::string name, currency;
  std::int64_t minor_per_unit = 100;
  tier_rules tiers;
  earn_rules earn;
  burn_rules burn;
  expiry_rules expiry;
  refund_rules refunds;

  // Points for `base` minor units at this rate (millionths) and tier, rounded once. base >= 0.
  std::int64_t points_for(std::int64_t base, std::int64_t rate, std::int64_t multiplier) const;
  // What so many points pay for, in minor units, rounded down.
  std::int64_t value_of(std::int64_t points) const;
  std::int64_t rate_of(std::string_view kind, std::string_view category) const;
};

// floor(a * b / c) without overflow on the way; a, b >= 0, c > 0, b <= c.
std::int64_t share_of(std::int64_t a, std::int64_t b, std::int64_t c);

// Throws error{invalid} naming the JSON path, the value and what it should be.
programme read_programme(std::string_view json);

// The option `programme` of a report: the document as an object, or as a text that holds it.
programme programme_option(std::string_view report, std::string_view options_json);

}  // namespace clv::retention

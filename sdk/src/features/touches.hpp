// What a customer did besides buying: opens, clicks, visits, logins.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "features/crowd.hpp"
#include "features/moment.hpp"

namespace clv::features {

struct touch {
  std::uint32_t customer = 0;
  std::int64_t time = 0;
  double weight = 1;
  std::string kind, channel;
};

// Rows of `rows` (any columns: customer, time; optional kind, channel, weight, event_id) before the
// cutoff; an event id that comes again is left out. An absent weight is 1.
// Throws error{invalid} for a missing column, error{data} naming the row for an empty customer or
// time or a weight that is no number of 0 or more.
std::vector<touch> read_touches(const table& rows,
                                const moment& at,
                                std::string_view owner,
                                crowd& who);

// Replaces provisional numbers by final ones and sorts by customer and time.
void settle(std::vector<touch>& all, const crowd& who);

// sum w exp(-age / tau): age in days to the cutoff, exact to the microsecond; tau > 0 in days.
double engagement(std::span<const touch> of_one, const moment& at, double tau);

}  // namespace clv::features

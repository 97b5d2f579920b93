// Where each member stands among the tiers at a date: from the ledger when tiers count points, from
// the transactions when they count spend.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "clv/report.hpp"
#include "retention/programmes/ledger_lines.hpp"
#include "retention/programmes/loyalty_log.hpp"
#include "retention/programmes/tier_walk.hpp"

namespace clv::retention {

struct tier_standing {
  std::size_t level = 0;         // reviews up to the date are carried out
  std::size_t earned = 0;        // what the sum is enough for
  std::size_t after_review = 0;  // what the level would be after a review at the date
  std::int64_t sum = 0;          // of the window: points, or minor units
  std::int64_t next_review = 0;  // INT64_MAX: nothing counted yet
};

struct standing_request {
  std::string_view report;
  const programme& rules;
  std::int64_t as_of;
  std::string time_zone;
};

// Members by customer. Throws error{invalid} when tiers count spend and there are no transactions.
std::map<std::string, tier_standing> tier_standings(const report_inputs& in,
                                                    const std::vector<member_lines>& ledger,
                                                    const standing_request& asked);

}  // namespace clv::retention

// The hours at which a customer is not rung up, by the clock on the customer's wall. [one] while
// adding zones, then [any]
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "retention/gate/policy.hpp"

namespace clv::retention {

class quiet_clock {
 public:
  quiet_clock(const quiet_hours& rule, std::int64_t now_us);

  static constexpr std::uint32_t house = 0;  // the policy's own zone
  // Throws error{invalid} for a zone that the system does not know.
  std::uint32_t zone_number(std::string_view name);
  // From `from` on (inclusive) until `to` (exclusive), on a channel of the rule.
  bool quiet(std::string_view channel, std::uint32_t zone) const;
  std::string why(std::string_view channel, std::uint32_t zone) const;

 private:
  struct wall {
    std::string name;
    std::int32_t minute;  // of the local day, now
    bool quiet;
  };
  wall look(std::string_view name) const;

  quiet_hours rule_;
  std::int64_t now_us_;
  std::vector<wall> walls_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
};

}  // namespace clv::retention

#include "retention/experiments/measure_settings.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/time.hpp"
#include "retention/gate/policy.hpp"

namespace clv::retention {
namespace {

void read_time(const settings& s, std::string_view name, bool& given, std::int64_t& to) {
  given = s.has(name);
  if (!given) return;
  const auto found = parse_time(s.text(name, ""), zone(s.text("time_zone", "UTC")));
  if (!found) s.refuse(name, "a date or time in ISO 8601");
  to = *found;
}

}  // namespace

measure_options read_measure(const settings& given) {
  measure_options o;
  o.window_days = given.number_in("window_days", 30, 0, 3660);
  read_time(given, "as_of", o.has_as_of, o.as_of);
  read_time(given, "since", o.has_since, o.since);
  return o;
}

void read_shares(const settings& given, group_rules& to) {
  if (given.has("share")) to.share = given.number_in("share", usual_share, 0, 1);
  const auto nested = given.names("nested").value_or(std::vector<std::string>());
  const auto shares = given.numbers("nested_shares").value_or(std::vector<double>());
  if (nested.size() != shares.size()) {
    given.refuse("nested_shares", "as many numbers as nested has actions");
  }
  for (const double share : shares) {
    if (!(share >= 0 && share <= 1)) given.refuse("nested_shares", "numbers from 0 to 1");
  }
  if (!given.has("nested")) return;
  to.nested_share = [nested, shares](std::string_view action) {
    for (std::size_t i = 0; i < nested.size(); ++i) {
      if (fits(nested[i], action)) return shares[i];
    }
    return 0.0;
  };
}

}  // namespace clv::retention

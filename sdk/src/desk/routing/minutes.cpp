#include "desk/routing/minutes.hpp"

#include <algorithm>

namespace clv::desk {

double minutes_available(const agent& a,
                         const desk_policy& desk,
                         std::int64_t from,
                         std::int64_t to) {
  const auto status = a.status_at(from);
  const bool for_ever = status == "deleted" || (status == "absent" && !a.until);
  if (for_ever) return 0;
  const std::int64_t start = status == "available" ? from : std::max(from, a.until.value_or(from));
  const std::int64_t us = desk.calendars[a.calendar].between(start, to);
  return minutes_of(us);
}

void minutes_pool::add(double minutes, std::optional<double> cost_hour) {
  available += minutes;
  if (!cost_hour) return;
  priced += minutes;
  cost += minutes * *cost_hour / 60;
}

std::optional<double> minutes_pool::cost_minute() const {
  if (!(priced > 0)) return std::nullopt;
  return cost / priced;
}

}  // namespace clv::desk

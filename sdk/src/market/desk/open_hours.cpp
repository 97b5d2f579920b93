#include "market/desk/open_hours.hpp"

#include <algorithm>

namespace clv::market_desk {

open_hours::open_hours(const desk::business_calendar& calendar, std::int64_t from, std::int64_t to)
    : spans_(calendar.openings(from, to)) {
  std::int64_t sum = 0;
  for (const desk::span_of_time& s : spans_) {
    sum_.push_back(sum);
    sum += s.to - s.from;
  }
}

std::int64_t open_hours::before(std::int64_t us) const {
  const auto next = std::upper_bound(
      spans_.begin(), spans_.end(), us, [](std::int64_t t, const desk::span_of_time& s) {
        return t < s.from;
      });
  if (next == spans_.begin()) return 0;
  const auto at = static_cast<std::size_t>(next - spans_.begin()) - 1;
  return sum_[at] + std::min(us, spans_[at].to) - spans_[at].from;
}

std::int64_t open_hours::between(std::int64_t from, std::int64_t to) const {
  return to <= from ? 0 : before(to) - before(from);
}

std::int64_t open_hours::add(std::int64_t from, std::int64_t amount) const {
  const std::int64_t wanted = before(from) + amount;
  const auto next = std::lower_bound(sum_.begin(), sum_.end(), wanted);
  if (next == sum_.begin()) return end_of_time;
  const auto at = static_cast<std::size_t>(next - sum_.begin()) - 1;
  const std::int64_t us = spans_[at].from + (wanted - sum_[at]);
  return us <= spans_[at].to ? us : end_of_time;
}

}  // namespace clv::market_desk

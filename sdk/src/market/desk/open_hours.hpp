// Business time as a table: a simulation asks for it a million times. [any] Immutable.
#pragma once

#include <cstdint>
#include <vector>

#include "desk/calendar/business_calendar.hpp"

namespace clv::market_desk {

class open_hours {
 public:
  // The calendar within [from, to); outside nothing is open.
  open_hours(const desk::business_calendar& calendar, std::int64_t from, std::int64_t to);

  // Open microseconds in [from, to); 0 when to <= from.
  std::int64_t between(std::int64_t from, std::int64_t to) const;
  // The earliest t with between(from, t) == amount > 0; end_of_time when there is none.
  std::int64_t add(std::int64_t from, std::int64_t amount) const;
  const std::vector<desk::span_of_time>& spans() const { return spans_; }

 private:
  std::int64_t before(std::int64_t us) const;  // open microseconds before it

  std::vector<desk::span_of_time> spans_;
  std::vector<std::int64_t> sum_;  // open microseconds before each span
};

}  // namespace clv::market_desk

#include "desk/calendar/business_calendar.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "clv/error.hpp"
#include "desk/calendar/calendar_state.hpp"

namespace clv::desk {
namespace {

calendar_rules always() {
  calendar_rules rules;
  rules.week.fill({opening{}});
  return rules;
}

std::int64_t travelling(std::int64_t us) {
  return std::clamp(us, earliest_time, end_of_time);
}

}  // namespace

business_calendar::business_calendar() : business_calendar(always()) {}

business_calendar::business_calendar(calendar_rules rules)
    : state_(std::make_shared<const state>(std::move(rules))) {
  if (!state_->hours.never_open()) return;
  throw error(status::invalid,
              "calendar '" + name() + "' is never open",
              "give it hours on a weekday or on a special day");
}

const std::string& business_calendar::name() const {
  return state_->rules.name;
}

const zone& business_calendar::where() const {
  return state_->rules.where;
}

bool business_calendar::open_at(std::int64_t us) const {
  return state_->hours.open_at(where().to_civil(us));
}

std::int64_t business_calendar::next_open(std::int64_t us) const {
  for (std::int64_t at = travelling(us); at < end_of_time;) {
    const stretch s = state_->stretch_from(at, end_of_time);
    const std::int64_t from = at + s.offset, until = s.to + s.offset;
    const std::int64_t open = state_->hours.leave(state_->hours.before(from), from, until);
    if (open < until) return open - s.offset;
    at = s.to;
  }
  return end_of_time;
}

std::int64_t business_calendar::between(std::int64_t from, std::int64_t to) const {
  const std::int64_t last = travelling(to);
  std::int64_t open = 0;
  for (std::int64_t at = travelling(from); at < last;) {
    const stretch s = state_->stretch_from(at, last);
    open += state_->open_in(at, s);
    at = s.to;
  }
  return open;
}

std::int64_t business_calendar::add(std::int64_t from, std::int64_t amount) const {
  assert(amount >= 0);
  if (amount == 0) return next_open(from);
  for (std::int64_t at = travelling(from); at < end_of_time;) {
    const stretch s = state_->stretch_from(at, end_of_time);
    const std::int64_t open = state_->open_in(at, s);
    if (amount <= open) {
      const std::int64_t start = at + s.offset;
      const std::int64_t target = state_->hours.before(start) + amount;
      return state_->hours.reach(target, start, s.to + s.offset) - s.offset;
    }
    amount -= open;
    at = s.to;
  }
  return end_of_time;
}

std::int64_t business_calendar::subtract(std::int64_t to, std::int64_t amount) const {
  assert(amount >= 0);
  if (amount == 0) return to;
  for (std::int64_t at = travelling(to); at > earliest_time;) {
    const stretch s = state_->stretch_to(at);
    const std::int64_t start = s.from + s.offset, end = at + s.offset;
    const std::int64_t target = state_->hours.before(end) - amount;
    const std::int64_t first = state_->hours.before(start);
    if (first <= target) return state_->hours.leave(target, start, end) - s.offset;
    amount = first - target;
    at = s.from;
  }
  return earliest_time;
}

}  // namespace clv::desk

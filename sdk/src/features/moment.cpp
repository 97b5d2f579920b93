#include "features/moment.hpp"

#include <algorithm>
#include <string>

namespace clv::features {
namespace {

// "2011-06-09" and "20110609" are days, anything longer names an instant.
bool is_date(std::string_view text) {
  return text.size() == 8 || (text.size() == 10 && text[4] == '-');
}

std::int64_t last_known(const column& times) {
  std::int64_t last = earliest_time;
  for (std::size_t row = 0; row < times.size(); ++row) {
    const std::int64_t t = times.integers()[row];
    if (times.present(row) && t < end_of_time) last = std::max(last, t);
  }
  return last == earliest_time ? 0 : last;
}

}  // namespace

moment read_moment(const settings& given, const column& log_times) {
  zone where(given.text("time_zone", "UTC"));
  const std::string text = given.text("as_of", "");
  if (text.empty()) return end_of(where, last_day(log_times, where));
  const auto parsed = parse_time(text, where);
  if (!parsed) given.refuse("as_of", "a date like 2011-06-09, or with a clock");
  if (is_date(text)) return end_of(where, where.day_of(*parsed));
  const auto day = static_cast<std::int32_t>(where.day_of(*parsed - 1));
  return {std::move(where), *parsed, day};
}

moment end_of(zone where, std::int64_t day) {
  const std::int64_t cutoff = where.start_of(day + 1);
  return {std::move(where), cutoff, static_cast<std::int32_t>(day)};
}

moment later(const moment& at, std::int64_t days) {
  const std::int64_t first = at.where.start_of(at.day + 1);
  const std::int64_t cutoff = at.cutoff + (at.where.start_of(at.day + days + 1) - first);
  return {at.where, cutoff, static_cast<std::int32_t>(at.where.day_of(cutoff - 1))};
}

std::int64_t last_day(const column& log_times, const zone& where) {
  return where.day_of(last_known(log_times));
}

}  // namespace clv::features

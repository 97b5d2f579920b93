// Instants, business days and time zones. At rest an instant is int64 microseconds UTC; a purchase
// day is a civil date in a named zone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace clv {

inline constexpr std::int64_t us_per_second = 1'000'000;
inline constexpr std::int64_t us_per_day = 86'400 * us_per_second;

// Instants that travel: from 1678-01-01 to before 2262-01-01, 106,650 days either side of 1970.
inline constexpr std::int64_t earliest_time = -106'650 * us_per_day;
inline constexpr std::int64_t end_of_time = 106'651 * us_per_day;

// An IANA zone. Copyable, cheap; instants and civil time convert through it.
class zone {
 public:
  // Throws error{invalid} naming the zone when the system does not know it. "" and "UTC": UTC.
  explicit zone(std::string_view iana_name);
  const std::string& name() const;
  // Civil day of an instant, as days since 1970-01-01.
  std::int64_t day_of(std::int64_t us) const;
  // What the clock on the wall shows then: civil microseconds since 1970-01-01T00:00.
  std::int64_t to_civil(std::int64_t us) const;
  // Midnight at the start of that civil day. A midnight that a clock change skips is moved to the
  // first instant of the day; one that happens twice takes the earlier.
  std::int64_t start_of(std::int64_t day) const;
  // An instant given as civil microseconds since 1970-01-01T00:00 in this zone; a time skipped by
  // a clock change takes the first instant after it, an ambiguous one the earlier.
  std::int64_t from_civil(std::int64_t civil_us) const;
  // The stretch of one offset that holds an instant: [from, to) and civil time minus UTC. Between
  // two of them the clock on the wall was set. The first and the last have no end: the least and
  // the greatest int64.
  struct offset_stretch {
    std::int64_t from, to, offset;
  };
  offset_stretch stretch_at(std::int64_t us) const;

 private:
  struct rules;
  std::shared_ptr<const rules> rules_;
};

// ISO 8601 date ("1997-01-31", also "19970131"), date-time with 'T' or space, seconds and
// fraction optional (up to microseconds), and an optional offset ("Z", "+02:00"). Without an
// offset the text is civil time in `local`. nullopt when the text is not such a date.
// Years 1678..2261 are accepted (they fit everywhere the value travels).
std::optional<std::int64_t> parse_time(std::string_view text, const zone& local);
std::string format_time(std::int64_t us);  // "2026-01-31T12:00:00Z", fraction only when not zero
std::string format_day(std::int64_t day);  // "2026-01-31"

// Days per model unit: "day" 1, "week" 7. Throws error{invalid} naming the unit otherwise.
double days_per_unit(std::string_view unit);
// 365.25 / days_per_unit: how an annual rate or a horizon of a year becomes model units.
double units_per_year(std::string_view unit);

}  // namespace clv

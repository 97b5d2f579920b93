#include "clv/time.hpp"

#include <date/tz.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <limits>
#include <vector>

#include "clv/error.hpp"

namespace clv {
namespace {

constexpr std::int64_t us_per_minute = 60 * us_per_second;
constexpr std::int64_t us_per_hour = 60 * us_per_minute;
constexpr int first_year = 1678;
constexpr int last_year = 2261;

constexpr std::int64_t floor_day(std::int64_t us) {
  const std::int64_t day = us / us_per_day;
  return us % us_per_day < 0 ? day - 1 : day;
}

date::sys_seconds year_start(int year) {
  return date::sys_days{date::year{year} / date::January / 1};
}

}  // namespace

// The zone's whole history as two sorted lists, read once: a lookup is a binary search and never
// touches the tz library again (get_info per event costs a string and a search each).
// Debian's tz files list changes to 2037; later instants keep the offset of the last one.
struct zone::rules {
  std::string name;
  std::vector<std::int64_t> begins;      // instant from which offsets[i] holds; the first is -inf
  std::vector<std::int64_t> civil_ends;  // civil time at which offsets[i] stops; the last is +inf
  std::vector<std::int64_t> offsets;     // civil minus UTC, microseconds

  explicit rules(std::string_view iana_name) : name(iana_name) {}
  void load();
  bool utc() const { return begins.empty(); }
  std::size_t stretch_of(std::int64_t us) const {
    const auto after = std::upper_bound(begins.begin() + 1, begins.end(), us);
    return static_cast<std::size_t>(after - begins.begin()) - 1;
  }
};

void zone::rules::load() {
  constexpr std::int64_t infinite = std::numeric_limits<std::int64_t>::max();
  const date::time_zone* found = date::locate_zone(name);
  const date::sys_seconds stop = year_start(last_year + 2);
  for (date::sys_seconds at = year_start(first_year - 1); at < stop;) {
    const date::sys_info info = found->get_info(at);
    const bool last = info.end >= stop;
    const std::int64_t offset = info.offset.count() * us_per_second;
    begins.push_back(begins.empty() ? -infinite : at.time_since_epoch().count() * us_per_second);
    civil_ends.push_back(last ? infinite
                              : info.end.time_since_epoch().count() * us_per_second + offset);
    offsets.push_back(offset);
    if (last) break;
    at = info.end;
  }
}

zone::zone(std::string_view iana_name) {
  auto loaded = std::make_shared<rules>(iana_name.empty() ? "UTC" : iana_name);
  if (loaded->name != "UTC") {
    try {
      loaded->load();
    } catch (const std::exception&) {  // the library reports an unknown zone with runtime_error
      throw error(status::invalid,
                  "time zone '" + loaded->name + "' is not known to this system",
                  "use an IANA name such as Europe/Kyiv or UTC; the tzdata package lists them");
    }
  }
  rules_ = std::move(loaded);
}

const std::string& zone::name() const {
  return rules_->name;
}

std::int64_t zone::to_civil(std::int64_t us) const {
  return rules_->utc() ? us : us + rules_->offsets[rules_->stretch_of(us)];
}

std::int64_t zone::day_of(std::int64_t us) const {
  return floor_day(to_civil(us));
}

std::int64_t zone::start_of(std::int64_t day) const {
  return from_civil(day * us_per_day);
}

std::int64_t zone::from_civil(std::int64_t civil_us) const {
  if (rules_->utc()) return civil_us;
  // The first stretch that has not ended by then: for a time that happens twice this is the
  // earlier one, and for a skipped time it is the stretch that begins with the change.
  const auto& ends = rules_->civil_ends;
  const auto stretch = std::upper_bound(ends.begin(), ends.end() - 1, civil_us) - ends.begin();
  const auto i = static_cast<std::size_t>(stretch);
  return std::max(rules_->begins[i], civil_us - rules_->offsets[i]);
}

zone::offset_stretch zone::stretch_at(std::int64_t us) const {
  using limits = std::numeric_limits<std::int64_t>;
  if (rules_->utc()) return {limits::min(), limits::max(), 0};
  const std::size_t i = rules_->stretch_of(us);
  const bool last = i + 1 == rules_->begins.size();
  return {i == 0 ? limits::min() : rules_->begins[i],
          last ? limits::max() : rules_->begins[i + 1],
          rules_->offsets[i]};
}

namespace {

// A cursor over the text; every take_* returns false and leaves the parse to fail.
struct reader {
  const char* at;
  const char* end;

  bool done() const { return at == end; }
  bool take(char wanted) {
    if (done() || *at != wanted) return false;
    ++at;
    return true;
  }
  bool take_digits(int count, int& value) {
    if (end - at < count) return false;
    value = 0;
    for (; count > 0; --count, ++at) {
      if (*at < '0' || *at > '9') return false;
      value = value * 10 + (*at - '0');
    }
    return true;
  }
};

bool take_date(reader& in, std::int64_t& day) {
  int year = 0, month = 0, day_of_month = 0;
  if (!in.take_digits(4, year)) return false;
  const bool dashed = in.take('-');
  if (!in.take_digits(2, month) || (dashed && !in.take('-')) || !in.take_digits(2, day_of_month)) {
    return false;
  }
  const date::year_month_day civil{date::year{year},
                                   date::month{static_cast<unsigned>(month)},
                                   date::day{static_cast<unsigned>(day_of_month)}};
  if (!civil.ok() || year < first_year || year > last_year) return false;
  day = date::sys_days{civil}.time_since_epoch().count();
  return true;
}

// Up to six digits; more are accepted only when they are zero, so nothing is cut off in silence.
bool take_fraction(reader& in, std::int64_t& us) {
  std::int64_t scale = us_per_second / 10;
  const char* first = in.at;
  for (; !in.done() && *in.at >= '0' && *in.at <= '9'; ++in.at, scale /= 10) {
    if (scale == 0 && *in.at != '0') return false;
    us += (*in.at - '0') * scale;
  }
  return in.at != first;
}

bool take_clock(reader& in, std::int64_t& us) {
  int hour = 0, minute = 0, second = 0;
  if (!in.take_digits(2, hour) || !in.take(':') || !in.take_digits(2, minute)) return false;
  std::int64_t fraction = 0;
  if (in.take(':')) {
    if (!in.take_digits(2, second)) return false;
    if (in.take('.') && !take_fraction(in, fraction)) return false;
  }
  us = hour * us_per_hour + minute * us_per_minute + second * us_per_second + fraction;
  return hour < 24 && minute < 60 && second < 60;
}

// "Z", "+02", "+02:00" or "+0200", to the end of the text.
bool take_offset(reader& in, std::int64_t& us) {
  if (in.take('Z')) return in.done();
  const bool west = in.take('-');
  if (!west && !in.take('+')) return false;
  int hour = 0, minute = 0;
  if (!in.take_digits(2, hour)) return false;
  if (!in.done()) {
    in.take(':');
    if (!in.take_digits(2, minute)) return false;
  }
  us = (west ? -1 : 1) * (hour * us_per_hour + minute * us_per_minute);
  return in.done() && hour < 24 && minute < 60;
}

// The years hold in UTC too, so that what format_time writes can be read again.
std::optional<std::int64_t> inside_range(std::int64_t us) {
  if (us < earliest_time || us >= end_of_time) return std::nullopt;
  return us;
}

void append_padded(std::string& to, std::int64_t value, int width) {
  const std::string digits = std::to_string(value);
  to.append(static_cast<std::size_t>(std::max(0, width - static_cast<int>(digits.size()))), '0');
  to += digits;
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text, const zone& local) {
  reader in{text.data(), text.data() + text.size()};
  std::int64_t day = 0, clock = 0, offset = 0;
  if (!take_date(in, day)) return std::nullopt;
  if (in.done()) return inside_range(local.start_of(day));
  if (!in.take('T') && !in.take(' ')) return std::nullopt;
  if (!take_clock(in, clock)) return std::nullopt;
  const std::int64_t civil = day * us_per_day + clock;
  if (in.done()) return inside_range(local.from_civil(civil));
  if (!take_offset(in, offset)) return std::nullopt;
  return inside_range(civil - offset);
}

std::string format_day(std::int64_t day) {
  const date::year_month_day civil{date::sys_days{date::days{static_cast<int>(day)}}};
  const int year = static_cast<int>(civil.year());
  std::string text = year < 0 ? "-" : "";
  append_padded(text, year < 0 ? -year : year, 4);
  text += '-';
  append_padded(text, static_cast<unsigned>(civil.month()), 2);
  text += '-';
  append_padded(text, static_cast<unsigned>(civil.day()), 2);
  return text;
}

std::string format_time(std::int64_t us) {
  const std::int64_t day = floor_day(us);
  // Not us - day * us_per_day: the first day that 64 bits reach begins before them.
  const std::int64_t inside = (us % us_per_day + us_per_day) % us_per_day;
  std::string text = format_day(day);
  char separator = 'T';
  for (const std::int64_t value :
       {inside / us_per_hour, inside / us_per_minute % 60, inside / us_per_second % 60}) {
    text += separator;
    append_padded(text, value, 2);
    separator = ':';
  }
  if (const std::int64_t fraction = inside % us_per_second; fraction != 0) {
    text += '.';
    append_padded(text, fraction, 6);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

double days_per_unit(std::string_view unit) {
  if (unit == "day") return 1.0;
  if (unit == "week") return 7.0;
  throw error(status::invalid,
              "time unit '" + std::string(unit) + "' is not known",
              "use day, or week (exactly seven days; calendar weeks are another convention)");
}

double units_per_year(std::string_view unit) {
  return 365.25 / days_per_unit(unit);
}

}  // namespace clv

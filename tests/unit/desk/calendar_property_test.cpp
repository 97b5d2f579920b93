// The calendar against a reference that asks minute by minute, around clock changes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "desk/calendar/business_calendar.hpp"
#include "math/random.hpp"

namespace clv::desk {
namespace {

constexpr std::int64_t calendar_property_minute = 60 * us_per_second;

class dice {
 public:
  explicit dice(std::uint64_t seed) : source_(seed) {}
  std::size_t below(std::uint64_t sides) { return source_.bits() % sides; }

 private:
  random_source source_;
};

struct place {
  const char* zone_name;
  const char* change;  // a day near which the clock is set
};

// What is odd there: a half hour, a midnight that is skipped, a day left out, four changes a year.
constexpr place places[]{
    {"Europe/Berlin", "2026-03-29"},
    {"Europe/Berlin", "2026-10-25"},
    {"America/New_York", "2026-03-08"},
    {"America/New_York", "2026-11-01"},
    {"Australia/Lord_Howe", "2026-04-05"},
    {"Australia/Lord_Howe", "2026-10-04"},
    {"America/Sao_Paulo", "2018-02-18"},
    {"America/Sao_Paulo", "2018-11-04"},
    {"Asia/Kolkata", "2024-02-29"},
    {"Pacific/Apia", "2011-12-30"},
    {"Africa/Casablanca", "2026-02-15"},
    {"Africa/Casablanca", "2026-03-22"},
    {"Asia/Gaza", "2026-03-28"},
    {"Asia/Gaza", "2026-10-31"},
    {"America/Moncton", "2006-04-02"},
    {"America/Moncton", "2006-10-29"},
    {"UTC", "2024-02-29"},
};

// Up to three stretches of whole minutes; often at the ends of the day and near clock changes.
std::vector<opening> random_hours(dice& draw) {
  std::vector<std::int32_t> marks;
  const std::size_t wanted = 2 * draw.below(4);
  while (marks.size() < wanted) {
    const auto mark =
        static_cast<std::int32_t>(draw.below(3) == 0 ? 30 * draw.below(49) : draw.below(1441));
    if (std::ranges::find(marks, mark) == marks.end()) marks.push_back(mark);
  }
  std::ranges::sort(marks);
  std::vector<opening> out;
  for (std::size_t i = 0; i < wanted; i += 2) out.push_back({marks[i], marks[i + 1]});
  return out;
}

calendar_rules random_rules(const place& p, std::int64_t middle, dice& draw) {
  calendar_rules rules;
  rules.where = zone(p.zone_name);
  for (auto& hours : rules.week) hours = random_hours(draw);
  rules.week[draw.below(7)] = {{0, 1440}};
  for (int i = 0; i < 3; ++i) {
    rules.holidays[middle - 7 + static_cast<std::int64_t>(draw.below(15))] = "holiday";
    rules.special[middle - 7 + static_cast<std::int64_t>(draw.below(15))] = random_hours(draw);
  }
  return rules;
}

// Open or not, for every minute of 16 days, by looking at the clock on the wall each time.
class minute_by_minute {
 public:
  minute_by_minute(const calendar_rules& rules, std::int64_t start) : start_(start) {
    open_.push_back(0);
    for (std::int64_t i = 0; i < 16 * 1440; ++i) {
      is_open_.push_back(asks(rules, start + i * calendar_property_minute));
      open_.push_back(open_.back() + (is_open_.back() ? 1 : 0));
    }
  }
  std::size_t minutes() const { return is_open_.size(); }
  std::int64_t at(std::size_t i) const {
    return start_ + static_cast<std::int64_t>(i) * calendar_property_minute;
  }
  bool open(std::size_t i) const { return is_open_[i]; }
  std::int64_t between(std::size_t from, std::size_t to) const { return open_[to] - open_[from]; }
  // minutes() where the reference does not reach that far.
  std::size_t next_open(std::size_t i) const {
    while (i < minutes() && !is_open_[i]) ++i;
    return i;
  }
  std::size_t add(std::size_t from, std::int64_t amount) const {
    if (amount == 0) return next_open(from);
    std::size_t i = from;
    for (; i < minutes() && amount > 0; ++i) amount -= is_open_[i] ? 1 : 0;
    return amount > 0 ? minutes() + 1 : i;
  }
  std::size_t subtract(std::size_t to, std::int64_t amount) const {
    std::size_t i = to;
    while (i > 0 && amount > 0) amount -= is_open_[--i] ? 1 : 0;
    return amount > 0 ? minutes() + 1 : i;
  }

 private:
  static bool asks(const calendar_rules& rules, std::int64_t us) {
    const std::int64_t civil = rules.where.to_civil(us);
    const std::int64_t day = rules.where.day_of(us);
    const std::int64_t clock = (civil - day * us_per_day) / calendar_property_minute;
    const std::vector<opening>* hours = &rules.week[static_cast<std::size_t>((day + 3) % 7)];
    const std::vector<opening> closed;
    if (rules.holidays.count(day) > 0) hours = &closed;
    if (rules.special.count(day) > 0) hours = &rules.special.find(day)->second;
    return std::ranges::any_of(*hours,
                               [&](const opening& o) { return clock >= o.from && clock < o.to; });
  }

  std::int64_t start_;
  std::vector<bool> is_open_;
  std::vector<std::int64_t> open_;
};

struct drawn {
  std::string what;
  business_calendar calendar;
  minute_by_minute slow;
};

template <class Check>
void for_random_calendars(const Check& check) {
  dice draw(20260329);
  for (const place& p : places) {
    const std::int64_t middle = zone("UTC").day_of(*parse_time(p.change, zone("UTC")));
    for (int round = 0; round < 4; ++round) {
      const calendar_rules rules = random_rules(p, middle, draw);
      const std::int64_t start = (middle - 8) * us_per_day;
      check(drawn{std::string(p.zone_name) + " " + p.change + " round " + std::to_string(round),
                  business_calendar(rules),
                  minute_by_minute(rules, start)},
            draw);
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(business_calendar_property, open_and_next_open_are_those_of_every_minute) {
  for_random_calendars([](const drawn& d, dice&) {
    for (std::size_t i = 0; i < d.slow.minutes(); ++i) {
      ASSERT_EQ(d.calendar.open_at(d.slow.at(i)), d.slow.open(i))
          << d.what << " at " << format_time(d.slow.at(i));
      ASSERT_EQ(d.calendar.open_at(d.slow.at(i) + calendar_property_minute - 1), d.slow.open(i))
          << d.what;
      const std::size_t next = d.slow.next_open(i);
      if (next == d.slow.minutes()) continue;
      ASSERT_EQ(d.calendar.next_open(d.slow.at(i)), d.slow.at(next))
          << d.what << " at " << format_time(d.slow.at(i));
    }
  });
}

TEST(business_calendar_property, elapsed_time_is_the_count_of_open_minutes) {
  for_random_calendars([](const drawn& d, dice& draw) {
    for (int i = 0; i < 300; ++i) {
      const std::size_t from = draw.below(d.slow.minutes()), to = draw.below(d.slow.minutes());
      const std::int64_t open = d.slow.between(std::min(from, to), std::max(from, to));
      ASSERT_EQ(d.calendar.between(d.slow.at(std::min(from, to)), d.slow.at(std::max(from, to))),
                open * calendar_property_minute)
          << d.what << " from " << format_time(d.slow.at(std::min(from, to))) << " to "
          << format_time(d.slow.at(std::max(from, to)));
    }
  });
}

TEST(business_calendar_property, adding_and_subtracting_walk_the_open_minutes) {
  for_random_calendars([](const drawn& d, dice& draw) {
    for (int i = 0; i < 300; ++i) {
      const std::size_t from = draw.below(d.slow.minutes());
      const auto amount = static_cast<std::int64_t>(draw.below(4) == 0 ? 0 : draw.below(4000));
      const std::size_t end = d.slow.add(from, amount);
      if (end < d.slow.minutes()) {
        ASSERT_EQ(d.calendar.add(d.slow.at(from), amount * calendar_property_minute),
                  d.slow.at(end))
            << d.what << " from " << format_time(d.slow.at(from)) << " minutes " << amount;
      }
      const std::size_t begin = d.slow.subtract(from, amount);
      if (begin < d.slow.minutes()) {
        ASSERT_EQ(d.calendar.subtract(d.slow.at(from), amount * calendar_property_minute),
                  d.slow.at(begin))
            << d.what << " to " << format_time(d.slow.at(from)) << " minutes " << amount;
      }
    }
  });
}

// Instants and amounts that are no whole minutes.
TEST(business_calendar_property, the_three_agree_to_the_microsecond) {
  for_random_calendars([](const drawn& d, dice& draw) {
    const business_calendar& c = d.calendar;
    const auto instant = [&] {
      return d.slow.at(0) + static_cast<std::int64_t>(draw.below(16ULL * us_per_day));
    };
    for (int i = 0; i < 200; ++i) {
      std::int64_t t[3]{instant(), instant(), instant()};
      std::ranges::sort(t);
      const std::int64_t open = c.between(t[0], t[2]);
      ASSERT_EQ(open, c.between(t[0], t[1]) + c.between(t[1], t[2])) << d.what;
      const auto amount = 1 + static_cast<std::int64_t>(draw.below(3ULL * us_per_day));
      const std::int64_t due = c.add(t[0], amount);
      ASSERT_EQ(c.between(t[0], due), amount) << d.what;
      ASSERT_EQ(c.between(t[0], due - 1), amount - 1) << d.what;  // the earliest such instant
      const std::int64_t began = c.subtract(t[2], amount);
      ASSERT_EQ(c.between(began, t[2]), amount) << d.what;
      ASSERT_EQ(c.between(began + 1, t[2]), amount - 1) << d.what;  // the latest such instant
      ASSERT_TRUE(c.open_at(began)) << d.what;
      ASSERT_EQ(c.add(c.subtract(due, amount), amount), due) << d.what;
    }
  });
}

TEST(business_calendar_property, openings_and_explanations_hold_all_that_counts) {
  for_random_calendars([](const drawn& d, dice& draw) {
    const std::size_t a = draw.below(d.slow.minutes()), b = draw.below(d.slow.minutes());
    const std::int64_t from = d.slow.at(std::min(a, b)) + 1, to = d.slow.at(std::max(a, b)) - 1;
    std::int64_t open = 0, last = from - 1;
    for (const span_of_time& s : d.calendar.openings(from, to)) {
      ASSERT_GT(s.from, last) << d.what;  // rising, and no two touch
      ASSERT_GT(s.to, s.from);
      ASSERT_LE(s.to, to);
      open += s.to - s.from;
      last = s.to;
    }
    ASSERT_EQ(open, d.calendar.between(from, to)) << d.what;
    std::int64_t told = 0;
    for (const counted& c : d.calendar.explain(from, to)) {
      const std::int64_t inside = d.calendar.between(c.from, c.to);
      ASSERT_EQ(inside, c.skipped.empty() ? c.to - c.from : 0) << d.what << " " << c.skipped;
      told += inside;
    }
    ASSERT_EQ(told, open) << d.what;
  });
}

}  // namespace
}  // namespace clv::desk

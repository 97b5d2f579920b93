#include "clv/time.hpp"

#include <gtest/gtest.h>

#include "clv/error.hpp"
#include "logs.hpp"

namespace clv::test {
namespace {

TEST(time, dates_and_date_times_are_read) {
  const zone utc("UTC");
  EXPECT_EQ(parse_time("1970-01-01", utc), 0);
  EXPECT_EQ(parse_time("19700102", utc), us_per_day);
  EXPECT_EQ(parse_time("1970-01-01T00:01", utc), 60 * us_per_second);
  EXPECT_EQ(parse_time("1970-01-01 00:00:01", utc), us_per_second);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.5", utc), us_per_second / 2);
  EXPECT_EQ(parse_time("1969-12-31T23:59:59.999999Z", utc), -1);
  EXPECT_EQ(parse_time("1970-01-01T02:00:00+02:00", utc), 0);
  EXPECT_EQ(parse_time("1970-01-01T02:00:00+0200", utc), 0);
  EXPECT_EQ(parse_time("1969-12-31T19:00-05", utc), 0);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.1234560", utc), 123456);
}

TEST(time, text_that_is_no_date_is_refused) {
  const zone utc("UTC");
  for (const char* text : {"",
                           "1970",
                           "1970-1-1",
                           "1970-01-1",
                           "1970-13-01",
                           "1970-00-10",
                           "1970-02-29",
                           "1900-02-29",
                           "2026-04-31",
                           "1970-01-01T",
                           "1970-01-01T1",
                           "1970-01-01T24:00",
                           "1970-01-01T00:60",
                           "1970-01-01T00:00:60",
                           "1970-01-01T00:00:00.",
                           "1970-01-01T00:00:00.1234567",
                           "1970-01-01T00:00+24:00",
                           "1970-01-01T00:00+2",
                           "1970-01-01Z",
                           "1970-01-01T00:00Zx",
                           " 1970-01-01",
                           "1970-01-01 ",
                           "01/31/1970",
                           "1970-0101",
                           "197001-01",
                           "1677-12-31",
                           "2262-01-01",
                           "1970-01-01T00:00z",
                           "+1970-01-01",
                           "1970-01-01T-1:00",
                           "19x00101"}) {
    EXPECT_EQ(parse_time(text, utc), std::nullopt) << text;
  }
}

TEST(time, the_range_of_years_holds_in_utc) {
  const zone utc("UTC");
  EXPECT_TRUE(parse_time("1678-01-01T00:00Z", utc));
  EXPECT_FALSE(parse_time("1678-01-01T00:00+00:01", utc));
  EXPECT_TRUE(parse_time("2261-12-31T23:59:59.999999Z", utc));
  EXPECT_FALSE(parse_time("2261-12-31T23:59:59.999999-00:01", utc));
}

TEST(time, text_and_instants_share_one_range) {
  const zone utc("UTC");
  EXPECT_EQ(parse_time("1678-01-01", utc), earliest_time);
  EXPECT_EQ(parse_time("2261-12-31T23:59:59.999999Z", utc), end_of_time - 1);
  EXPECT_EQ(format_time(end_of_time), "2262-01-01T00:00:00Z");
}

TEST(time, leap_days_exist_in_leap_years_only) {
  const zone utc("UTC");
  EXPECT_TRUE(parse_time("2000-02-29", utc));
  EXPECT_TRUE(parse_time("2024-02-29", utc));
  EXPECT_FALSE(parse_time("2023-02-29", utc));
  EXPECT_FALSE(parse_time("2100-02-29", utc));
}

TEST(time, every_day_survives_the_way_to_text_and_back) {
  const zone utc("UTC");
  const std::int64_t first = utc.day_of(instant("1678-01-01"));
  const std::int64_t last = utc.day_of(instant("2261-12-31"));
  ASSERT_EQ(last - first, 213'300);  // 584 years with 141 leap days, less one
  for (std::int64_t day = first; day <= last; ++day) {
    ASSERT_EQ(parse_time(format_day(day), utc), day * us_per_day);
  }
}

TEST(time, instants_are_written_in_utc_without_a_needless_fraction) {
  EXPECT_EQ(format_time(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_time(-1), "1969-12-31T23:59:59.999999Z");
  // A date that no table holds, in a message: its year is beyond the calendar's.
  EXPECT_TRUE(format_time(INT64_MIN).ends_with("-12-21T19:59:05.224192Z"));
  EXPECT_EQ(format_time(instant("2026-01-31T12:00:00.120")), "2026-01-31T12:00:00.12Z");
  for (const std::int64_t us :
       {std::int64_t{-9'000'000'000'000'000}, std::int64_t{987'654'321'012}}) {
    EXPECT_EQ(instant(format_time(us)), us);
  }
}

TEST(time, civil_text_takes_the_zone_and_an_offset_overrides_it) {
  EXPECT_EQ(format_time(instant("2026-01-15 12:00", "Europe/Kyiv")), "2026-01-15T10:00:00Z");
  EXPECT_EQ(format_time(instant("2026-07-15 12:00", "Europe/Kyiv")), "2026-07-15T09:00:00Z");
  EXPECT_EQ(format_time(instant("2026-07-15T12:00Z", "Europe/Kyiv")), "2026-07-15T12:00:00Z");
}

TEST(time, the_business_day_changes_at_the_zones_midnight) {
  const zone kyiv("Europe/Kyiv");
  const std::int64_t day = kyiv.day_of(instant("2026-01-15T12:00Z"));
  EXPECT_EQ(format_day(day), "2026-01-15");
  EXPECT_EQ(kyiv.day_of(instant("2026-01-15T21:59:59.999999Z")), day);
  EXPECT_EQ(kyiv.day_of(instant("2026-01-15T22:00Z")), day + 1);
  EXPECT_EQ(kyiv.start_of(day), instant("2026-01-14T22:00Z"));
}

TEST(time, days_around_new_yorks_clock_changes_have_23_and_25_hours) {
  const zone new_york("America/New_York");
  const auto length = [&](const char* date) {
    const std::int64_t day = new_york.day_of(instant(date, "America/New_York"));
    EXPECT_EQ(new_york.day_of(new_york.start_of(day)), day);
    EXPECT_EQ(new_york.day_of(new_york.start_of(day) - 1), day - 1);
    return (new_york.start_of(day + 1) - new_york.start_of(day)) / us_per_second / 3600;
  };
  EXPECT_EQ(length("2026-03-07"), 24);
  EXPECT_EQ(length("2026-03-08"), 23);
  EXPECT_EQ(length("2026-11-01"), 25);
}

TEST(time, a_skipped_time_moves_to_the_change_and_a_double_one_is_the_earlier) {
  EXPECT_EQ(format_time(instant("2026-03-08 02:30", "America/New_York")), "2026-03-08T07:00:00Z");
  EXPECT_EQ(format_time(instant("2026-11-01 01:30", "America/New_York")), "2026-11-01T05:30:00Z");
}

TEST(time, a_skipped_midnight_moves_to_the_first_instant_of_the_day) {
  // Sao Paulo went from 2018-11-04 00:00 straight to 01:00 (03:00 UTC).
  const zone sao_paulo("America/Sao_Paulo");
  const std::int64_t day = instant("2018-11-04") / us_per_day;
  EXPECT_EQ(format_time(sao_paulo.start_of(day)), "2018-11-04T03:00:00Z");
  EXPECT_EQ(sao_paulo.day_of(sao_paulo.start_of(day)), day);
  EXPECT_EQ(sao_paulo.day_of(sao_paulo.start_of(day) - 1), day - 1);
}

TEST(time, a_midnight_that_happens_twice_is_the_earlier_one) {
  // Havana fell back from 2023-11-05 01:00 to 00:00 (05:00 UTC).
  const zone havana("America/Havana");
  const std::int64_t day = instant("2023-11-05") / us_per_day;
  EXPECT_EQ(format_time(havana.start_of(day)), "2023-11-05T04:00:00Z");
}

TEST(time, a_date_that_a_zone_left_out_begins_where_the_next_one_does) {
  const zone apia("Pacific/Apia");  // no 2011-12-30 there
  const std::int64_t day = instant("2011-12-30") / us_per_day;
  EXPECT_EQ(apia.start_of(day), apia.start_of(day + 1));
}

TEST(time, a_zone_says_between_which_changes_an_instant_is) {
  const zone berlin("Europe/Berlin");
  const auto summer = *parse_time("2026-03-29T01:00Z", zone("UTC"));
  const auto winter = *parse_time("2026-10-25T01:00Z", zone("UTC"));
  const zone::offset_stretch s = berlin.stretch_at(summer);
  EXPECT_EQ(s.from, summer);
  EXPECT_EQ(s.to, winter);
  EXPECT_EQ(s.offset, 7200 * us_per_second);
  EXPECT_EQ(berlin.stretch_at(summer - 1).to, summer);
  EXPECT_EQ(berlin.stretch_at(winter).offset, 3600 * us_per_second);
  const zone::offset_stretch always = zone("UTC").stretch_at(0);
  EXPECT_LT(always.from, earliest_time);
  EXPECT_GT(always.to, end_of_time);
  EXPECT_EQ(always.offset, 0);
  EXPECT_LT(berlin.stretch_at(earliest_time).from, earliest_time);
  EXPECT_GT(berlin.stretch_at(end_of_time).to, end_of_time);
}

TEST(time, zones_are_named_and_unknown_ones_refused) {
  EXPECT_EQ(zone("").name(), "UTC");
  EXPECT_EQ(zone("Europe/Kyiv").name(), "Europe/Kyiv");
  const issue what = failure_of([] { zone("Mars/Olympus"); });
  EXPECT_EQ(what.code, status::invalid);
  EXPECT_NE(what.message.find("Mars/Olympus"), std::string::npos);
}

TEST(time, units_are_days_and_exact_weeks) {
  EXPECT_EQ(days_per_unit("day"), 1.0);
  EXPECT_EQ(days_per_unit("week"), 7.0);
  EXPECT_EQ(units_per_year("day"), 365.25);
  EXPECT_EQ(units_per_year("week"), 365.25 / 7);
  const issue what = failure_of([] { days_per_unit("calendar week"); });
  EXPECT_EQ(what.code, status::invalid);
  EXPECT_NE(what.message.find("calendar week"), std::string::npos);
}

}  // namespace
}  // namespace clv::test

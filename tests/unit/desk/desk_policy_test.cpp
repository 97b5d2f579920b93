#include "desk/desk_policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "clv/error.hpp"

namespace clv::desk {
namespace {

constexpr std::int64_t minute = 60 * us_per_second;

std::string desk_page() {
  std::ifstream file(CLV_DESK_FILE);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string block_of(const std::string& page) {
  const auto from = page.find("```json\n") + 8;
  return page.substr(from, page.find("```", from) - from);
}

std::string complaint(std::string_view json) {
  try {
    read_desk_policy(json);
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::invalid);
    return e.what();
  }
  return "accepted";
}

void expect_complaint(std::string_view json, std::string_view wanted) {
  const std::string got = complaint(json);
  EXPECT_NE(got.find(wanted), std::string::npos) << json << "\nsays: " << got;
  EXPECT_EQ(got.rfind("desk: ", 0), 0U) << got;
}

std::string in_calendar(std::string_view members) {
  return R"({"calendars": {"office": {)" + std::string(members) + "}}}";
}

std::string in_policy(std::string_view members) {
  return R"({"severities": ["low", "high"], "policies": [{"name": "a", )" + std::string(members) +
         "}]}";
}

std::int64_t at(std::string_view local) {
  return parse_time(local, zone("Europe/Berlin")).value_or(0);
}

TEST(desk_policy, the_documented_calendar_is_read_as_it_is_documented) {
  const desk_policy desk = read_desk_policy(block_of(desk_page()));
  ASSERT_EQ(desk.calendars.size(), 1U);
  EXPECT_EQ(desk.calendar, 0U);
  const business_calendar& office = desk.calendars[0];
  EXPECT_EQ(office.name(), "office");
  EXPECT_EQ(office.where().name(), "Europe/Berlin");
  EXPECT_EQ(office.between(at("2026-11-23"), at("2026-11-24")), 8 * 60 * minute);  // monday
  EXPECT_EQ(office.between(at("2026-11-27"), at("2026-11-30")), 7 * 60 * minute);  // weekend
  EXPECT_EQ(office.between(at("2026-12-24"), at("2026-12-28")), 3 * 60 * minute);  // Christmas
  EXPECT_FALSE(office.open_at(at("2026-11-23T13:30")));
}

TEST(desk_policy, the_documented_clocks_are_read_too) {
  const desk_policy desk = read_desk_policy(block_of(desk_page()));
  EXPECT_EQ(desk.severities, (std::vector<std::string>{"low", "normal", "high", "critical"}));
  ASSERT_EQ(desk.policies.size(), 2U);
  const sla_policy& urgent = desk.policies[0];
  EXPECT_EQ(urgent.name, "urgent");
  EXPECT_EQ(urgent.when.severity, std::vector<std::string>{"critical"});
  EXPECT_EQ(urgent.when.channel, (std::vector<std::string>{"phone", "chat"}));
  EXPECT_EQ(urgent.targets, (clock_targets{30 * minute, 60 * minute, 480 * minute}));
  EXPECT_TRUE(urgent.pauses_pending && urgent.pauses_waiting);
  EXPECT_EQ(urgent.warn_before_us, std::vector<std::int64_t>{15 * minute});
  const sla_policy& standard = desk.policies[1];
  EXPECT_TRUE(standard.when.severity.empty());
  EXPECT_FALSE(standard.restart_on_reopen);
  EXPECT_EQ(targets_for(standard, "high"),
            (clock_targets{60 * minute, 480 * minute, 960 * minute}));
  EXPECT_EQ(targets_for(standard, "low"), standard.targets);
}

TEST(desk_policy, the_documented_priority_and_care_are_read_too) {
  const desk_policy desk = read_desk_policy(block_of(desk_page()));
  EXPECT_EQ(desk.priority.delay_cost.at("critical"), 20);
  EXPECT_EQ(desk.priority.sla_horizon_us, 240 * minute);
  EXPECT_EQ(desk.priority.words.at("lawyer"), 10);
  EXPECT_EQ(desk.priority.churn_per_hour, .0005);
  EXPECT_EQ(desk.priority.ageing, .05);
  EXPECT_EQ(desk.priority.max_wait_us, 2880 * minute);
  EXPECT_EQ(desk.priority.handle_minutes, 15);
  EXPECT_EQ(desk.routing.load, .5);
  EXPECT_EQ(desk.routing.channel_units.at("chat"), 1);
  EXPECT_TRUE(desk.routing.reroute_reopened_absent);
  EXPECT_EQ(desk.routing.reroute_silent_us, 480 * minute);
  ASSERT_TRUE(desk.surveys);
  EXPECT_EQ(desk.surveys->kind, "CSAT");
  EXPECT_EQ(desk.surveys->delay_us, 60 * minute);
  EXPECT_EQ(desk.surveys->cool_down_days, 30);
  EXPECT_EQ(desk.follow_ups.detractor->owner, "assignee");
  EXPECT_EQ(desk.follow_ups.resolved_high_value->clv_at_risk, 100);
  EXPECT_EQ(desk.follow_ups.breach->within_us, 240 * minute);
  EXPECT_EQ(desk.follow_ups.escalate_after_us, 480 * minute);
}

// The names that a text lists after its colon.
std::set<std::string> names_in(std::string_view hint) {
  std::set<std::string> out;
  for (std::size_t i = hint.find(':') + 1; i < hint.size();) {
    const std::size_t end = std::min(hint.size(), hint.find_first_of(", \n", i));
    if (end > i) out.emplace(hint.substr(i, end - i));
    i = end + 1;
  }
  return out;
}

TEST(desk_policy, every_member_that_is_known_is_in_the_documented_block) {
  const std::string page = desk_page();
  try {
    read_desk_policy(R"({"no_such_member": 1})");
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("$.no_such_member is not a member"), std::string::npos);
    const std::set<std::string> known = names_in(e.details().hint);
    EXPECT_EQ(known.size(), 9U);
    for (const std::string& name : known) {
      EXPECT_NE(block_of(page).find("\"" + name + "\":"), std::string::npos) << name;
    }
  }
}

TEST(desk_policy, without_a_text_counts_all_time_and_has_no_clock) {
  for (const char* text : {"", "{}"}) {
    const desk_policy desk = read_desk_policy(text);
    ASSERT_EQ(desk.calendars.size(), 1U);
    EXPECT_TRUE(desk.calendars[0].open_at(at("2026-01-01T03:00")));
    EXPECT_EQ(find_policy(desk, {}), nullptr);
    EXPECT_FALSE(desk.surveys);
    EXPECT_FALSE(desk.follow_ups.breach);
    EXPECT_FALSE(desk.priority.max_wait_us);
    EXPECT_FALSE(desk.routing.reroute_silent_us);
    EXPECT_EQ(severity_level(desk, "high"), std::nullopt);
  }
}

TEST(desk_policy, the_first_that_fits_counts) {
  const desk_policy desk = read_desk_policy(R"({"policies": [
      {"name": "phone", "when": {"channel": ["phone"], "tier": ["gold"]}},
      {"name": "gold", "when": {"tier": ["gold"]}},
      {"name": "rest", "when": {"team": ["a", "b"]}}]})");
  const auto name = [&](const ticket_words& w) {
    const sla_policy* found = find_policy(desk, w);
    return found == nullptr ? std::string("none") : found->name;
  };
  EXPECT_EQ(name({.channel = "phone", .tier = "gold"}), "phone");
  EXPECT_EQ(name({.channel = "chat", .team = "a", .tier = "gold"}), "gold");
  EXPECT_EQ(name({.channel = "phone", .team = "b"}), "rest");
  EXPECT_EQ(name({.channel = "phone"}), "none");  // no word is none of a list
}

TEST(desk_policy, severities_rise) {
  const desk_policy desk = read_desk_policy(R"({"severities": ["low", "high"]})");
  EXPECT_EQ(severity_level(desk, "low"), 0U);
  EXPECT_EQ(severity_level(desk, "high"), 1U);
  EXPECT_EQ(severity_level(desk, ""), std::nullopt);
  expect_complaint(R"({"severities": []})", "$.severities is []");
  expect_complaint(R"({"severities": ["a", "a"]})", "$.severities[1]");
}

TEST(desk_policy, the_calendar_of_a_policy_is_found_by_its_name) {
  const desk_policy desk = read_desk_policy(R"({
      "calendars": {"a": {"week": {"mon": ["09:00-17:00"]}}, "b": {"week": {"sun": ["00:00-24:00"]}}},
      "calendar": "b",
      "policies": [{"name": "x", "calendar": "a"}, {"name": "y"}]})");
  EXPECT_EQ(desk.policies[0].calendar, 0U);
  EXPECT_EQ(desk.policies[1].calendar, 1U);
  EXPECT_EQ(desk.calendar, 1U);
}

TEST(desk_policy, a_calendar_that_is_not_there_is_refused) {
  expect_complaint(R"({"calendar": "office"})", "$.calendar is \"office\", expected a calendar of");
  expect_complaint(R"({"calendars": {"a": {"week": {"mon": ["09:00-17:00"]}}}, "calendar": "b"})",
                   "expected a calendar of $.calendars (a)");
  expect_complaint(R"({"calendars": {"a": {"week": {"mon": ["09:00-17:00"]}},
                                     "b": {"week": {"mon": ["09:00-17:00"]}}}})",
                   "$.calendar is missing");
  expect_complaint(in_policy(R"("calendar": "night")"), "$.policies[0].calendar");
}

TEST(desk_policy, hours_that_overlap_are_refused) {
  expect_complaint(in_calendar(R"("week": {"mon": ["09:00-13:00", "12:59-18:00"]})"),
                   "$.calendars.office.week.mon[1] is \"12:59-18:00\", expected hours that do not");
  expect_complaint(in_calendar(R"("days": {"2026-12-24": ["10:00-11:00", "09:00-12:00"]})"),
                   "$.calendars.office.days.2026-12-24[1]");
  EXPECT_EQ(complaint(in_calendar(R"("week": {"mon": ["13:00-18:00", "09:00-13:00"]})")),
            "accepted");
}

TEST(desk_policy, hours_that_are_none_are_refused) {
  for (const char* wrong : {"9:00-17:00",
                            "09:00",
                            "09:00-09:00",
                            "22:00-06:00",
                            "09:60-10:00",
                            "09:00-24:01",
                            "09:00-17:00 ",
                            "ab:cd-17:00",
                            "-1:00-17:00"}) {
    const std::string json = in_calendar(R"("week": {"mon": [")" + std::string(wrong) + "\"]}");
    expect_complaint(json, "expected hours of one day such as");
  }
}

TEST(desk_policy, calendars_without_an_hour_a_zone_or_a_day_are_refused) {
  expect_complaint(in_calendar(""), "$.calendars.office is {}, expected a calendar that is open");
  expect_complaint(in_calendar(R"("week": {"mon": []}, "holidays": {"2026-12-25": "x"})"),
                   "expected a calendar that is open");
  expect_complaint(in_calendar(R"("time_zone": "Europe/Atlantis")"), "an IANA time zone");
  expect_complaint(in_calendar(R"("holidays": {"2026-02-30": "x"})"),
                   "$.calendars.office.holidays.2026-02-30 is no day");
  expect_complaint(in_calendar(R"("holidays": {"2026-12-25T00:00": "x"})"), "is no day");
  expect_complaint(in_calendar(R"("holidays": {"2026-12-25": 1})"), "expected a text");
  expect_complaint(in_calendar(R"("week": {"monday": ["09:00-17:00"]})"), "week.monday is not");
  expect_complaint(in_calendar(R"("hours": {})"), "office.hours is not a member");
}

TEST(desk_policy, a_severity_that_nobody_named_is_refused) {
  expect_complaint(in_policy(R"("when": {"severity": ["urgent"]})"),
                   "$.policies[0].when.severity is [\"urgent\"], expected severities among those");
  expect_complaint(R"({"severities": ["low"], "priority": {"delay_cost": {"hgih": 1}}})", "'hgih'");
  EXPECT_EQ(complaint(R"({"policies": [{"name": "a", "when": {"severity": ["any"]}}]})"),
            "accepted");
}

TEST(desk_policy, policies_are_refused_by_their_path) {
  expect_complaint(R"({"policies": [{"name": "a"}, {"name": "a"}]})",
                   "$.policies[1].name is \"a\"");
  expect_complaint(R"({"policies": [{"first_response": 5}]})", "$.policies[0].name is missing");
  expect_complaint(in_policy(R"("first_reply": 5)"), "$.policies[0].first_reply is not a member");
  expect_complaint(in_policy(R"("first_response": 0)"), "expected a number of minutes above 0");
  expect_complaint(in_policy(R"("resolution": -1)"), "$.policies[0].resolution is -1");
  expect_complaint(in_policy(R"("tiers": {"gold": {"reply": 5}})"), "tiers.gold.reply is not");
  expect_complaint(in_policy(R"("tiers": {"gold": {"resolution": "5"}})"), "expected a number");
  expect_complaint(in_policy(R"("pauses": ["resolved"])"), "$.policies[0].pauses");
  expect_complaint(in_policy(R"("reopen": "again")"), "expected \"resume\" or \"restart\"");
  expect_complaint(in_policy(R"("warn_before": [15, 15])"), "$.policies[0].warn_before[1]");
  expect_complaint(in_policy(R"("when": {"channel": []})"), "at least one word");
  expect_complaint(in_policy(R"("when": {"customer": ["x"]})"), "when.customer is not a member");
}

TEST(desk_policy, pauses_may_be_none) {
  const desk_policy desk =
      read_desk_policy(in_policy(R"("pauses": [], "reopen": "restart", "warn_before": [5, 60])"));
  EXPECT_FALSE(desk.policies[0].pauses_pending || desk.policies[0].pauses_waiting);
  EXPECT_TRUE(desk.policies[0].restart_on_reopen);
  EXPECT_EQ(desk.policies[0].warn_before_us, (std::vector<std::int64_t>{60 * minute, 5 * minute}));
}

TEST(desk_policy, words_are_compared_in_small_letters) {
  const desk_policy desk = read_desk_policy(R"({"priority": {"words": {"Lawyer": 3}}})");
  EXPECT_EQ(desk.priority.words.at("lawyer"), 3);
  expect_complaint(R"({"priority": {"words": {"Lawyer": 3, "lawyer": 4}}})", "is there twice");
  expect_complaint(R"({"priority": {"words": {"": 3}}})", "$.priority.words");
}

TEST(desk_policy, the_other_members_are_refused_by_their_path) {
  expect_complaint(R"({"priority": {"churn_per_hour": 1.5}})", "$.priority.churn_per_hour is 1.5");
  expect_complaint(R"({"priority": {"handle_minutes": 0}})", "$.priority.handle_minutes");
  expect_complaint(R"({"priority": {"speed": 0}})", "$.priority.speed is not a member");
  expect_complaint(R"({"routing": {"weights": {"luck": 1}}})", "$.routing.weights.luck");
  expect_complaint(R"({"routing": {"reroute": {"silent": 0}}})", "$.routing.reroute.silent");
  expect_complaint(R"({"routing": {"reroute": {"reopened_absent": 1}}})", "true or false");
  expect_complaint(R"({"surveys": {"kind": "stars"}})", "\"CSAT\" or \"NPS\" or \"CES\"");
  expect_complaint(R"({"surveys": {"delay": -1}})", "$.surveys.delay");
  expect_complaint(R"({"follow_ups": {"breach": {}}})", "$.follow_ups.breach.within is missing");
  expect_complaint(R"({"follow_ups": {"breach": {"within": 5, "clv_at_risk": 1}}})",
                   "$.follow_ups.breach.clv_at_risk is not a member");
  expect_complaint(R"({"format": "clv.policy/1"})", "expected \"clv.desk/1\"");
  expect_complaint("[]", "$ is []");
  expect_complaint("{", "line 1");
}

}  // namespace
}  // namespace clv::desk

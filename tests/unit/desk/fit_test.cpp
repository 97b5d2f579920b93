// The rules who may take a ticket, each alone, and the parts of the fit.
#include "desk/routing/fit.hpp"

#include "desk/routing/matching.hpp"
#include "math/random.hpp"
#include "routing_support.hpp"

namespace clv::desk {
namespace {

using test::agents_of;
using test::at;

constexpr auto monday_noon = "2026-03-02T12:00Z";

struct desk_of {
  desk_policy policy;
  staff who;
  explicit desk_of(std::string_view csv, std::string_view rules = "{}")
      : policy(read_desk_policy(rules)), who(agents_of(csv, rules), policy, at(monday_noon)) {}
};

demand asks(std::string skill, std::string language, std::string channel) {
  return {.ticket = "t",
          .customer = "c",
          .channel = std::move(channel),
          .skill = std::move(skill),
          .language = std::move(language),
          .taken_from = {}};
}

TEST(may_take, asks_each_rule) {
  desk_of d("agent,skills,languages,channels,max_tickets\na,vpn:0.5,de,chat:2,3\n");
  EXPECT_EQ(d.who.may_take(asks("", "", ""), 0), refusal::none);
  EXPECT_EQ(d.who.may_take(asks("vpn", "de", "chat"), 0), refusal::none);
  EXPECT_EQ(d.who.may_take(asks("billing", "de", "chat"), 0), refusal::skill);
  EXPECT_EQ(d.who.may_take(asks("vpn", "fr", "chat"), 0), refusal::language);
  EXPECT_EQ(d.who.may_take(asks("vpn", "de", "phone"), 0), refusal::channel);
  d.who.take(0, "chat");
  d.who.take(0, "chat");
  EXPECT_EQ(d.who.may_take(asks("vpn", "de", "chat"), 0), refusal::capacity);
  EXPECT_EQ(d.who.may_take(asks("vpn", "de", ""), 0), refusal::none);
  d.who.take(0, "");
  EXPECT_EQ(d.who.may_take(asks("vpn", "de", ""), 0), refusal::max_tickets);
  d.who.give_back(0, "chat");
  EXPECT_EQ(d.who.may_take(asks("vpn", "de", "chat"), 0), refusal::none);
}

TEST(may_take, lets_who_lists_nothing_do_everything) {
  desk_of d("agent\na\n");
  for (int i = 0; i < 50; ++i) d.who.take(0, "chat");
  EXPECT_EQ(d.who.may_take(asks("vpn", "de", "chat"), 0), refusal::none);
  EXPECT_FALSE(d.who.channel_room(0, "chat"));
  EXPECT_EQ(d.who.proficiency(asks("vpn", "", ""), 0), 1);
}

TEST(may_take, takes_nobody_who_is_not_there) {
  desk_of d("agent,status,until\na,deleted,\nb,absent,2026-03-03\nc,away,\nd,available,\n",
            R"({"calendars": {"nights": {"time_zone": "UTC", "week": {"mon": ["00:00-06:00"]}}},
          "calendar": "nights"})");
  const demand any = asks("", "", "");
  EXPECT_EQ(d.who.may_take(any, 0), refusal::deleted);
  EXPECT_EQ(d.who.may_take(any, 1), refusal::absent);
  EXPECT_EQ(d.who.may_take(any, 2), refusal::away);
  EXPECT_EQ(d.who.may_take(any, 3), refusal::hours);
  EXPECT_EQ(d.who.sentence(any, 1, refusal::absent), "b is absent until 2026-03-03T00:00:00Z");
  EXPECT_EQ(d.who.sentence(any, 3, refusal::hours), "d is outside the hours of calendar 'nights'");
}

TEST(may_take, counts_units_of_the_channel) {
  desk_of d("agent,channels\na,phone:1;chat:1\n",
            R"({"routing": {"channel_units": {"chat": 0.25, "note": 0}}})");
  EXPECT_EQ(d.who.channel_room(0, "chat"), 4);
  d.who.take(0, "chat");
  EXPECT_EQ(d.who.channel_room(0, "chat"), 3);
  EXPECT_EQ(d.who.share(0, "chat"), 0.25);
  EXPECT_EQ(d.who.share(0, "chat", 2), 0.75);
  EXPECT_EQ(d.who.channel_room(0, "phone"), 1) << "each channel has room of its own";
  d.who.take(0, "phone");
  EXPECT_EQ(d.who.sentence(asks("", "", "phone"), 0, refusal::capacity),
            "a has 1 of 1 units in hand on phone, and it takes 1");
}

TEST(may_take, holds_a_third_three_times) {
  desk_of d("agent,channels\na,chat:1\n",
            R"({"routing": {"channel_units": {"chat": 0.3333333333333333}}})");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(d.who.may_take(asks("", "", "chat"), 0), refusal::none) << i;
    d.who.take(0, "chat");
  }
  EXPECT_EQ(d.who.may_take(asks("", "", "chat"), 0), refusal::capacity);
}

TEST(may_take, has_no_room_on_a_channel_of_capacity_0) {
  desk_of d("agent,channels\na,chat:0\n", R"({"routing": {"channel_units": {"chat": 0}}})");
  EXPECT_EQ(d.who.may_take(asks("", "", "chat"), 0), refusal::capacity);
}

TEST(fit, is_the_sum_of_its_parts) {
  desk_of d("agent,skills,channels\na,vpn:0.5,chat:4\n",
            R"({"routing": {"weights":
                {"skill": 2, "load": 0.8, "relationship": 0.3, "satisfaction": 0.1}}})");
  d.who.take(0, "chat");
  d.who.remember_answers(asks("", "", ""), "zoe; a");
  const fit_parts p = d.who.fit(asks("vpn", "", "chat"), 0);
  EXPECT_EQ(p.skill, 2 * 0.5);
  EXPECT_EQ(p.load, 0.8 * 0.25);
  EXPECT_EQ(p.relationship, 0.3);
  EXPECT_EQ(p.satisfaction, 0) << "nobody rated anybody";
  EXPECT_DOUBLE_EQ(p.fit(), 1 - 0.2 + 0.3);
  demand other = asks("vpn", "", "chat");
  other.customer = "somebody else";
  EXPECT_EQ(d.who.fit(other, 0).relationship, 0);
}

TEST(fit, counts_an_agent_without_limits_by_the_tickets_in_hand) {
  desk_of d("agent,max_tickets\na,\nb,4\n");
  for (int i = 0; i < 10; ++i) d.who.take(0, "");
  EXPECT_EQ(d.who.share(0, ""), 0.5);
  d.who.take(1, "");
  EXPECT_EQ(d.who.share(1, ""), 0.25);
}

TEST(nobody, is_explained_by_the_rule_that_left_nobody) {
  desk_of d(
      "agent,skills,languages,channels,status,max_tickets\n"
      "a,vpn,de,chat:1,,\n"
      "b,vpn,de,chat:1,,\n"
      "c,vpn,de,chat:1,absent,\n"
      "d,vpn,en,chat:1,,\n"
      "e,billing,de,chat:1,,0\n"
      "f,,,,deleted,\n");
  d.who.take(0, "chat");
  d.who.take(1, "chat");
  const auto why = [&](const demand& x) {
    const no_match n = nobody_because(d.who, x);
    return n.code + ": " + n.reason;
  };
  EXPECT_EQ(why(asks("vpn", "de", "chat")),
            "CAPACITY: 4 agents have skill 'vpn', 3 of them speak de, 1 is absent, "
            "2 are at capacity on chat");
  EXPECT_EQ(why(asks("vpn", "fr", "chat")),
            "LANGUAGE: 4 agents have skill 'vpn', none of them speaks fr");
  EXPECT_EQ(why(asks("cars", "", "")), "SKILL: none of 5 agents has skill 'cars'");
  EXPECT_EQ(why(asks("billing", "", "")),
            "MAX_TICKETS: 1 agent has skill 'billing', 1 is at "
            "max_tickets");
  EXPECT_EQ(why(asks("", "", "phone")), "CHANNEL: none of 5 agents works on phone");
  desk_of full("agent,languages,channels\na,de,chat:0\nb,de,chat:0\nc,de,chat:0\nd,en,chat:1\n");
  EXPECT_EQ(nobody_because(full.who, asks("", "de", "chat")).reason,
            "3 agents speak de, all are at capacity on chat");
  desk_of empty("agent,status\na,deleted\n");
  EXPECT_EQ(nobody_because(empty.who, asks("", "", "")).code, "NO_AGENTS");
}

}  // namespace
}  // namespace clv::desk

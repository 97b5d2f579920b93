// Tickets taken back from who will not answer them: the report desk_sweep.
#include <gtest/gtest.h>

#include <string>

#include "features/cells.hpp"
#include "math/random.hpp"
#include "routing_support.hpp"

namespace clv {
namespace {

using test::office;
using test::options;
using test::row_of;
using test::run_report;
using test::table_of;
using test::text;

constexpr const char* noon = R"("as_of": "2026-03-04T12:00Z")";  // a Wednesday

// Office hours, and these rules of rerouting.
std::string desk_sweep_rules(const char* reroute) {
  std::string json = office;
  json.pop_back();
  return json + R"(, "routing": {"reroute": )" + reroute + "}}";
}

outcome sweep(const std::string& log, const char* who, const std::string& with) {
  report_inputs in;
  in.tables["ticket_events"] =
      table_of("ticket,customer,time,kind,agent,automatic\n" + log, "ticket_events");
  in.tables["agents"] = table_of(who, "agents");
  return run_report(desk_sweep_report, in, options(with, noon));
}

// chatwoot#10739: a conversation that was reopened stayed with an agent who was away for good.
TEST(desk_sweep, reroutes_a_reopened_ticket_of_an_absent_agent) {
  const std::string log =
      "T1,ada,2026-03-02T09:00Z,created,,\nT1,ada,2026-03-02T09:01Z,assigned,anna,\n"
      "T1,ada,2026-03-02T09:30Z,message_out,anna,\nT1,ada,2026-03-02T09:31Z,resolved,anna,\n"
      "T1,ada,2026-03-04T11:00Z,message_in,,\n";
  const char* absent = "agent,status,until\nanna,absent,2026-03-09\nbert,,\n";
  const outcome o = sweep(log, absent, desk_sweep_rules("{}"));
  ASSERT_EQ(o.tables.at("")->rows(), 1U) << "without being asked for: it is the default";
  EXPECT_EQ(text(o, "agent"), "anna");
  EXPECT_EQ(text(o, "code"), "REOPENED_ABSENT");
  EXPECT_EQ(text(o, "reason"), "it was reopened and anna is absent until 2026-03-09T00:00:00Z");
  EXPECT_EQ(text(o, "to"), "bert");
  EXPECT_EQ(text(o, "kind", 0, "events"), "assigned");
  EXPECT_EQ(text(o, "agent", 0, "events"), "bert");
  EXPECT_EQ(
      sweep(log, absent, desk_sweep_rules(R"({"reopened_absent": false})")).tables.at("")->rows(),
      0U);
  EXPECT_EQ(
      sweep(log, "agent,status\nanna,\nbert,\n", desk_sweep_rules("{}")).tables.at("")->rows(), 0U);
}

// chatwoot#14508: nobody noticed that an agent did not answer.
TEST(desk_sweep, reroutes_after_a_silence_in_business_time) {
  const auto log = [](const char* message) {
    return "T1,ada,2026-03-02T09:00Z,created,,\nT1,ada,2026-03-02T09:01Z,assigned,anna,\n"
           "T1,ada,2026-03-02T09:30Z,message_out,anna,\nT1,ada," +
           std::string(message) + ",message_in,,\n";
  };
  const char* both = "agent\nanna\nbert\n";
  const std::string with = desk_sweep_rules(R"({"silent": 240})");
  // Tuesday 16:00 to Wednesday 12:00: one hour and three.
  const outcome o = sweep(log("2026-03-03T16:00Z"), both, with);
  ASSERT_EQ(o.tables.at("")->rows(), 1U);
  EXPECT_EQ(text(o, "code"), "SILENT");
  EXPECT_EQ(text(o, "reason"),
            "the customer waits, and anna did nothing for 240 minutes of business time");
  EXPECT_EQ(text(o, "to"), "bert") << "not the one who was silent";
  EXPECT_EQ(sweep(log("2026-03-03T16:01Z"), both, with).tables.at("")->rows(), 0U);
  const outcome alone = sweep(log("2026-03-03T16:00Z"), "agent\nanna\n", with);
  EXPECT_FALSE(alone.tables.at("")->find("to")->present(0));
  EXPECT_EQ(text(alone, "kind", 0, "events"), "unassigned") << "back to the queue";
  EXPECT_EQ(text(alone, "to_reason"), "1 agent fits, 1 had it and did not answer");
}

TEST(desk_sweep, leaves_alone_whose_agent_works_on_it) {
  const std::string log =
      "T1,ada,2026-03-02T09:00Z,created,,\nT1,ada,2026-03-02T09:01Z,assigned,anna,\n"
      "T1,ada,2026-03-04T11:00Z,note,anna,\n"
      "T2,bob,2026-03-02T09:00Z,created,,\nT2,bob,2026-03-04T11:00Z,assigned,anna,\n"
      "T3,cid,2026-03-02T09:00Z,created,,\nT3,cid,2026-03-02T09:01Z,assigned,anna,\n"
      "T3,cid,2026-03-02T09:10Z,message_out,anna,\n"
      "T4,eve,2026-03-02T09:00Z,created,,\nT4,eve,2026-03-02T09:01Z,assigned,anna,\n"
      "T4,eve,2026-03-02T09:10Z,waiting_customer,anna,\n"
      "T5,fay,2026-03-02T09:00Z,created,,\nT5,fay,2026-03-02T09:01Z,assigned,anna,\n"
      "T5,fay,2026-03-04T11:00Z,message_out,anna,1\n";
  const outcome o = sweep(log, "agent\nanna\nbert\n", desk_sweep_rules(R"({"silent": 240})"));
  ASSERT_EQ(o.tables.at("")->rows(), 1U);
  EXPECT_EQ(text(o, "ticket"), "T5")
      << "T1 has a note, T2 was given to her just now, T3's customer does not wait, T4 is paused; "
         "an automatic answer is no sign of anybody";
}

TEST(desk_sweep, takes_everything_from_who_is_deleted_or_unknown) {
  const std::string log =
      "T1,ada,2026-03-04T11:00Z,created,,\nT1,ada,2026-03-04T11:01Z,assigned,gone,\n"
      "T2,bob,2026-03-04T11:00Z,created,,\nT2,bob,2026-03-04T11:01Z,assigned,zoe,\n"
      "T3,cid,2026-03-04T11:00Z,created,,\nT3,cid,2026-03-04T11:01Z,assigned,gone,\n"
      "T3,cid,2026-03-04T11:02Z,waiting_customer,gone,\n"
      "T4,eve,2026-03-04T11:00Z,created,,\nT4,eve,2026-03-04T11:01Z,assigned,gone,\n"
      "T4,eve,2026-03-04T11:02Z,resolved,gone,\n";
  const outcome o = sweep(log, "agent,status\ngone,deleted\nbert,\n", desk_sweep_rules("{}"));
  ASSERT_EQ(o.tables.at("")->rows(), 3U) << "what is resolved stays as it is";
  EXPECT_EQ(text(o, "code", row_of(o, "T1")), "DELETED");
  EXPECT_EQ(text(o, "code", row_of(o, "T2")), "UNKNOWN_AGENT");
  EXPECT_EQ(text(o, "to", row_of(o, "T2")), "bert");
  const std::size_t paused = row_of(o, "T3");
  EXPECT_FALSE(o.tables.at("")->find("to")->present(paused));
  EXPECT_EQ(text(o, "kind", row_of(o, "T3", "ticket", "events"), "events"), "unassigned");
}

// As of the last event, which gave the ticket to who is not there, under an id that counts after
// any that the sweep makes.
TEST(desk_sweep, takes_back_what_was_given_at_this_very_moment) {
  report_inputs in;
  in.tables["ticket_events"] = table_of(
      "ticket,customer,time,kind,agent,event_id\nT1,ada,2026-03-04T11:00Z,created,,e1\n"
      "T1,ada,2026-03-04T12:00Z,assigned,gone,zzz\n",
      "ticket_events");
  in.tables["agents"] = table_of("agent,status\ngone,deleted\nbert,\n", "agents");
  const outcome o = run_report(desk_sweep_report, in, options(desk_sweep_rules("{}"), noon));
  ASSERT_EQ(text(o, "to", row_of(o, "T1")), "bert");
  const auto after = test::appended(*in.tables.at("ticket_events"), *o.tables.at("events"));
  const auto book = desk::read_tickets(after, nullptr, test::at("2026-03-04T12:01Z"));
  EXPECT_EQ(book.find("T1")->agent, "bert");
}

TEST(desk_sweep, takes_from_who_stays_absent_longer_than_the_rules_allow) {
  const std::string log =
      "T1,ada,2026-03-02T09:00Z,created,,\nT1,ada,2026-03-02T09:01Z,assigned,anna,\n";
  const auto rows = [&](const char* until, const char* reroute) {
    const std::string who = "agent,status,until\nanna,absent," + std::string(until) + "\nbert,,\n";
    return sweep(log, who.c_str(), desk_sweep_rules(reroute)).tables.at("")->rows();
  };
  const char* a_day = R"({"absent": 480})";
  EXPECT_EQ(rows("2026-03-05T11:59Z", a_day), 0U) << "5 hours and 2:59";
  EXPECT_EQ(rows("2026-03-05T12:00Z", a_day), 1U);
  EXPECT_EQ(rows("", a_day), 1U) << "nobody knows when";
  EXPECT_EQ(rows("", "{}"), 0U) << "unset is not 0";
  EXPECT_EQ(rows("2026-03-04T12:00Z", a_day), 0U) << "back now";
}

TEST(desk_sweep, says_the_same_once) {
  report_inputs in;
  in.tables["ticket_events"] = table_of(
      "ticket,customer,time,kind,agent\nT1,ada,2026-03-04T11:00Z,created,\n"
      "T1,ada,2026-03-04T11:01Z,assigned,gone\nT2,bob,2026-03-04T11:00Z,created,\n"
      "T2,bob,2026-03-04T11:01Z,assigned,gone\n",
      "ticket_events");
  in.tables["agents"] = table_of("agent,status,max_tickets\ngone,deleted,\nbert,,1\n", "agents");
  const outcome o = run_report(desk_sweep_report, in, options(desk_sweep_rules("{}"), noon));
  EXPECT_EQ(o.tables.at("events")->rows(), 2U) << "one to bert, who has room for one";
  in.tables["ticket_events"] =
      test::appended(*in.tables.at("ticket_events"), *o.tables.at("events"));
  const outcome again = run_report(desk_sweep_report, in, options(desk_sweep_rules("{}"), noon));
  EXPECT_EQ(again.tables.at("")->rows(), 0U);
  EXPECT_EQ(again.tables.at("events")->rows(), 0U);
  // And the one in the queue is given out from there once somebody has room.
  in.tables["agents"] = table_of("agent,status\ngone,deleted\nbert,\n", "agents");
  const outcome given = run_report(desk_assign_report, in, options(desk_sweep_rules("{}"), noon));
  ASSERT_EQ(given.tables.at("events")->rows(), 1U);
  in.tables["ticket_events"] =
      test::appended(*in.tables.at("ticket_events"), *given.tables.at("events"));
  const outcome later =
      run_report(desk_assign_report,
                 in,
                 options(desk_sweep_rules("{}"), R"("as_of": "2026-03-04T12:00:01Z")"));
  EXPECT_EQ(later.tables.at("events")->rows(), 0U) << "it stayed with bert";
}

// Random logs: who is there and did something within the time is never robbed, and nobody who may
// not gets anything.
TEST(desk_sweep, never_moves_what_is_worked_on_and_gives_to_nobody_who_is_gone) {
  std::size_t moved = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    random_source random(seed, 6);
    const auto pick = [&](std::initializer_list<const char*> words) {
      return std::string(words.begin()[random.bits() % words.size()]);
    };
    std::string who = "agent,status\n";
    std::vector<std::string> status;
    for (int a = 0; a < 3; ++a) {
      status.push_back(pick({"", "", "absent", "deleted", "away"}));
      who += "a" + std::to_string(a) + "," + status.back() + "\n";
    }
    std::string log;
    std::vector<bool> busy;
    for (int t = 0; t < 4; ++t) {
      const std::string id = "T" + std::to_string(t),
                        holder = "a" + std::to_string(random.bits() % 3);
      log += id + ",c,2026-03-02T09:00Z,created,,\n" + id + ",c,2026-03-02T10:00Z,assigned," +
             holder + ",\n" + id + ",c,2026-03-03T10:00Z," +
             pick({"message_in", "message_out", "resolved", "note", "pending"}) + ",,\n" + id +
             ",c,2026-03-03T11:00Z,message_in,,\n";
      const bool just_now = random.bits() % 2 == 0;
      if (just_now) {
        log += id + ",c,2026-03-04T11:30Z," + pick({"note", "message_out", "worked"}) + "," +
               holder + ",\n";
      }
      busy.push_back(just_now && status[static_cast<std::size_t>(holder[1] - '0')].empty());
    }
    const outcome o =
        sweep(log,
              who.c_str(),
              desk_sweep_rules(R"({"silent": 60, "absent": 60, "reopened_absent": true})"));
    for (std::size_t row = 0; row < o.tables.at("")->rows(); ++row) {
      const std::string id = text(o, "ticket", row);
      ASSERT_FALSE(busy[static_cast<std::size_t>(id[1] - '0')]) << "seed " << seed << " " << id;
      ++moved;
      if (!o.tables.at("")->find("to")->present(row)) continue;
      const std::string to = text(o, "to", row);
      ASSERT_NE(to, text(o, "agent", row)) << "seed " << seed << " " << id;
      ASSERT_EQ(status[static_cast<std::size_t>(to[1] - '0')], "") << "seed " << seed << " " << id;
    }
  }
  EXPECT_GT(moved, 1000U);
}

}  // namespace
}  // namespace clv

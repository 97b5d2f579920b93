// Report desk_due: what is said, when, and that it is said once. 2 March 2026 is a Monday.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "clock_setup.hpp"
#include "clv/error.hpp"

namespace clv::desk {
namespace {

using test::clock_case;
using test::one_policy;
using lines = std::vector<std::string>;

std::string desk_due_office(const std::string& policy) {
  return one_policy("UTC", test::weekdays(R"("08:00-18:00")"), policy);
}

TEST(desk_due, a_clock_that_runs_warns_and_then_breaches) {
  clock_case c(desk_due_office(R"("first_response":120,"warn_before":[60,15])"));
  c.event("2026-03-02T09:00", "created");
  EXPECT_EQ(c.due("2026-03-02T09:59"), lines{});
  EXPECT_EQ(c.due("2026-03-02T10:00"), (lines{"2026-03-02T10:00 first_response warning"}));
  EXPECT_EQ(c.due("2026-03-02T10:45"),
            (lines{"2026-03-02T10:00 first_response warning",
                   "2026-03-02T10:45 first_response warning"}));
  EXPECT_EQ(c.due("2026-03-02T11:00"), (lines{"2026-03-02T11:00 first_response breach"}));
}

TEST(desk_due, one_that_ended_in_time_was_hit_and_one_that_ended_late_breached_and_was_missed) {
  for (const bool late : {false, true}) {
    clock_case c(desk_due_office(R"("first_response":120,"warn_before":[60])"));
    c.event("2026-03-02T09:00", "created")
        .event(late ? "2026-03-02T11:30" : "2026-03-02T10:30", "message_out");
    EXPECT_EQ(c.due("2026-03-02T12:00"),
              late ? (lines{"2026-03-02T11:00 first_response breach",
                            "2026-03-02T11:30 first_response missed"})
                   : (lines{"2026-03-02T10:00 first_response warning",
                            "2026-03-02T10:30 first_response hit"}));
  }
}

TEST(desk_due, an_answer_before_the_warning_leaves_only_the_hit) {
  clock_case c(desk_due_office(R"("first_response":120,"warn_before":[60])"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T10:00", "message_out");
  EXPECT_EQ(c.due("2026-03-02T12:00"), (lines{"2026-03-02T10:00 first_response hit"}));
}

TEST(desk_due, rows_are_those_of_clock_events_with_all_that_is_known) {
  clock_case c(desk_due_office(R"("first_response":120,"warn_before":[30])"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T09:10", "assigned", {.agent = "ann"})
      .event("2026-03-02T10:40", "assigned", {.agent = "bob"})
      .event("2026-03-02T11:30", "message_out", {.agent = "cyd"});
  const outcome warned = c.run(desk_due_report, "2026-03-02T10:35");
  ASSERT_EQ(warned.tables.at("")->rows(), 1u);
  EXPECT_EQ(test::text(warned, "ticket"), "t1");
  EXPECT_EQ(test::text(warned, "customer"), "cara");
  EXPECT_EQ(test::text(warned, "agent"), "ann");
  EXPECT_EQ(test::text(warned, "policy"), "standard");
  EXPECT_EQ(test::number(warned, "elapsed_minutes"), 90);
  EXPECT_EQ(test::number(warned, "target_minutes"), 120);
  EXPECT_EQ(test::text(warned, "event_id"), "t1/first_response/2026-03-02T09:00:00Z/warning/30");
  const outcome late = c.run(desk_due_report, "2026-03-02T12:00");
  ASSERT_EQ(late.tables.at("")->rows(), 2u);
  EXPECT_EQ(test::text(late, "agent", 0), "bob") << "who had it at the due time";
  EXPECT_EQ(test::text(late, "agent", 1), "cyd") << "who answered";
  EXPECT_EQ(test::number(late, "elapsed_minutes", 0), 120);
  EXPECT_EQ(test::number(late, "elapsed_minutes", 1), 150);
  EXPECT_EQ(test::text(late, "event_id", 1), "t1/first_response/2026-03-02T09:00:00Z/missed");
  const auto& schema = find_schema("clock_events");
  ASSERT_EQ(late.tables.at("")->columns().size(), schema.fields.size());
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    EXPECT_EQ(late.tables.at("")->columns()[i].name(), schema.fields[i].name);
    EXPECT_EQ(late.tables.at("")->columns()[i].kind(), schema.fields[i].kind);
  }
  EXPECT_EQ(desk_due_report.outputs[0].records, "clock_events");
}

TEST(desk_due, what_was_recorded_is_not_said_again) {
  clock_case c(desk_due_office(R"("first_response":120,"resolution":240,"warn_before":[60])"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T10:30", "message_out");
  const outcome said = c.run(desk_due_report, "2026-03-02T14:00");
  EXPECT_EQ(said.tables.at("")->rows(), 3u);
  c.record(said);
  EXPECT_EQ(c.due("2026-03-02T14:00"), lines{});
  EXPECT_EQ(c.due("2026-03-03T14:00"), lines{});
}

TEST(desk_due, a_changed_target_gives_no_second_warning_or_breach_of_the_same_run) {
  clock_case c(desk_due_office(R"("first_response":60,"warn_before":[30])"));
  c.event("2026-03-02T09:00", "created");
  clock_case warned = c;
  warned.record(warned.run(desk_due_report, "2026-03-02T09:45"));
  warned.set_desk(desk_due_office(R"("first_response":120,"warn_before":[30])"));
  EXPECT_EQ(warned.due("2026-03-02T10:45"), lines{});
  c.record(c.run(desk_due_report, "2026-03-02T10:15"));
  c.set_desk(desk_due_office(R"("first_response":120)"));
  EXPECT_EQ(c.clock(clock_kind::first_response, "2026-03-02T10:30").state, clock_state::running);
  EXPECT_EQ(c.due("2026-03-02T12:00"), lines{});
  c.event("2026-03-02T12:30", "message_out");
  EXPECT_EQ(c.due("2026-03-02T13:00"), (lines{"2026-03-02T12:30 first_response missed"}));
}

TEST(desk_due, a_result_that_was_recorded_is_the_last_word_of_its_run) {
  clock_case c(desk_due_office(R"("resolution":240)"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T12:00", "resolved");
  c.record(c.run(desk_due_report, "2026-03-02T12:00"));
  c.set_desk(desk_due_office(R"("resolution":60)"));
  EXPECT_EQ(c.due("2026-03-02T13:00"), lines{});
}

TEST(desk_due, a_warning_waits_while_the_clock_stands_still) {
  clock_case c(desk_due_office(R"("resolution":120,"warn_before":[60])"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T10:30", "pending");
  EXPECT_EQ(c.due("2026-03-02T12:00"), lines{});
  c.event("2026-03-02T13:00", "opened");
  EXPECT_EQ(c.due("2026-03-02T13:10"), (lines{"2026-03-02T10:00 resolution warning"}));
}

TEST(desk_due, a_pause_at_the_moment_of_a_warning_moves_it_behind_the_pause) {
  clock_case c(desk_due_office(R"("resolution":120,"warn_before":[60])"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T10:00", "pending")
      .event("2026-03-02T13:00", "opened");
  EXPECT_EQ(c.due("2026-03-02T13:10"), (lines{"2026-03-02T13:00 resolution warning"}));
}

TEST(desk_due, a_breach_before_a_pause_is_said_in_it) {
  clock_case c(desk_due_office(R"("resolution":60)"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T11:00", "pending");
  EXPECT_EQ(c.due("2026-03-02T12:00"), (lines{"2026-03-02T10:00 resolution breach"}));
}

TEST(desk_due, a_reopened_ticket_breaches_once_and_gets_a_result_for_each_resolution) {
  clock_case c(desk_due_office(R"("resolution":60,"warn_before":[30])"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T11:00", "resolved")
      .event("2026-03-02T12:00", "reopened")
      .event("2026-03-02T13:00", "resolved");
  EXPECT_EQ(c.due("2026-03-02T14:00"),
            (lines{"2026-03-02T10:00 resolution breach",
                   "2026-03-02T11:00 resolution missed",
                   "2026-03-02T13:00 resolution missed"}));
}

TEST(desk_due, a_reopened_ticket_warns_no_second_time_of_what_was_used_before) {
  clock_case c(desk_due_office(R"("resolution":120,"warn_before":[60,15])"));
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T10:30", "resolved")
      .event("2026-03-02T12:00", "reopened");
  EXPECT_EQ(c.due("2026-03-02T12:20"),
            (lines{"2026-03-02T10:00 resolution warning",
                   "2026-03-02T10:30 resolution hit",
                   "2026-03-02T12:15 resolution warning"}));
}

// A log of whole days: created, resolved and reopened at one instant. What is said twice under one
// event_id would be refused by the store, and no other ticket's breach recorded with it.
TEST(desk_due, a_ticket_reopened_at_the_instant_of_its_creation_has_two_results_of_two_names) {
  clock_case c(one_policy("UTC", test::every_day(R"("00:00-24:00")"), R"("resolution":480)"));
  c.event("2026-03-02T00:00", "created").event("2026-03-02T00:00", "resolved");
  c.event("2026-03-02T00:00", "reopened").event("2026-03-02T02:00", "resolved");
  const outcome said = c.run(desk_due_report, "2026-03-03T00:00");
  const std::vector<std::string> two{"2026-03-02T00:00 resolution hit",
                                     "2026-03-02T02:00 resolution hit"};
  EXPECT_EQ(c.lines(said), two);
  const column& ids = *said.tables.at("")->find("event_id");
  EXPECT_NE(ids.text(0), ids.text(1));
  c.record(said);
  EXPECT_TRUE(c.due("2026-03-04T00:00").empty());
}

TEST(desk_due, a_ticket_reopened_at_the_instant_of_its_creation_goes_on_after_its_first_result) {
  clock_case c(one_policy("UTC", test::every_day(R"("00:00-24:00")"), R"("resolution":480)"));
  c.event("2026-03-02T00:00", "created").event("2026-03-02T00:00", "resolved");
  c.event("2026-03-02T00:00", "reopened");
  c.record(c.run(desk_due_report, "2026-03-02T01:00"));
  const std::vector<std::string> late{"2026-03-02T08:00 resolution breach"};
  EXPECT_EQ(c.due("2026-03-02T09:00"), late);
}

TEST(desk_due, a_warning_as_long_as_the_target_is_none) {
  clock_case c(desk_due_office(R"("first_response":60,"warn_before":[90,60])"));
  c.event("2026-03-02T09:00", "created");
  EXPECT_EQ(c.due("2026-03-02T09:30"), lines{});
}

TEST(desk_due, since_leaves_out_old_warnings_and_breaches_but_no_result) {
  clock_case c(desk_due_office(R"("first_response":60,"next_response":60,"warn_before":[30])"));
  c.event("2026-02-02T09:00", "created")
      .event("2026-02-02T12:00", "message_out")
      .event("2026-02-03T09:00", "message_in")
      .event("2026-02-03T09:45", "message_out")
      .event("2026-03-02T09:00", "message_in");
  const outcome o = c.run(desk_due_report, "2026-03-02T11:00", R"("since":"2026-03-01")");
  EXPECT_EQ(c.lines(o),
            (lines{"2026-02-02T12:00 first_response missed",
                   "2026-02-03T09:45 next_response hit",
                   "2026-03-02T10:00 next_response breach"}));
  ASSERT_EQ(o.notes.size(), 1u);
  EXPECT_EQ(o.notes[0].message,
            "1 warnings and 1 breaches before 2026-03-01T00:00:00Z are left out");
}

TEST(desk_due, an_option_that_is_no_instant_and_rules_that_are_none_are_refused_by_name) {
  clock_case c("{}");
  c.event("2026-02-02T09:00", "created");
  const auto complaint = [&](const std::string& options) {
    try {
      c.run(desk_due_report, "2026-03-02T11:00", options);
    } catch (const error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_NE(complaint(R"("since":"yesterday")").find("since"), std::string::npos);
  c.set_desk(R"({"policies":[{"name":"a","lunch":1}]})");
  EXPECT_NE(complaint("").find("lunch"), std::string::npos);
}

TEST(desk_due, rows_set_aside_are_said) {
  clock_case c(desk_due_office(R"("first_response":60)"));
  c.event("2026-03-02T09:00", "created").event("2026-03-02T09:10", "split");
  const outcome o = c.run(desk_due_report, "2026-03-02T09:30");
  ASSERT_EQ(o.notes.size(), 1u);
  EXPECT_NE(o.notes[0].message.find("1 rows of 'ticket_events' are set aside"), std::string::npos)
      << o.notes[0].message;
}

// What was recorded of many answers: their rows one below the other.
class record_book {
 public:
  void add(const outcome& said) {
    const table& t = *said.tables.at("");
    const auto text = [&](const char* name, std::size_t row) {
      return std::string(t.find(name)->text(row));
    };
    const auto time = [&](const char* name, std::size_t row) {
      return format_time(t.find(name)->integers()[row]);
    };
    for (std::size_t row = 0; row < t.rows(); ++row) {
      rows_ += text("ticket", row) + ",cara," + time("time", row) + "," + text("clock", row) + "," +
               text("kind", row) + "," + time("started", row) + "," +
               std::to_string(t.numbers("elapsed_minutes")[row]) + "," +
               std::to_string(t.numbers("target_minutes")[row]) + "\n";
      EXPECT_TRUE(ids_.insert(text("event_id", row)).second)
          << "said twice: " << text("event_id", row);
    }
  }
  outcome as_outcome() const {
    outcome all;
    all.tables[""] = test::table_of(
        "ticket,customer,time,clock,kind,started,elapsed_minutes,target_minutes\n" + rows_,
        "clock_events");
    return all;
  }
  const std::set<std::string>& ids() const { return ids_; }

 private:
  std::string rows_;
  std::set<std::string> ids_;
};

// Asked at many moments and recorded each time, it says what it says when asked once at the end,
// but for warnings that a breach has overtaken by then; and nothing twice.
TEST(desk_due, asked_often_or_once_it_says_the_same_and_nothing_twice) {
  std::mt19937_64 draw(5);
  const std::string desk = desk_due_office(
      R"("first_response":120,"next_response":90,"resolution":600,"warn_before":[60,20])");
  constexpr std::array kinds{"message_in",
                             "message_out",
                             "pending",
                             "waiting_customer",
                             "opened",
                             "resolved",
                             "closed",
                             "reopened",
                             "merged",
                             "split"};
  for (int round = 0; round < 200; ++round) {
    clock_case often(desk), once(desk);
    record_book recorded;
    std::int64_t at = often.at("2026-03-02T07:00");
    for (clock_case* c : {&often, &once}) c->event_at(at, "created", {.ticket = "t0"});
    for (int i = 0; i < 14; ++i) {
      const std::string kind = i == 0 ? "created" : kinds[draw() % kinds.size()];
      for (clock_case* c : {&often, &once}) c->event_at(at, kind, {.into = "t0"});
      at += static_cast<std::int64_t>(1 + draw() % 300) * test::minute;
      recorded.add(often.run(desk_due_report, format_time(at - 1)));
      often.record(recorded.as_outcome());
    }
    std::set<std::string> said = recorded.ids();
    const outcome whole = once.run(desk_due_report, format_time(at - 1));
    for (std::size_t row = 0; row < whole.tables.at("")->rows(); ++row) {
      const std::string id = test::text(whole, "event_id", row);
      EXPECT_EQ(said.erase(id), 1u) << id;
    }
    for (const std::string& left : said) {
      EXPECT_NE(left.find("/warning/"), std::string::npos) << left;
    }
  }
}

}  // namespace
}  // namespace clv::desk

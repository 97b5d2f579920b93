// Report desk_clocks: where clocks stand and how a due time comes about. 2 March 2026 is a Monday.
#include <gtest/gtest.h>

#include "clock_setup.hpp"
#include "clv/error.hpp"

namespace clv::desk {
namespace {

using test::clock_case;
using test::one_policy;
using lines = std::vector<std::string>;

std::string desk_clocks_office(const std::string& policy, const std::string& more = "") {
  return one_policy("Europe/Berlin", test::weekdays(R"("08:00-18:00")"), policy, more);
}

clock_case berlin(const std::string& policy, const std::string& more = "") {
  return clock_case(desk_clocks_office(policy, more), "Europe/Berlin");
}

// "resolution 2026-03-02 10:00-12:00 120 counted" of each row of the explanation.
lines explanation(const clock_case& c, const outcome& o) {
  const table& t = *o.tables.at("explanation");
  lines out;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    out.push_back(std::string(t.find("clock")->text(row)) + " " +
                  std::string(t.find("day")->text(row)) + " " +
                  c.wall(t.find("from")->integers()[row]).substr(11) + "-" +
                  c.wall(t.find("to")->integers()[row]).substr(11) + " " +
                  std::to_string(static_cast<int>(t.numbers("minutes")[row])) + " " +
                  std::string(t.find("reason")->text(row)));
  }
  return out;
}

TEST(desk_clocks, says_where_each_active_clock_stands) {
  clock_case c = berlin(R"("first_response":60,"next_response":120,"resolution":600)");
  c.set_tier("high");
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T09:30", "message_out")
      .event("2026-03-02T11:00", "message_in");
  const outcome o = c.run(desk_clocks_report, "2026-03-02T12:00");
  ASSERT_EQ(o.tables.at("")->rows(), 2u);
  EXPECT_EQ(test::text(o, "clock", 0), "next_response");
  EXPECT_EQ(test::text(o, "clock", 1), "resolution");
  EXPECT_EQ(test::text(o, "state", 0), "running");
  EXPECT_EQ(test::number(o, "active", 0), 1);
  EXPECT_EQ(test::number(o, "elapsed_minutes", 0), 60);
  EXPECT_EQ(test::number(o, "remaining_minutes", 1), 420);
  EXPECT_EQ(test::text(o, "policy", 0), "standard");
  EXPECT_EQ(test::text(o, "calendar", 0), "office");
  EXPECT_EQ(test::text(o, "tier", 0), "high");
  EXPECT_EQ(test::number(o, "frozen", 0), 0);
  EXPECT_EQ(o.tables.at("explanation")->rows(), 0u);
  const outcome all = c.run(desk_clocks_report, "2026-03-02T12:00", R"("active":false)");
  ASSERT_EQ(all.tables.at("")->rows(), 3u);
  EXPECT_EQ(test::text(all, "state", 0), "hit");
}

TEST(desk_clocks, an_explanation_counts_hours_names_days_that_do_not_and_lists_pauses) {
  clock_case c = berlin(R"("resolution":1200)", R"("holidays":{"2026-03-03":"Carnival"})");
  c.event("2026-03-02T15:00", "created")
      .event("2026-03-02T16:00", "pending")
      .event("2026-03-04T09:00", "opened");
  const outcome o = c.explained("2026-03-04T10:00");
  EXPECT_EQ(explanation(c, o),
            (lines{"resolution 2026-03-02 15:00-16:00 60 counted",
                   "resolution 2026-03-02 16:00-09:00 0 stands still: pending",
                   "resolution 2026-03-04 09:00-18:00 540 counted",
                   "resolution 2026-03-05 08:00-18:00 600 counted"}));
  EXPECT_EQ(c.wall(o.tables.at("")->find("due")->integers()[0]), "2026-03-05T18:00");
}

TEST(desk_clocks, the_counted_minutes_of_a_clock_that_runs_sum_to_its_target) {
  clock_case c = berlin(R"("first_response":500,"resolution":6000)",
                        R"("holidays":{"2026-04-03":"Good Friday","2026-04-06":"Easter Monday"})");
  c.event("2026-03-27T15:17", "created")  // the clocks change on the 29th
      .event("2026-03-28T10:00", "waiting_customer")
      .event("2026-03-30T10:00", "opened");
  const outcome o = c.explained("2026-03-30T10:00");
  const table& t = *o.tables.at("explanation");
  double response = 0, resolution = 0;
  for (std::size_t row = 0; row < t.rows(); ++row) {
    const bool first = t.find("clock")->text(row) == "first_response";
    (first ? response : resolution) += t.numbers("minutes")[row];
  }
  EXPECT_EQ(response, 500);
  EXPECT_EQ(resolution, 6000);
}

TEST(desk_clocks, an_explanation_of_a_late_clock_parts_at_the_due_time) {
  clock_case c = berlin(R"("first_response":60)");
  c.event("2026-03-02T09:00", "created").event("2026-03-02T10:30", "message_out");
  EXPECT_EQ(explanation(c, c.explained("2026-03-02T12:00")),
            (lines{"first_response 2026-03-02 09:00-10:00 60 counted",
                   "first_response 2026-03-02 10:00-10:30 30 counted, past the due time"}));
}

TEST(desk_clocks, an_explanation_after_a_reopening_begins_with_what_was_used) {
  clock_case c = berlin(R"("resolution":120)");
  c.event("2026-03-02T09:00", "created")
      .event("2026-03-02T10:00", "resolved")
      .event("2026-03-02T12:00", "reopened");
  EXPECT_EQ(explanation(
                c, c.run(desk_clocks_report, "2026-03-02T12:10", R"("ticket":"t1","active":true)")),
            (lines{"resolution 2026-03-02 12:00-12:00 60 used before it was reopened",
                   "resolution 2026-03-02 12:00-13:00 60 counted"}));
}

TEST(desk_clocks, a_recorded_result_is_shown_as_it_was_and_says_so) {
  clock_case c = berlin(R"("first_response":60)");
  c.event("2026-03-02T09:00", "created").event("2026-03-02T09:30", "message_out");
  c.record(c.run(desk_due_report, "2026-03-02T12:00"));
  c.set_desk("{}");
  const outcome o = c.explained("2026-03-02T12:00");
  EXPECT_EQ(test::number(o, "frozen"), 1);
  EXPECT_EQ(test::text(o, "policy"), "standard");
  EXPECT_TRUE(test::absent(o, "calendar"));
  EXPECT_EQ(explanation(c, o),
            (lines{"first_response 2026-03-02 09:00-09:30 30 as it was recorded at its end: rules "
                   "no longer change it"}));
}

TEST(desk_clocks, a_ticket_without_an_active_clock_is_told_why) {
  const auto why = [](const clock_case& c) {
    const outcome o = c.explained("2026-03-02T12:00");
    return o.notes.empty() ? std::string() : o.notes.back().message;
  };
  clock_case merged = berlin(R"("first_response":60)");
  merged.event("2026-03-02T08:00", "created", {.ticket = "t2"})
      .event("2026-03-02T09:00", "created")
      .event("2026-03-02T09:01", "merged", {.into = "t2"});
  EXPECT_EQ(why(merged), "ticket 't1' has no active clock: it is merged, 't2' goes on");
  clock_case closed = berlin(R"("first_response":60)");
  closed.event("2026-03-02T09:00", "created").event("2026-03-02T09:01", "closed");
  EXPECT_EQ(why(closed), "ticket 't1' has no active clock: it is closed");
  clock_case answered = berlin(R"("first_response":60)");
  answered.event("2026-03-02T09:00", "created").event("2026-03-02T09:01", "message_out");
  EXPECT_EQ(why(answered),
            "ticket 't1' has no active clock: policy 'standard' has no target for what is open");
  clock_case nothing("{}");
  nothing.event("2026-03-02T09:00", "created");
  EXPECT_EQ(why(nothing), "ticket 't1' has no active clock: no policy fits it");
}

TEST(desk_clocks, an_unknown_ticket_is_refused_by_name) {
  clock_case c = berlin(R"("first_response":60)");
  c.event("2026-03-02T09:00", "created");
  try {
    c.run(desk_clocks_report, "2026-03-02T12:00", R"("ticket":"t9")");
    FAIL() << "accepted";
  } catch (const error& e) {
    EXPECT_NE(std::string(e.what()).find("t9"), std::string::npos) << e.what();
  }
}

TEST(desk_clocks, the_order_of_rows_changes_nothing) {
  const std::string head = "ticket,customer,time,kind\n";
  const std::string a = "t1,c,2026-03-02T09:00Z,created\n";
  const std::string b = "t1,c,2026-03-02T10:00Z,message_out\n";
  const std::string d = "t2,c,2026-03-02T09:00Z,created\n";
  const std::string options = R"({"as_of":"2026-03-02T12:00Z","active":false,"desk":)" +
                              desk_clocks_office(R"("first_response":90,"resolution":600)") + "}";
  const auto clocks = [&](const std::string& rows) {
    report_inputs in;
    in.tables["ticket_events"] = test::table_of(head + rows, "ticket_events");
    const outcome o = test::run_report(desk_clocks_report, std::move(in), options);
    std::string all;
    for (std::size_t row = 0; row < o.tables.at("")->rows(); ++row) {
      all += test::text(o, "ticket", row) + test::text(o, "clock", row) +
             test::text(o, "state", row) + std::to_string(test::number(o, "elapsed_minutes", row));
    }
    return all;
  };
  EXPECT_FALSE(clocks(a + b + d).empty());
  EXPECT_EQ(clocks(a + b + d), clocks(d + b + a));
}

}  // namespace
}  // namespace clv::desk

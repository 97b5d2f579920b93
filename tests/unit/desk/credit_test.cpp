// Whom a rating is credited to: reference retention.md 7.3 and 7.4.
#include "desk/care/credit.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "care_tables.hpp"

namespace clv::desk {
namespace {

using test::at;
using test::book_of;

credit credit_of(std::string_view rows, std::string_view answered, std::string_view id = "t1") {
  const ticket_book book = book_of(rows);
  return credited_agent(book, *book.find(id), at(answered));
}

constexpr std::string_view resolved_by_ada =
    "t1,c,2026-03-02T09:00Z,created,,billing,invoice,,,,\n"
    "t1,c,2026-03-02T09:10Z,assigned,ada,billing,,,,,\n"
    "t1,c,2026-03-02T09:30Z,message_out,ada,,,,,,\n"
    "t1,c,2026-03-02T10:00Z,resolved,ada,,,,,,\n";

TEST(credit, is_of_the_agent_who_resolved_and_of_the_words_the_ticket_had_then) {
  const credit c = credit_of(resolved_by_ada, "2026-03-03");
  EXPECT_EQ(c.agent, "ada");
  EXPECT_EQ(c.team, "billing");
  EXPECT_EQ(c.category, "invoice");
  EXPECT_EQ(c.resolved, at("2026-03-02T10:00Z"));
}

// chatwoot#14872, PR#15488: the assignee was read when the rating came; 99.6 % had nobody.
TEST(credit, stays_when_the_ticket_is_unassigned_before_the_rating) {
  const std::string rows =
      std::string(resolved_by_ada) + "t1,c,2026-03-02T11:00Z,unassigned,,,,,,,\n";
  EXPECT_EQ(credit_of(rows, "2026-03-03").agent, "ada");
}

// freescout#2358: the rating was shown for the assignee, not for who had answered.
TEST(credit, stays_when_the_ticket_is_reassigned_before_the_rating) {
  const std::string rows = std::string(resolved_by_ada) +
                           "t1,c,2026-03-02T11:00Z,assigned,bob,returns,,,,,\n"
                           "t1,c,2026-03-02T11:30Z,changed,,,parcel,,,,\n";
  const credit c = credit_of(rows, "2026-03-03");
  EXPECT_EQ(c.agent, "ada");
  EXPECT_EQ(c.team, "billing");
  EXPECT_EQ(c.category, "invoice");
}

TEST(credit, is_of_who_answered_when_the_assignee_did_not) {
  const credit c = credit_of(
      "t1,c,2026-03-02T09:00Z,created,,,,,,,\n"
      "t1,c,2026-03-02T09:10Z,assigned,bob,,,,,,\n"
      "t1,c,2026-03-02T09:30Z,message_out,ada,,,,,,\n"
      "t1,c,2026-03-02T10:00Z,resolved,,,,,,,\n",
      "2026-03-03");
  EXPECT_EQ(c.agent, "ada");
}

TEST(credit, passes_to_the_next_holder_with_the_ticket) {
  const credit c = credit_of(
      "t1,c,2026-03-02T09:00Z,created,,,,,,,\n"
      "t1,c,2026-03-02T09:10Z,assigned,ada,,,,,,\n"
      "t1,c,2026-03-02T09:30Z,message_out,ada,,,,,,\n"
      "t1,c,2026-03-02T09:40Z,assigned,bob,,,,,,\n"
      "t1,c,2026-03-02T10:00Z,resolved,,,,,,,\n",
      "2026-03-03");
  EXPECT_EQ(c.agent, "bob");
}

TEST(credit, of_what_a_rule_resolved_is_not_the_rules) {
  const std::string rows =
      "t1,c,2026-03-02T09:00Z,created,,,,,,,\n"
      "t1,c,2026-03-02T09:10Z,assigned,ada,,,,,,\n"
      "t1,c,2026-03-02T09:30Z,message_out,,,,,,,\n"
      "t1,c,2026-03-02T09:40Z,unassigned,,,,,,,\n"
      "t1,c,2026-03-09T10:00Z,resolved,robot,,,,1,,\n";
  EXPECT_EQ(credit_of(rows, "2026-03-10").agent, "ada");
}

TEST(credit, of_each_answer_is_of_the_resolution_before_it) {
  const std::string rows = std::string(resolved_by_ada) +
                           "t1,c,2026-03-05T09:00Z,message_in,,,,,,,\n"
                           "t1,c,2026-03-05T09:10Z,assigned,bob,returns,,,,,\n"
                           "t1,c,2026-03-05T10:00Z,resolved,bob,,,,,,\n";
  EXPECT_EQ(credit_of(rows, "2026-03-05T09:30Z").agent, "ada");
  EXPECT_EQ(credit_of(rows, "2026-03-05T09:30Z").resolved, at("2026-03-02T10:00Z"));
  EXPECT_EQ(credit_of(rows, "2026-03-05T10:00Z").agent, "bob");
  EXPECT_EQ(credit_of(rows, "2026-03-06").resolved, at("2026-03-05T10:00Z"));
}

TEST(credit, before_any_resolution_is_of_who_answered_last) {
  const credit c = credit_of(resolved_by_ada, "2026-03-02T09:45Z");
  EXPECT_EQ(c.agent, "ada");
  EXPECT_FALSE(c.resolved.has_value());
  EXPECT_EQ(credit_of(resolved_by_ada, "2026-03-02T09:05Z").agent, "");
}

TEST(credit, of_a_merged_ticket_is_of_the_one_it_went_into) {
  const std::string rows = std::string(resolved_by_ada) +
                           "t2,c,2026-03-02T09:05Z,created,,,,,,,\n"
                           "t2,c,2026-03-02T09:06Z,assigned,bob,,,,,,\n"
                           "t2,c,2026-03-02T09:20Z,merged,,,,,,t1,\n";
  EXPECT_EQ(credit_of(rows, "2026-03-03", "t2").agent, "ada");
  EXPECT_EQ(credit_of(rows, "2026-03-02T09:15Z", "t2").agent, "bob");
}

TEST(credit, of_a_split_ticket_is_its_own_again) {
  const std::string rows = std::string(resolved_by_ada) +
                           "t2,c,2026-03-02T09:05Z,created,,,,,,,\n"
                           "t2,c,2026-03-02T09:06Z,assigned,bob,,,,,,\n"
                           "t2,c,2026-03-02T09:20Z,merged,,,,,,t1,\n"
                           "t2,c,2026-03-02T12:00Z,split,,,,,,,\n"
                           "t2,c,2026-03-02T13:00Z,resolved,bob,,,,,,\n";
  EXPECT_EQ(credit_of(rows, "2026-03-03", "t2").agent, "bob");
}

TEST(resolutions, close_after_resolve_is_one_and_close_alone_is_one) {
  const ticket_book book = book_of(
      "t1,c,2026-03-02T09:00Z,created,,,,,,,\n"
      "t1,c,2026-03-02T10:00Z,resolved,ada,,,,,,\n"
      "t1,c,2026-03-02T10:05Z,resolved,ada,,,,,,\n"
      "t1,c,2026-03-02T11:00Z,closed,,,,,1,,\n"
      "t2,c,2026-03-02T09:00Z,created,,,,,,,\n"
      "t2,c,2026-03-02T10:00Z,closed,ada,,,,1,,\n");
  const auto first = resolutions_of(*book.find("t1"));
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].time, at("2026-03-02T10:00Z"));
  EXPECT_FALSE(first[0].automatic);
  EXPECT_TRUE(first[0].last);
  const auto second = resolutions_of(*book.find("t2"));
  ASSERT_EQ(second.size(), 1U);
  EXPECT_TRUE(second[0].automatic);
}

TEST(resolutions, of_a_reopened_ticket_do_not_stand) {
  const std::string rows =
      std::string(resolved_by_ada) + "t1,c,2026-03-05T09:00Z,message_in,,,,,,,\n";
  const ticket_book open = book_of(rows);
  ASSERT_EQ(resolutions_of(*open.find("t1")).size(), 1U);
  EXPECT_FALSE(resolutions_of(*open.find("t1"))[0].last);
  const ticket_book again = book_of(rows + "t1,c,2026-03-05T10:00Z,resolved,bob,,,,,,\n");
  const auto both = resolutions_of(*again.find("t1"));
  ASSERT_EQ(both.size(), 2U);
  EXPECT_FALSE(both[0].last);
  EXPECT_TRUE(both[1].last);
}

TEST(holder, is_who_had_the_ticket_at_that_moment) {
  const ticket_book book = book_of(std::string(resolved_by_ada) +
                                   "t1,c,2026-03-02T11:00Z,unassigned,,,,,,,\n"
                                   "t1,c,2026-03-02T12:00Z,assigned,bob,,,,,,\n");
  const ticket& t = *book.find("t1");
  EXPECT_EQ(holder_at(book, t, at("2026-03-02T09:05Z")).agent, "");
  EXPECT_EQ(holder_at(book, t, at("2026-03-02T10:30Z")).agent, "ada");
  EXPECT_EQ(holder_at(book, t, at("2026-03-02T11:30Z")).agent, "");
  EXPECT_EQ(holder_at(book, t, at("2026-03-02T12:00Z")).agent, "bob");
  EXPECT_EQ(holder_at(book, t, at("2026-03-02T12:00Z")).team, "billing");
}

// Any log of three tickets, one event a minute; moves that are not allowed are set aside.
std::string random_log(std::mt19937_64& random, int events) {
  constexpr std::array kinds{"assigned",
                             "unassigned",
                             "message_out",
                             "message_in",
                             "resolved",
                             "closed",
                             "reopened",
                             "changed",
                             "merged",
                             "split"};
  constexpr std::array people{"ada", "bob", "eve"};
  const auto pick = [&](const auto& of) { return std::string(of[random() % of.size()]); };
  std::string rows;
  for (int i = 0; i < events; ++i) {
    const std::string ticket = "t" + std::to_string(1 + random() % 3);
    const std::string kind = i < 3 ? "created" : pick(kinds);
    const std::string id = i < 3 ? "t" + std::to_string(1 + i) : ticket;
    const bool names = kind == "assigned" || random() % 2 == 0;
    rows += id + ",c," + format_time(at("2026-03-02") + i * 60 * us_per_second) + "," + kind + "," +
            (names ? pick(people) : "") + ",team" + std::to_string(random() % 2) + ",,," +
            (random() % 4 == 0 ? "1" : "") + "," +
            (kind == "merged" ? "t" + std::to_string(1 + random() % 3) : "") + ",\n";
  }
  return rows;
}

// Frozen: what is credited at the moment of the answer is credited for ever, whatever happens to
// the tickets afterwards.
TEST(credit, is_never_moved_by_what_happens_after_the_answer) {
  std::mt19937_64 random(20260302);
  int credited = 0;
  for (int run = 0; run < 300; ++run) {
    const std::string rows = random_log(random, 40);
    const std::int64_t answered =
        at("2026-03-02") + static_cast<std::int64_t>(3 + random() % 36) * 60 * us_per_second;
    const ticket_book then = book_of(rows, format_time(answered)), now = book_of(rows);
    for (const ticket& t : then.tickets) {
      const credit a = credited_agent(then, t, answered);
      const credit b = credited_agent(now, *now.find(t.id), answered);
      EXPECT_EQ(a.agent, b.agent) << run << " " << t.id << "\n" << rows;
      EXPECT_EQ(a.team, b.team) << run << " " << t.id;
      EXPECT_EQ(a.resolved, b.resolved) << run << " " << t.id;
      credited += a.agent.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(credited, 300);  // the logs are not empty of what this is about
}

TEST(answers, keep_the_agent_they_name_and_are_credited_where_they_name_none) {
  const ticket_book book = book_of(resolved_by_ada);
  const auto rows = test::feedback_of(
      "c,2026-03-03,CSAT,5,t1,,a1\n"
      "c,2026-03-04,csat,1,t1,zoe,a2\n"
      "c,2026-03-05,NPS,7,,,a3\n"
      "c,2026-03-06,CES,7,gone,eve,a4\n");
  const auto all = read_answers(*rows, book, identity_map(), at("2026-03-31"));
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].about.agent, "ada");
  EXPECT_EQ(all[0].satisfaction, 1.0);
  EXPECT_EQ(all[1].about.agent, "zoe");
  EXPECT_EQ(all[1].about.team, "billing");
  EXPECT_EQ(all[1].kind, "CSAT");
  EXPECT_TRUE(all[1].complaint);
  EXPECT_EQ(all[2].about.agent, "");
  EXPECT_EQ(all[3].about.agent, "eve");
}

TEST(answers, of_the_future_and_those_that_come_again_are_left_out) {
  const ticket_book book = book_of(resolved_by_ada);
  const auto rows = test::feedback_of(
      "c,2026-03-03,CSAT,5,t1,,a1\n"
      "c,2026-03-03,CSAT,5,t1,,a1\n"
      "c,2026-05-03,CSAT,5,t1,,a2\n");
  EXPECT_EQ(read_answers(*rows, book, identity_map(), at("2026-03-31")).size(), 1U);
}

TEST(answers, are_of_the_customer_behind_the_address) {
  const ticket_book book = book_of(resolved_by_ada);
  const auto links = test::identities_of("c,mail:c@x.org,2026-01-01,1\n");
  const auto rows = test::feedback_of("mail:c@x.org,2026-03-03,CSAT,5,t1,,a1\n");
  const auto all =
      read_answers(*rows, book, identity_map(*links, at("2026-03-31")), at("2026-03-31"));
  EXPECT_EQ(all.at(0).customer, "c");
  EXPECT_EQ(all.at(0).said_by, "mail:c@x.org");
}

TEST(answers, with_an_impossible_score_or_kind_are_refused_by_row) {
  const ticket_book book = book_of(resolved_by_ada);
  const auto told = [&](std::string_view row) {
    return test::complaint_of(
        [&] { read_answers(*test::feedback_of(row), book, identity_map(), at("2026-03-31")); });
  };
  const std::string high = told("c,2026-03-03,CSAT,5,t1,,a1\nc,2026-03-03,CSAT,6,t1,,a2\n");
  EXPECT_NE(high.find("row 2"), std::string::npos) << high;
  EXPECT_NE(high.find("6 is outside the scale of CSAT"), std::string::npos) << high;
  const std::string odd = told("c,2026-03-03,smile,5,t1,,a1\n");
  EXPECT_NE(odd.find("'smile' is not a kind of feedback"), std::string::npos) << odd;
}

}  // namespace
}  // namespace clv::desk

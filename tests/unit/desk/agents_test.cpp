// Who can answer, as the table of agents says it.
#include "desk/routing/agents.hpp"

#include "routing_support.hpp"

namespace clv::desk {
namespace {

using test::agents_of;
using test::at;
using test::complaint_of;

TEST(agents, are_read_with_what_they_can_and_in_the_order_of_their_ids) {
  const auto all = agents_of(
      "agent,team,skills,languages,channels,max_tickets,cost_hour\n"
      "bert,B,,,,,\n"
      "anna,A,billing:0.9; network,en;de,phone:1;chat:2.5,7,30.50\n");
  ASSERT_EQ(all.size(), 2U);
  const agent& anna = all[0];
  EXPECT_EQ(anna.id, "anna");
  EXPECT_EQ(anna.team, "A");
  EXPECT_EQ(anna.skills.at("billing"), 0.9);
  EXPECT_EQ(anna.skills.at("network"), 1) << "without a number: fully";
  EXPECT_EQ(anna.languages, (std::vector<std::string>{"en", "de"}));
  EXPECT_EQ(anna.channels.at("chat"), 2.5);
  EXPECT_EQ(anna.max_tickets, 7);
  EXPECT_EQ(anna.cost_hour, 30.5) << "major units";
  const agent& bert = all[1];
  EXPECT_TRUE(bert.skills.empty() && bert.languages.empty() && bert.channels.empty());
  EXPECT_FALSE(bert.max_tickets) << "unset is not 0";
  EXPECT_EQ(bert.status, "available");
}

TEST(agents, are_there_by_status_and_hours) {
  const auto desk = read_desk_policy(test::office);
  const auto all = agents_of(
      "agent,status,until,calendar\n"
      "a,available,,office\n"
      "b,away,2026-03-02T12:00Z,office\n"
      "c,absent,,office\n"
      "d,deleted,2026-01-01,office\n",
      test::office);
  const auto noon = at("2026-03-02T12:00Z");  // a Monday
  const auto present = [&](std::size_t i, std::int64_t now) { return all[i].present(now, desk); };
  EXPECT_TRUE(present(0, noon));
  EXPECT_FALSE(present(0, at("2026-03-02T17:00Z"))) << "the end is outside";
  EXPECT_FALSE(present(0, at("2026-03-01T12:00Z"))) << "a Sunday";
  EXPECT_FALSE(present(1, noon - 1));
  EXPECT_TRUE(present(1, noon)) << "until is the first moment after";
  EXPECT_FALSE(present(2, noon));
  EXPECT_FALSE(present(3, noon)) << "a deleted one does not come back";
  EXPECT_EQ(all[1].status_at(noon), "available");
  EXPECT_EQ(all[3].status_at(noon), "deleted");
}

TEST(agents, that_make_no_sense_are_refused_by_row_column_and_value) {
  const auto says = [](std::string_view csv) { return complaint_of([&] { agents_of(csv); }); };
  const auto expect = [&](std::string_view csv, std::string_view column, std::string_view value) {
    const std::string text = says(csv);
    EXPECT_NE(text.find("row 2"), std::string::npos) << text;
    EXPECT_NE(text.find("'" + std::string(column) + "'"), std::string::npos) << text;
    EXPECT_NE(text.find(value), std::string::npos) << text;
  };
  expect("agent,skills\na,x:1\nb,x:1.5\n", "skills", "x:1.5");
  expect("agent,skills\na,x:1\nb,x:0\n", "skills", "x:0");
  expect("agent,skills\na,x:1\nb,x;x\n", "skills", "names it before");
  expect("agent,channels\na,chat:1\nb,chat\n", "channels", "chat");
  expect("agent,channels\na,chat:1\nb,chat:-1\n", "channels", "chat:-1");
  expect("agent,calendar\na,\nb,night\n", "calendar", "night");
  expect("agent,status\na,\nb,asleep\n", "status", "asleep");
  expect("agent,max_tickets\na,1\nb,-1\n", "max_tickets", "-1");
  expect("agent,team\na,1\na,2\n", "agent", "twice");
}

}  // namespace
}  // namespace clv::desk

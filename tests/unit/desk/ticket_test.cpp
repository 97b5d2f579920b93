// The moves of a ticket: every row of sdk/DESK.md, Tickets.
#include "desk/tickets/ticket.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace clv::desk {
namespace {

using enum ticket_status;
using kind = event_kind;

constexpr std::array statuses{
    fresh, open, pending, waiting_customer, resolved, closed, reopened, merged};

TEST(ticket_moves, words_and_names_agree_in_both_directions) {
  for (std::size_t i = 0; i < event_names.size(); ++i) {
    EXPECT_EQ(find_event_kind(event_names[i]), static_cast<kind>(i));
  }
  EXPECT_EQ(find_event_kind("Created"), std::nullopt);
  EXPECT_EQ(find_event_kind(""), std::nullopt);
}

TEST(ticket_moves, are_those_of_the_table_and_no_others) {
  const std::set<ticket_status> working{fresh, open, pending, waiting_customer, reopened};
  const std::vector<std::pair<kind, ticket_status>> asked{
      {kind::opened, open},
      {kind::pending, pending},
      {kind::waiting_customer, waiting_customer},
      {kind::resolved, resolved},
      {kind::closed, closed},
      {kind::reopened, reopened},
      {kind::merged, merged}};
  for (const ticket_status from : statuses) {
    std::set<ticket_status> reached{from};  // staying changes nothing
    if (working.contains(from)) {
      reached.insert({open, pending, waiting_customer, resolved, closed, merged});
    }
    if (from == resolved) reached.insert({closed, reopened, merged});
    if (from == closed) reached.insert(reopened);
    for (const auto& [what, to] : asked) {
      const auto expected = reached.contains(to) ? std::optional(to) : std::nullopt;
      EXPECT_EQ(move(from, what, false, fresh), expected)
          << status_names[static_cast<std::size_t>(from)] << " "
          << event_names[static_cast<std::size_t>(what)];
      EXPECT_EQ(move(from, what, true, fresh), expected) << "a rule may do what a person may";
    }
  }
}

TEST(ticket_moves, messages_move_only_what_waits_for_them) {
  const auto in = [](ticket_status from) { return *move(from, kind::message_in, false, fresh); };
  EXPECT_EQ(in(fresh), fresh);
  EXPECT_EQ(in(open), open);
  EXPECT_EQ(in(pending), open);
  EXPECT_EQ(in(waiting_customer), open);
  EXPECT_EQ(in(resolved), reopened);
  EXPECT_EQ(in(closed), reopened);
  EXPECT_EQ(in(reopened), reopened);
  for (const ticket_status from : statuses) {
    EXPECT_EQ(move(from, kind::message_in, true, fresh), from) << "out of office";
    EXPECT_EQ(move(from, kind::message_out, true, fresh), from) << "we have received your mail";
    EXPECT_EQ(move(from, kind::message_out, false, fresh), from == fresh ? open : from);
  }
}

TEST(ticket_moves, what_says_nothing_of_the_state_leaves_it) {
  for (const kind what : {kind::note,
                          kind::assigned,
                          kind::unassigned,
                          kind::changed,
                          kind::worked,
                          kind::survey_sent}) {
    for (const ticket_status from : statuses) EXPECT_EQ(move(from, what, false, fresh), from);
  }
}

TEST(ticket_moves, a_split_takes_back_a_merge_and_nothing_else) {
  for (const ticket_status before : statuses) {
    EXPECT_EQ(move(merged, kind::split, false, before), before);
    if (before != merged) {
      EXPECT_EQ(move(before, kind::split, false, open), std::nullopt);
    }
  }
}

TEST(ticket_moves, only_what_is_new_is_created) {
  for (const ticket_status from : statuses) {
    EXPECT_EQ(move(from, kind::created, false, fresh),
              from == fresh ? std::optional(fresh) : std::nullopt);
  }
}

}  // namespace
}  // namespace clv::desk

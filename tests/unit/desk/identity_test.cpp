// Who is who: links between addresses that can be taken back.
#include "desk/tickets/identity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "desk/tickets/ticket.hpp"
#include "support/reports.hpp"

namespace clv::desk {
namespace {

std::int64_t at(std::string_view text) {
  return *parse_time(text, zone("UTC"));
}

std::shared_ptr<const table> links(const std::string& rows) {
  return test::table_of("customer,identity,time,kind,linked,event_id\n" + rows, "identities");
}

std::string customer_of(std::string_view id,
                        const std::string& rows,
                        std::string_view as_of = "2027-01-01") {
  const identity_map map(*links(rows), at(as_of));
  return std::string(map.customer_of(id));
}

std::string complaint(const std::string& rows) {
  try {
    customer_of("x", rows);
  } catch (const error& e) {
    EXPECT_EQ(e.details().code, status::data);
    return e.what();
  }
  return "";
}

TEST(identities, an_address_is_its_customer_and_a_stranger_is_himself) {
  const std::string rows = "c,c@example.org,2026-01-01,email,1,\n";
  EXPECT_EQ(customer_of("c@example.org", rows), "c");
  EXPECT_EQ(customer_of("c", rows), "c");
  EXPECT_EQ(customer_of("d@example.org", rows), "d@example.org");
  EXPECT_EQ(identity_map().customer_of("x"), "x");
}

TEST(identities, a_chain_is_followed_to_its_end) {
  const std::string rows =
      "b,a,2026-01-01,,1,\n"
      "c,b,2026-01-02,,1,\n"
      "d,c,2026-01-03,,1,\n";
  EXPECT_EQ(customer_of("a", rows), "d");
  EXPECT_EQ(customer_of("b", rows), "d");
  EXPECT_EQ(customer_of("a", rows, "2026-01-02"), "c") << "as it is known then";
  EXPECT_EQ(customer_of("a", rows, "2025-12-31"), "a");
}

TEST(identities, a_link_taken_back_is_as_if_it_had_never_been) {
  const std::string rows =
      "c,a,2026-01-01,,1,e1\n"
      "c,a,2026-02-01,,0,e2\n";
  EXPECT_EQ(customer_of("a", rows, "2026-01-31"), "c");
  EXPECT_EQ(customer_of("a", rows, "2026-02-01"), "a");
  EXPECT_EQ(customer_of("a", rows + "c,a,2026-03-01,,1,e3\n"), "c") << "and it may be made again";
}

TEST(identities, taking_back_wins_over_a_link_of_the_same_instant) {
  EXPECT_EQ(customer_of("a", "c,a,2026-01-01,,0,\nc,a,2026-01-01,,1,\n"), "a");
  EXPECT_EQ(customer_of("a", "c,a,2026-01-01,,1,\nc,a,2026-01-01,,0,\n"), "a");
}

TEST(identities, an_address_of_two_customers_is_of_the_one_linked_last) {
  const std::string rows =
      "c,a,2026-01-01,,1,\n"
      "d,a,2026-02-01,,1,\n";
  EXPECT_EQ(customer_of("a", rows), "d");
  EXPECT_EQ(customer_of("a", rows + "d,a,2026-03-01,,0,\n"), "c") << "the older link still stands";
}

TEST(identities, a_circle_is_refused_by_its_row) {
  EXPECT_EQ(complaint("b,a,2026-01-01,,1,\na,b,2026-01-02,,1,\n"),
            "row 1, column 'identity': 'a' is linked to 'b' and, by other links, that to it");
  EXPECT_EQ(complaint("b,a,2026-01-01,,1,\na,b,2026-01-02,,1,\na,b,2026-01-03,,0,\n"), "");
  EXPECT_EQ(complaint("a,a,2026-01-01,,1,\n"), "") << "oneself is no circle";
}

TEST(identities, names_row_column_and_value) {
  EXPECT_EQ(complaint("c,a,2026-01-01,,1,\nc,a,2026-01-01,,2,\n"),
            "row 2, column 'linked': 2 is neither 1 nor 0");
}

TEST(identities, the_order_of_rows_changes_nothing) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::string> rows;
    for (int i = 0; i < 30; ++i) {  // links lead to higher numbers: no circles
      const auto low = random() % 8;
      rows.push_back("c" + std::to_string(low + 1 + random() % 3) + ",c" + std::to_string(low) +
                     ",2026-01-0" + std::to_string(1 + random() % 3) + ",," +
                     std::to_string(random() % 2) + ",\n");
    }
    const auto told = [&] {
      std::string text, answer;
      for (const std::string& row : rows) text += row;
      for (int i = 0; i < 12; ++i) answer += customer_of("c" + std::to_string(i), text) + " ";
      return answer;
    };
    const std::string first = told();
    std::shuffle(rows.begin(), rows.end(), random);
    EXPECT_EQ(told(), first);
  }
}

// One customer by phone, mail, chat and social media.
TEST(identities, four_channels_are_one_customer_until_a_link_is_taken_back) {
  const auto events = test::table_of(
      "ticket,customer,time,kind,channel\n"
      "T1,+4930123,2026-03-01T09:00Z,created,phone\n"
      "T2,eva@example.org,2026-03-02T09:00Z,created,email\n"
      "T3,visitor-77,2026-03-03T09:00Z,created,chat\n"
      "T4,@eva,2026-03-04T09:00Z,created,social\n",
      "ticket_events");
  const std::string rows =
      "eva,+4930123,2026-03-05,phone,1,\n"
      "eva,eva@example.org,2026-03-05,email,1,\n"
      "eva@example.org,visitor-77,2026-03-05,chat,1,\n"
      "eva,@eva,2026-03-05,social,1,\n";
  const auto customers = [&](const std::string& more, std::string_view as_of) {
    std::vector<std::string> all;
    const auto table = links(rows + more);
    for (const ticket& t : read_tickets(events, table.get(), at(as_of)).tickets) {
      all.push_back(t.customer);
    }
    return all;
  };
  EXPECT_EQ(customers("", "2026-03-06"), std::vector<std::string>(4, "eva"));
  EXPECT_EQ(customers("", "2026-03-04T10:00Z"),
            (std::vector<std::string>{"+4930123", "eva@example.org", "visitor-77", "@eva"}));
  EXPECT_EQ(customers("eva,eva@example.org,2026-03-07,email,0,\n", "2026-03-08"),
            (std::vector<std::string>{"eva", "eva@example.org", "eva@example.org", "eva"}));
}

}  // namespace
}  // namespace clv::desk

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clv/decide.hpp"
#include "market_of_one.hpp"

namespace clv {
namespace {

// Proposes whatever `act` pushes; remembers the blocks it was asked about.
class scripted : public proposer {
 public:
  using script = std::function<void(const table&, std::size_t, std::size_t, table&, issues&)>;
  scripted(std::string id, script act) : id_(std::move(id)), act_(std::move(act)) {}
  std::string_view id() const override { return id_; }
  void propose(const table& customers,
               std::size_t first,
               std::size_t last,
               table& proposals,
               issues& notes) override {
    blocks.emplace_back(first, last);
    act_(customers, first, last, proposals, notes);
  }
  std::vector<std::pair<std::size_t, std::size_t>> blocks;

 private:
  std::string id_;
  script act_;
};

void push(table& to, std::size_t row, std::string_view plugin, std::string_view action) {
  to.find("row")->push(static_cast<std::int64_t>(row));
  to.find("plugin")->push(plugin);
  to.find("action")->push(action);
  for (const char* name : {"channel", "reason"}) to.find(name)->push(std::string_view("text"));
  for (const char* name : {"effect_mean", "effect_sd"}) to.find(name)->push(.01);
  for (const char* name : {"benefit", "contact_cost"}) to.find(name)->push(std::int64_t{5});
}

std::shared_ptr<const table> customers(std::size_t n) {
  std::vector<test::customer_row> rows;
  for (std::size_t i = 0; i < n; ++i) rows.push_back({.id = "c" + std::to_string(i)});
  return test::scores_of(rows);
}

std::vector<std::string> actions(const table& t) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    all.push_back(std::string(t.find("customer")->text(i)) + ":" +
                  std::string(t.find("action")->text(i)));
  }
  return all;
}

TEST(propose, orders_by_proposer_then_by_row_and_names_the_customer) {
  scripted backwards("b",
                     [](const table&, std::size_t first, std::size_t last, table& to, issues&) {
                       for (std::size_t row = last; row-- > first;) push(to, row, "b", "x");
                       push(to, first, "b", "y");
                     });
  scripted one("a", [](const table&, std::size_t, std::size_t, table& to, issues&) {
    push(to, 1, "a", "z");
  });
  job j = propose(customers(3), {&backwards, &one});
  j.run();
  const table& made = *j.result().tables.at("");
  EXPECT_EQ(actions(made), (std::vector<std::string>{"c0:x", "c0:y", "c1:x", "c2:x", "c1:z"}));
  EXPECT_EQ(made.find("benefit")->unit(), "EUR");
  EXPECT_FALSE(made.find("response_value")->present(0));
}

TEST(propose, asks_in_blocks_that_cover_every_row_once) {
  scripted quiet("q", [](const table&, std::size_t, std::size_t, table&, issues&) {});
  job j = propose(customers(10'000), {&quiet});
  j.run();
  std::size_t next = 0;
  for (const auto& [first, last] : quiet.blocks) {
    EXPECT_EQ(first, next);
    EXPECT_LT(first, last);
    next = last;
  }
  EXPECT_EQ(next, 10'000U);
  EXPECT_GT(quiet.blocks.size(), 1U);
}

TEST(propose, about_nobody_or_by_nobody_gives_an_empty_table) {
  scripted quiet("q", [](const table&, std::size_t, std::size_t, table&, issues&) {});
  job nobody = propose(customers(0), {&quiet});
  nobody.run();
  EXPECT_EQ(nobody.result().tables.at("")->rows(), 0U);
  job by_nobody = propose(customers(3), {});
  by_nobody.run();
  EXPECT_EQ(by_nobody.result().tables.at("")->rows(), 0U);
  EXPECT_NE(by_nobody.result().tables.at("")->find("row"), nullptr);
}

TEST(propose, drops_everything_of_a_proposer_that_failed_and_goes_on_with_the_others) {
  scripted broken("b", [](const table&, std::size_t first, std::size_t, table& to, issues& notes) {
    push(to, first, "b", "x");
    if (first > 0) notes.push_back({.code = status::plugin, .message = "broken", .plugin = "b"});
  });
  scripted fine("f", [](const table&, std::size_t first, std::size_t, table& to, issues&) {
    push(to, first, "f", "y");
  });
  job j = propose(customers(20'000), {&broken, &fine});
  j.run();
  const table& made = *j.result().tables.at("");
  ASSERT_EQ(made.rows(), fine.blocks.size());
  EXPECT_EQ(made.find("plugin")->text(0), "f");
  EXPECT_EQ(broken.blocks.size(), 2U);  // not asked again
  ASSERT_EQ(j.result().notes.size(), 1U);
}

TEST(propose, turns_an_exception_into_a_note) {
  scripted throwing("t", [](const table&, std::size_t, std::size_t, table&, issues&) {
    throw std::runtime_error("out of ideas");
  });
  job j = propose(customers(2), {&throwing});
  j.run();
  ASSERT_EQ(j.result().notes.size(), 1U);
  EXPECT_EQ(j.result().notes[0].plugin, "t");
  EXPECT_NE(j.result().notes[0].message.find("out of ideas"), std::string::npos);
}

TEST(propose, keeps_warnings_and_the_proposals_they_came_with) {
  scripted chatty("c", [](const table&, std::size_t, std::size_t, table& to, issues& notes) {
    push(to, 0, "c", "x");
    notes.push_back({.code = status::ok, .level = log_level::warn, .message = "hm"});
  });
  job j = propose(customers(1), {&chatty});
  j.run();
  EXPECT_EQ(j.result().tables.at("")->rows(), 1U);
  EXPECT_EQ(j.result().notes.size(), 1U);
}

}  // namespace
}  // namespace clv

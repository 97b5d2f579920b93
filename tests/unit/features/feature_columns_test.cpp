// The columns that makers of features add to a table.
#include "features/feature_columns.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace clv {
namespace {

// Makes column `name`: the row's number times `times`, odd rows absent; fails as it is told.
class counting_maker final : public feature_maker {
 public:
  enum class fault { none, note, exception, cancelled };
  counting_maker(const std::string& column, double times, fault how = fault::none)
      : names_{column}, times_(times), how_(how) {}
  std::string_view id() const override { return "counting"; }
  std::span<const std::string> features() const override { return names_; }
  void make(
      const table&, std::size_t first, std::size_t last, table& made, issues& notes) override {
    ++calls;
    const bool late = last > 5000;
    if (late && how_ == fault::exception) throw std::runtime_error("the disk is full");
    if (late && how_ == fault::cancelled) throw error(status::cancelled, "stop");
    if (late && how_ == fault::note) {
      notes.push_back({.code = status::plugin, .message = "no more"});
      return;
    }
    column& to = made.columns().front();
    for (std::size_t row = first; row < last; ++row) {
      row % 2 == 1 ? to.push_absent() : to.push(times_ * static_cast<double>(row));
      if (row + 1 == last - 1) return;  // the last one of a block is left out
    }
  }
  int calls = 0;

 private:
  std::vector<std::string> names_;
  double times_;
  fault how_;
};

std::shared_ptr<const table> customers(std::size_t rows) {
  auto t = std::make_shared<table>();
  column& id = t->add("customer", type::utf8);
  for (std::size_t row = 0; row < rows; ++row) id.push(std::string_view(std::to_string(row)));
  t->seal("customers");
  return t;
}

outcome run(std::shared_ptr<const table> of, std::vector<feature_maker*> makers) {
  job work = make_features(std::move(of), std::move(makers));
  work.run();
  return work.result();
}

TEST(feature_columns, are_row_for_row_with_what_was_left_out_absent) {
  counting_maker one("feature.one", 1), two("feature.two", 2);
  const outcome made = run(customers(9000), {&one, &two});
  const table& t = *made.tables.at("");
  ASSERT_EQ(t.columns().size(), 3U);
  for (const column& c : t.columns()) EXPECT_EQ(c.size(), 9000U) << c.name();
  EXPECT_EQ(t.numbers("feature.two")[8000], 16000);
  EXPECT_FALSE(t.find("feature.two")->present(8001));
  EXPECT_FALSE(t.find("feature.two")->present(8999)) << "no call was made for it";
  EXPECT_GT(one.calls, 1) << "in blocks";
}

TEST(feature_columns, of_a_maker_that_fails_late_are_absent_in_every_row) {
  for (const auto how : {counting_maker::fault::note, counting_maker::fault::exception}) {
    counting_maker bad("feature.bad", 1, how), good("feature.good", 1);
    const outcome made = run(customers(9000), {&bad, &good});
    const table& t = *made.tables.at("");
    for (std::size_t row = 0; row < 9000; ++row) {
      ASSERT_FALSE(t.find("feature.bad")->present(row)) << row;
    }
    EXPECT_TRUE(t.find("feature.good")->present(0));
    ASSERT_FALSE(made.notes.empty());
    EXPECT_EQ(made.notes.front().code, status::plugin);
  }
}

TEST(feature_columns, end_with_the_job_when_it_is_cancelled) {
  counting_maker waits("feature.late", 1, counting_maker::fault::cancelled);
  job work = make_features(customers(9000), {&waits});
  EXPECT_THROW(work.run(), error);
}

TEST(feature_columns, stand_beside_the_customers_own_and_replace_one_of_their_name) {
  auto given = std::make_shared<table>(*customers(4));
  column& before = given->add("feature.one", type::f64);
  for (int i = 0; i < 4; ++i) before.push(-1.0);
  given->seal("given");
  counting_maker one("feature.one", 10);
  feature_columns columns(given, {&one});
  issues notes;
  while (columns.advance(notes) < 1) {
  }
  const auto joined = columns.joined();
  ASSERT_EQ(joined->columns().size(), 2U);
  EXPECT_EQ(joined->numbers("feature.one")[2], 20);
  EXPECT_NE(joined->fingerprint(), given->fingerprint());
}

TEST(feature_columns, without_makers_leave_the_table_as_it_is) {
  const auto given = customers(3);
  feature_columns columns(given, {});
  issues notes;
  EXPECT_EQ(columns.advance(notes), 1);
  EXPECT_EQ(columns.joined(), given);
}

TEST(feature_columns, of_no_rows_are_empty) {
  counting_maker one("feature.one", 1);
  EXPECT_EQ(run(customers(0), {&one}).tables.at("")->find("feature.one")->size(), 0U);
}

}  // namespace
}  // namespace clv

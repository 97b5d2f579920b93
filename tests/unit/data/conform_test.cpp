#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "clv/schema.hpp"
#include "logs.hpp"

namespace clv::test {
namespace {

table small_summary() {
  table t;
  t.add("extra", type::utf8).push(std::string_view("dropped"));
  t.add("T", type::f64, "week").push(4.0);
  t.add("x", type::i64).push(std::int64_t{2});
  column& revenue = t.add("revenue", type::money, "EUR");
  revenue.push(std::int64_t{250});
  t.add("first_time", type::time).push(std::int64_t{7});
  return t;
}

TEST(conform, keeps_the_schemas_columns_in_its_order_and_types) {
  const table t = conform(small_summary(), find_schema("summary"));
  ASSERT_EQ(t.columns().size(), 4U);
  EXPECT_EQ(t.columns()[0].name(), "x");
  EXPECT_EQ(t.columns()[1].name(), "T");
  EXPECT_EQ(t.numbers("x")[0], 2.0);
  EXPECT_EQ(t.find("T")->unit(), "week");
  EXPECT_EQ(t.find("revenue")->unit(), "EUR");
  EXPECT_EQ(t.find("first_time")->unit(), "us");
}

TEST(conform, a_missing_required_column_is_named) {
  const issue what = failure_of([] { conform(table(), find_schema("summary")); });
  EXPECT_EQ(what.code, status::invalid);
  EXPECT_EQ(what.column, "x");
  EXPECT_NE(what.message.find("'x' of 'summary'"), std::string::npos);
}

TEST(conform, extra_columns_come_after_the_schemas_as_numbers) {
  table in = small_summary();
  column& gender = in.add("Gender", type::i64);
  gender.push(std::int64_t{1});
  const std::vector<std::string> names{"Gender", "T"};
  const table t = conform(in, find_schema("summary"), names);
  ASSERT_EQ(t.columns().size(), 5U);
  EXPECT_EQ(t.columns().back().name(), "Gender");
  EXPECT_EQ(t.numbers("Gender")[0], 1.0);
  const auto refusal = [&](const char* name) {
    const std::vector<std::string> one{name};
    return failure_of([&] { conform(in, find_schema("summary"), one); });
  };
  EXPECT_EQ(refusal("Channel").code, status::invalid);
  EXPECT_EQ(refusal("Channel").column, "Channel");
  EXPECT_NE(refusal("extra").message.find("utf8"), std::string::npos);
}

TEST(conform, n_and_litt_are_columns_of_a_summary) {
  table in = small_summary();
  in.add("n", type::i64).push(std::int64_t{6});
  in.add("litt", type::f64).push(-1.5);
  const table t = conform(in, find_schema("summary"));
  EXPECT_EQ(t.numbers("n")[0], 6.0);
  EXPECT_EQ(t.numbers("litt")[0], -1.5);
}

TEST(conform, whole_numbers_change_type_only_where_that_is_exact) {
  const auto with_x = [](std::int64_t value) {
    table t;
    t.add("x", type::i64).push(value);
    return conform(t, find_schema("summary")).numbers("x")[0];
  };
  EXPECT_EQ(with_x(std::int64_t{1} << 53U), 9007199254740992.0);
  const issue what = failure_of([&] { with_x((std::int64_t{1} << 53U) + 1); });
  EXPECT_EQ(what.code, status::invalid);
  EXPECT_NE(what.message.find("9007199254740993"), std::string::npos);
}

TEST(conform, gaps_stay_gaps_when_the_type_changes) {
  table t;
  column& x = t.add("x", type::i64);
  x.push(std::int64_t{1});
  x.push_absent();
  const table out = conform(t, find_schema("summary"));
  EXPECT_TRUE(out.find("x")->present(0));
  EXPECT_FALSE(out.find("x")->present(1));
}

TEST(conform, other_types_are_refused_naming_both) {
  table t;
  t.add("x", type::utf8).push(std::string_view("2"));
  const issue what = failure_of([&] { conform(t, find_schema("summary")); });
  EXPECT_EQ(what.code, status::invalid);
  EXPECT_NE(what.message.find("utf8"), std::string::npos);
  EXPECT_NE(what.message.find("f64"), std::string::npos);
}

TEST(schema, words_and_aliases_are_unambiguous_in_each_table) {
  for (const schema& s : schemas()) {
    std::set<std::string, std::less<>> taken;
    for (const field& f : s.fields) EXPECT_TRUE(taken.emplace(f.name).second) << f.name;
    for (const field& f : s.fields) {
      std::string_view left = f.aliases;
      while (!left.empty()) {
        const std::size_t comma = std::min(left.find(','), left.size());
        EXPECT_TRUE(taken.emplace(left.substr(0, comma)).second) << s.name << ' ' << left;
        left.remove_prefix(std::min(comma + 1, left.size()));
      }
    }
  }
  EXPECT_EQ(failure_of([] { find_schema("orders"); }).code, status::not_found);
}

}  // namespace
}  // namespace clv::test

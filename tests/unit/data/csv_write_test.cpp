#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <limits>

#include "logs.hpp"

namespace clv::test {
namespace {

TEST(csv_write, each_type_is_written_as_it_is_read) {
  table t;
  t.add("customer", type::utf8).push("anna");
  t.add("x", type::i64).push(std::int64_t{-7});
  t.add("share", type::f64).push(0.1);
  t.add("time", type::time).push(instant("2026-01-31T12:00:00"));
  t.add("amount", type::money, "KWD").push(std::int64_t{-5});
  EXPECT_EQ(to_csv(t), "customer,x,share,time,amount\nanna,-7,0.1,2026-01-31T12:00:00Z,-0.005\n");
}

TEST(csv_write, quotes_are_used_where_they_are_needed_only) {
  table t;
  column& c = t.add("a,b", type::utf8);
  for (const char* text : {"plain", "with space", "com,ma", "quo\"te", "li\nne", "c\rr", "'"}) {
    c.push(std::string_view(text));
  }
  EXPECT_EQ(to_csv(t),
            "\"a,b\"\nplain\nwith space\n\"com,ma\"\n\"quo\"\"te\"\n\"li\nne\"\n\"c\rr\"\n'\n");
}

TEST(csv_write, absent_values_are_empty_and_a_lone_one_is_still_a_row) {
  table pair;
  pair.add("a", type::f64).push_absent();
  pair.add("b", type::i64).push_absent();
  EXPECT_EQ(to_csv(pair), "a,b\n,\n");
  table lone;
  lone.add("a", type::utf8).push_absent();
  EXPECT_EQ(to_csv(lone), "a\n\"\"\n");
}

TEST(csv_write, the_shortest_text_reads_back_to_the_same_double) {
  table t;
  column& c = t.add("x", type::f64);
  using limits = std::numeric_limits<double>;
  for (const double v : {1.0 / 3, 0.1 + 0.2, 1e22, 5e-324, limits::max(), -0.25, 272.0 / 7}) {
    c.push(v);
  }
  const auto back = read_rows(to_csv(t), {.schema = "summary"});
  for (std::size_t i = 0; i < t.rows(); ++i) EXPECT_EQ(back->numbers("x")[i], c.numbers()[i]);
}

TEST(csv_write, rows_of_several_currencies_have_their_own_decimals) {
  const char* const text =
      "customer,time,amount,currency\na,2026-01-01T00:00:00Z,5,JPY\nb,2026-01-01T00:00:00Z,5.00,"
      "EUR\n";
  EXPECT_EQ(to_csv(*read_rows(text)), text);
}

TEST(csv_write, a_table_survives_a_file) {
  const auto t = read_rows("customer,time,amount,kind\n\"a\"\"b\",2026-01-01T00:00:00.5,1.5,\n");
  const std::string path = testing::TempDir() + "/clv_csv_write_test.csv";
  write_csv(*t, path);
  const auto back = read_rows({}, {.path = path});
  std::filesystem::remove(path);
  EXPECT_EQ(back->fingerprint(), t->fingerprint());
}

TEST(csv_write, a_path_that_cannot_be_written_is_named) {
  const issue what = failure_of([] { write_csv(table(), "/nowhere/out.csv"); });
  EXPECT_EQ(what.code, status::io);
  EXPECT_NE(what.message.find("/nowhere/out.csv"), std::string::npos);
  const issue full = failure_of([] {
    table t;
    t.add("x", type::f64).push(1.0);
    write_csv(t, "/dev/full");
  });
  EXPECT_EQ(full.code, status::io);
}

}  // namespace
}  // namespace clv::test

#include "store/derived.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "store/runs.hpp"
#include "store_support.hpp"

using namespace clv;
using clv::store::database;
using clv::store::table_reader;
using clv::store::table_writer;
using clv::test::error_of;
using clv::test::mentions;

namespace {

void write(database& d, const std::string& name, const table& rows) {
  store::transaction t(d.sql());
  table_writer writer(d.sql(), name, rows, store::add_run(d.sql(), "score", rows.fingerprint()));
  while (writer.write(2) < 1.0) {
  }
  t.commit();
}

std::shared_ptr<const table> read(database& d, const std::string& name) {
  table_reader reader(d.sql(), name);
  while (reader.read(2) < 1.0) {
  }
  return reader.take();
}

// Every type, an absent value in each column, and the doubles that a careless store would change.
table awkward() {
  using limits = std::numeric_limits<double>;
  table t;
  column& customer = t.add("customer", type::utf8);
  column& x = t.add("x", type::f64);
  column& age = t.add("T", type::f64, "week");
  column& first = t.add("first_time", type::time, "us");
  column& revenue = t.add("revenue", type::money, "EUR");
  for (const double v : {0.1, -0.0, limits::denorm_min(), limits::max(), -1e18, 0.0, 3.0}) {
    customer.push(std::string_view("o'brien \"é\" "));
    x.push(v);
    age.push(v);
    first.push(std::numeric_limits<std::int64_t>::min());
    revenue.push(std::numeric_limits<std::int64_t>::max());
  }
  for (column& c : t.columns()) c.push_absent();
  customer.push(std::string_view());  // empty is not absent
  for (std::size_t i = 1; i < 5; ++i) t.columns()[i].push_absent();
  t.seal("awkward");
  return t;
}

void expect_equal(const table& a, const table& b) {
  ASSERT_EQ(a.columns().size(), b.columns().size());
  ASSERT_EQ(a.rows(), b.rows());
  EXPECT_EQ(a.fingerprint(), b.fingerprint());
  for (std::size_t c = 0; c < a.columns().size(); ++c) {
    const column &left = a.columns()[c], &right = b.columns()[c];
    EXPECT_EQ(left.name(), right.name());
    EXPECT_EQ(left.kind(), right.kind());
    EXPECT_EQ(left.unit(), right.unit());
    for (std::size_t i = 0; i < a.rows(); ++i) {
      ASSERT_EQ(left.present(i), right.present(i)) << left.name() << " " << i;
      if (left.kind() == type::utf8) {
        EXPECT_EQ(left.text(i), right.text(i));
      } else if (left.kind() == type::f64) {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(left.numbers()[i]),
                  std::bit_cast<std::uint64_t>(right.numbers()[i]))
            << left.name() << " " << i;
      } else {
        EXPECT_EQ(left.integers()[i], right.integers()[i]);
      }
    }
  }
}

table one_number(double value) {
  table t;
  t.add("x", type::f64).push(1.0);
  t.find("x")->push(value);
  t.seal("one");
  return t;
}

}  // namespace

TEST(derived, tables_come_back_bit_for_bit) {
  database d({});
  const table t = awkward();
  write(d, "summary", t);
  const auto back = read(d, "summary");
  expect_equal(t, *back);
  // Sealing both again hashes every byte that the table holds.
  table left = t, right = *back;
  left.seal("again");
  right.seal("again");
  EXPECT_EQ(left.fingerprint(), right.fingerprint());
}

TEST(derived, tables_survive_the_file_being_closed) {
  const test::temp_folder folder;
  const table t = awkward();
  {
    database d({.path = folder.file("a.clv")});
    write(d, "scores", t);
  }
  database reader({.path = folder.file("a.clv"), .read_only = true});
  expect_equal(t, *read(reader, "scores"));
}

TEST(derived, tables_are_real_tables_with_the_dictionarys_words) {
  database d({});
  write(d, "summary", awkward());
  EXPECT_EQ(d.sql().text("SELECT group_concat(name || ' ' || type, ', ') FROM "
                         "pragma_table_info('summary')"),
            "row_id INTEGER, customer TEXT, x REAL, T REAL, first_time INTEGER, revenue INTEGER");
  EXPECT_EQ(d.sql().integer("SELECT strict FROM pragma_table_list WHERE name = 'summary'"), 1);
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM summary WHERE x IS NULL"), 2);
}

TEST(derived, tables_replace_the_one_before_whole) {
  database d({});
  write(d, "summary", awkward());
  table second;
  second.add("row", type::i64).push(std::int64_t{5});
  second.seal("second");
  write(d, "summary", second);
  expect_equal(second, *read(d, "summary"));
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM negative_zero"), 0);
  EXPECT_EQ(d.sql().integer("SELECT count(*) FROM stored_column"), 1);
}

TEST(derived, tables_stay_as_they_were_when_the_write_is_rolled_back) {
  database d({});
  const table first = awkward();
  write(d, "summary", first);
  {
    const store::transaction dropped(d.sql());
    const table second = one_number(2);
    table_writer writer(d.sql(), "summary", second, store::add_run(d.sql(), "fit", ""));
    writer.write(1);
  }
  expect_equal(first, *read(d, "summary"));
}

TEST(derived, tables_without_rows_keep_their_columns) {
  database d({});
  table t;
  t.add("customer", type::utf8);
  t.add("clv", type::f64, "EUR");
  t.seal("none");
  write(d, "scores", t);
  expect_equal(t, *read(d, "scores"));
}

TEST(derived, tables_never_hold_what_is_not_finite) {
  database d({});
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    const issue why = error_of([&] { write(d, "scores", one_number(bad)); });
    EXPECT_EQ(why.code, status::numeric);
    EXPECT_EQ(why.row, 1);
    EXPECT_EQ(why.column, "x");
    EXPECT_TRUE(mentions(why.message, "row 2, column 'x' of 'scores'")) << why.message;
  }
  EXPECT_EQ(error_of([&] { read(d, "scores"); }).code, status::state);
}

TEST(derived, tables_cannot_take_the_name_of_the_schemas_own) {
  database d({});
  for (const char* name : {"txn", "customer", "transactions", "run"}) {
    EXPECT_EQ(error_of([&] { write(d, name, one_number(1)); }).code, status::internal) << name;
  }
}

TEST(derived, tables_that_were_changed_behind_our_back_are_noticed) {
  database d({});
  const auto check = [&](const char* change) {
    write(d, "scores", awkward());
    EXPECT_EQ(read(d, "scores")->rows(), 9U);
    d.sql().execute(change);
    const issue why = error_of([&] { read(d, "scores"); });
    EXPECT_EQ(why.code, status::corrupt) << change;
    EXPECT_TRUE(mentions(why.message, "'scores'")) << why.message;
  };
  check("UPDATE scores SET x = 0.1000000000000001 WHERE row_id = 1");
  check("UPDATE scores SET customer = NULL WHERE row_id = 1");
  check("DELETE FROM scores WHERE row_id = 9");
  check("INSERT INTO scores(row_id, x) VALUES(10, 1)");
  check("DELETE FROM negative_zero");
  check("INSERT INTO negative_zero VALUES('scores', 77, 1)");
  check("UPDATE negative_zero SET position = 9 WHERE position = 1");
}

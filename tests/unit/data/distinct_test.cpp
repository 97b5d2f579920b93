#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <tuple>

#include "logs.hpp"

namespace clv::test {
namespace {

table rows_of(const std::string& csv) {
  return *read_rows(csv, {.schema = "summary"});
}

TEST(distinct, equal_rows_become_one_with_a_weight) {
  const tuples t = distinct(rows_of("x,t_x,T\n1,2,5\n0,0,5\n1,2,5\n1,2,4\n0,0,5\n0,-0,5\n"),
                            tuple_key::purchases);
  EXPECT_EQ(t.x, (std::vector<double>{0, 1, 1}));
  EXPECT_EQ(t.t_x, (std::vector<double>{0, 2, 2}));
  EXPECT_EQ(t.T, (std::vector<double>{5, 4, 5}));
  EXPECT_EQ(t.weight, (std::vector<double>{3, 1, 2}));
  EXPECT_EQ(t.customers, 6.0);
}

TEST(distinct, weights_stand_for_repeated_rows) {
  const table weighted = rows_of("x,t_x,T,weight\n1,2,5,3\n0,0,5,2\n1,2,5,1\n");
  const table repeated = rows_of("x,t_x,T\n1,2,5\n1,2,5\n0,0,5\n1,2,5\n0,0,5\n1,2,5\n");
  const tuples a = distinct(weighted, tuple_key::purchases);
  const tuples b = distinct(repeated, tuple_key::purchases);
  EXPECT_EQ(a.x, b.x);
  EXPECT_EQ(a.weight, b.weight);
}

TEST(distinct, the_spend_key_takes_repeaters_who_spent) {
  const tuples t =
      distinct(rows_of("x,mean_spend\n2,7.5\n0,0\n1,7.5\n2,7.5\n1,0\n3,\n"), tuple_key::spend);
  EXPECT_EQ(t.x, (std::vector<double>{1, 2}));
  EXPECT_EQ(t.mean_spend, (std::vector<double>{7.5, 7.5}));
  EXPECT_EQ(t.weight, (std::vector<double>{1, 2}));
  EXPECT_EQ(t.customers, 3.0);
  EXPECT_TRUE(t.t_x.empty() && t.T.empty());
}

TEST(distinct, nothing_gives_nothing) {
  const tuples t = distinct(rows_of("x,t_x,T\n"), tuple_key::purchases);
  EXPECT_EQ(t.size(), 0U);
  EXPECT_EQ(t.customers, 0.0);
}

// A map as the plain way to say the same, over ages that are days, weeks, or neither.
void check_against_a_map(double unit, double jitter) {
  std::mt19937 random(11);
  table t;
  column& x = t.add("x", type::f64);
  column& t_x = t.add("t_x", type::f64);
  column& T = t.add("T", type::f64);
  column& weight = t.add("weight", type::f64);
  std::map<std::tuple<double, double, double>, double> wanted;
  const auto below = [&](unsigned limit) { return static_cast<double>(random() % limit); };
  for (int i = 0; i < 5000; ++i) {
    const double age = (200 + below(20)) / unit * jitter;
    const double count = below(3);
    const double last = count == 0 ? 0 : (1 + below(20)) / unit * jitter;
    const double w = 1 + below(3);
    x.push(count);
    t_x.push(last);
    T.push(age);
    weight.push(w);
    wanted[{count, last, age}] += w;
  }
  const tuples found = distinct(t, tuple_key::purchases);
  ASSERT_EQ(found.size(), wanted.size());
  std::size_t i = 0;
  for (const auto& [key, w] : wanted) {
    ASSERT_EQ(std::make_tuple(found.x[i], found.t_x[i], found.T[i]), key) << i;
    ASSERT_EQ(found.weight[i], w);
    ++i;
  }
}

TEST(distinct, tuples_are_sorted_whatever_the_unit_of_the_ages) {
  check_against_a_map(1, 1);
  check_against_a_map(7, 1);
  check_against_a_map(7, 1.0000001);
  check_against_a_map(30.4375, 1);
  check_against_a_map(1, 1e9);
  check_against_a_map(1, 1e12);
}

TEST(distinct, rows_that_cannot_be_are_named) {
  const auto check = [](const std::string& row, const char* column, const char* part) {
    const issue what = failure_of(
        [&] { distinct(rows_of("x,t_x,T,weight\n0,0,1,1\n" + row + "\n"), tuple_key::purchases); });
    EXPECT_EQ(what.code, status::numeric) << row;
    EXPECT_EQ(what.row, 1) << row;
    EXPECT_EQ(what.column, column) << row;
    EXPECT_TRUE(what.message.starts_with("row 2, column '" + std::string(column) + "': "))
        << what.message;
    EXPECT_NE(what.message.find(part), std::string::npos) << what.message;
  };
  check("-1,0,1,1", "x", "-1 is negative");
  check("1.5,1,2,1", "x", "1.5 is not a whole number");
  check("1,3,2,1", "t_x", "3 is after the end of observation, T = 2");
  check("1,0,2,1", "t_x", "does not go with x = 1");
  check("0,1,2,1", "t_x", "does not go with x = 0");
  check("1,-1,2,1", "t_x", "-1 is negative");
  check("0,0,-2,1", "T", "-2 is negative");
  check("0,0,2,0", "weight", "0 is not positive");
  check("0,0,2,-1", "weight", "-1 is not positive");
  check("0,0,2,1.5", "weight", "1.5 is not a whole number");
  check("1e16,1,2,1", "x", "1e+16 is above 1e15");
  check("1,1,1e16,1", "T", "1e+16 is above 1e15");
  check("0,0,2,1e16", "weight", "1e+16 is above 1e15");
  check("0,,2,1", "t_x", "empty");
}

TEST(distinct, numbers_that_are_not_finite_are_named) {
  for (const char* name : {"x", "t_x", "T"}) {
    for (const double v : {std::nan(""), std::numeric_limits<double>::infinity()}) {
      table t = rows_of("x,t_x,T\n1,1,2\n");
      t.find(name)->mutable_numbers()[0] = v;
      const issue what = failure_of([&] { distinct(t, tuple_key::purchases); });
      EXPECT_EQ(what.code, status::numeric);
      EXPECT_EQ(what.column, name);
    }
  }
}

TEST(distinct, a_negative_mean_spend_is_named) {
  const issue what =
      failure_of([] { distinct(rows_of("x,mean_spend\n1,-2.5\n"), tuple_key::spend); });
  EXPECT_EQ(what.code, status::numeric);
  EXPECT_NE(what.message.find("-2.5"), std::string::npos);
}

TEST(distinct, a_mean_spend_out_of_range_is_named) {
  for (const char* spend : {"1e101", "1e300", "1e-101", "1e-300"}) {
    const std::string csv = "x,mean_spend\n1,1e100\n2,1e-100\n1," + std::string(spend) + "\n";
    const issue what = failure_of([&] { distinct(rows_of(csv), tuple_key::spend); });
    EXPECT_EQ(what.code, status::numeric);
    EXPECT_EQ(what.row, 2);
    EXPECT_EQ(what.column, "mean_spend");
    EXPECT_NE(what.message.find(std::string(spend).substr(0, 2)), std::string::npos);
  }
}

TEST(distinct, a_missing_column_is_named) {
  const issue what = failure_of([] { distinct(rows_of("x,T\n1,2\n"), tuple_key::purchases); });
  EXPECT_EQ(what.code, status::invalid);
  EXPECT_NE(what.message.find("'t_x'"), std::string::npos);
}

}  // namespace
}  // namespace clv::test

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <tuple>
#include <vector>

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

TEST(distinct, opportunities_take_n_and_not_the_age) {
  const tuples t = distinct(rows_of("x,t_x,T,n\n2,3,30.5,6\n0,0,30.5,6\n2,3,99,6\n2,4,30.5,6\n"),
                            tuple_key::opportunities);
  EXPECT_EQ(t.x, (std::vector<double>{0, 2, 2}));
  EXPECT_EQ(t.t_x, (std::vector<double>{0, 3, 4}));
  EXPECT_EQ(t.T, (std::vector<double>{6, 6, 6}));
  EXPECT_EQ(t.weight, (std::vector<double>{1, 2, 1}));
  const tuples from_T = distinct(rows_of("x,t_x,T\n2,3,6\n"), tuple_key::opportunities);
  EXPECT_EQ(from_T.T, (std::vector<double>{6}));
}

TEST(distinct, a_contract_lost_early_is_the_same_however_long_ago) {
  const tuples t = distinct(rows_of("x,n\n2,3\n2,8\n2,2\n0,1\n0,7\n3,3\n"), tuple_key::renewals);
  EXPECT_EQ(t.x, (std::vector<double>{0, 2, 2, 3}));
  EXPECT_EQ(t.t_x, t.x);
  EXPECT_EQ(t.T, (std::vector<double>{1, 2, 3, 3}));
  EXPECT_EQ(t.weight, (std::vector<double>{2, 1, 2, 1}));
}

// The message about the second row, which cannot be.
issue refusal_of(const std::string& header, const std::string& row, tuple_key key) {
  const std::string good = header == "x,n" ? "1,1" : "1,1,1";
  return failure_of([&] { distinct(rows_of(header + "\n" + good + "\n" + row + "\n"), key); });
}

TEST(distinct, opportunities_and_renewals_that_cannot_be_are_named) {
  const auto check = [](const issue& what, const char* column, const char* part) {
    EXPECT_EQ(what.code, status::numeric);
    EXPECT_EQ(what.row, 1);
    EXPECT_EQ(what.column, column);
    EXPECT_NE(what.message.find(part), std::string::npos) << what.message;
  };
  const auto bought = [](const char* row) {
    return refusal_of("x,t_x,n", row, tuple_key::opportunities);
  };
  check(bought("1,2,2.5"), "n", "2.5 is not a whole number of opportunities");
  check(bought("1,1.5,2"), "t_x", "1.5 is not a whole opportunity");
  check(bought("3,2,6"), "x", "3 is more than the opportunities up to the last purchase, t_x = 2");
  check(bought("1,7,6"), "t_x", "7 is after the end of observation, n = 6");
  check(bought("1,1,2e6"), "n", "is above 1e6");
  check(bought("1,1,-1"), "n", "is negative");
  const auto renewed = [](const char* row) { return refusal_of("x,n", row, tuple_key::renewals); };
  check(renewed("3,2"), "x", "3 is more than the renewals faced, 2");
  check(renewed("0,1.5"), "n", "1.5 is not a whole number");
  check(renewed("0.5,1"), "x", "0.5 is not a whole number");
}

TEST(distinct, the_total_of_litt_is_weighted_and_there_only_when_complete) {
  const tuples t = distinct(rows_of("x,t_x,T,litt,weight\n0,0,5,0,4\n2,3,5,-1.25,3\n1,1,5,7.5,1\n"),
                            tuple_key::purchases);
  EXPECT_TRUE(t.has_litt);
  EXPECT_EQ(t.litt, 3 * -1.25 + 7.5);
  EXPECT_FALSE(distinct(rows_of("x,t_x,T\n0,0,5\n"), tuple_key::purchases).has_litt);
  EXPECT_FALSE(distinct(rows_of("x,t_x,T,litt\n0,0,5,0\n1,1,5,\n"), tuple_key::purchases).has_litt);
  EXPECT_FALSE(distinct(rows_of("x,mean_spend,litt\n1,1,1\n"), tuple_key::spend).has_litt);
}

TEST(distinct, a_litt_that_cannot_be_is_named) {
  for (const char* row : {"0,0,5,2", "1,1,5,2e15", "1,1,5,-2e15"}) {
    const issue what = failure_of([&] {
      distinct(rows_of("x,t_x,T,litt\n1,1,5,0.5\n" + std::string(row) + "\n"),
               tuple_key::purchases);
    });
    EXPECT_EQ(what.code, status::numeric) << row;
    EXPECT_EQ(what.row, 1);
    EXPECT_EQ(what.column, "litt");
  }
}

// Rows with fractions in every column that is summed or ordered.
table rows_with_covariates(const std::vector<std::size_t>& order) {
  table t;
  for (const char* name : {"x", "t_x", "T", "litt", "weight", "Gender", "Score"}) {
    t.add(name, type::f64);
  }
  for (const std::size_t i : order) {
    const auto v = static_cast<double>(i);
    const double x = std::fmod(v, 4);
    t.find("x")->push(x);
    t.find("t_x")->push(x > 0 ? (1 + std::fmod(v, 11)) / 7 : 0);
    t.find("T")->push((20 + std::fmod(v, 5)) / 7);
    t.find("litt")->push(x > 0 ? std::log(1 + v) : 0);
    t.find("weight")->push(1 + std::fmod(v, 3));
    t.find("Gender")->push(i % 2 == 0 ? -0.0 : 1.0);
    t.find("Score")->push(0.1 * std::fmod(v, 7) - 0.3);
  }
  return t;
}

void expect_same_bits(const tuples& a, const tuples& b) {
  EXPECT_EQ(a.x, b.x);
  EXPECT_EQ(a.t_x, b.t_x);
  EXPECT_EQ(a.T, b.T);
  EXPECT_EQ(a.weight, b.weight);
  EXPECT_EQ(a.litt, b.litt);
  EXPECT_EQ(a.cell_first, b.cell_first);
  EXPECT_EQ(a.covariates, b.covariates);
}

const std::vector<std::string> gender_and_score{"Gender", "Score"};

TEST(distinct, cells_share_their_covariates_and_are_ordered_by_them) {
  std::vector<std::size_t> order(5000);
  std::iota(order.begin(), order.end(), 0U);
  const table rows = rows_with_covariates(order);
  const tuples t = distinct(rows, tuple_key::purchases, gender_and_score);
  ASSERT_EQ(t.cell_first.size(), 2U * 7 + 1);
  ASSERT_EQ(t.covariates.size(), 2U * 2 * 7);
  EXPECT_EQ(t.cell_first.back(), t.size());
  EXPECT_FALSE(std::signbit(t.covariates[0]));
  std::map<std::vector<double>, double> wanted, found;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto at = [&](const char* name) { return rows.numbers(name)[i] + 0.0; };
    wanted[{at("Gender"), at("Score"), at("x"), at("t_x"), at("T")}] += at("weight");
  }
  for (std::size_t c = 0; c + 1 < t.cell_first.size(); ++c) {
    for (std::size_t i = t.cell_first[c]; i < t.cell_first[c + 1]; ++i) {
      const auto at_end = found.emplace_hint(
          found.end(),
          std::vector{t.covariates[2 * c], t.covariates[2 * c + 1], t.x[i], t.t_x[i], t.T[i]},
          t.weight[i]);
      EXPECT_EQ(std::next(at_end), found.end()) << "cell " << c << " is out of order";
    }
  }
  EXPECT_EQ(found, wanted);
}

TEST(distinct, tuples_have_the_same_bits_for_any_order_of_the_rows) {
  std::vector<std::size_t> order(5000);
  std::iota(order.begin(), order.end(), 0U);
  const table rows = rows_with_covariates(order);
  const tuples plain = distinct(rows, tuple_key::purchases);
  const tuples in_cells = distinct(rows, tuple_key::purchases, gender_and_score);
  EXPECT_TRUE(plain.has_litt && plain.litt > 0);
  EXPECT_EQ(plain.litt, in_cells.litt);
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::shuffle(order.begin(), order.end(), std::mt19937(seed));
    const table shuffled = rows_with_covariates(order);
    expect_same_bits(distinct(shuffled, tuple_key::purchases), plain);
    expect_same_bits(distinct(shuffled, tuple_key::purchases, gender_and_score), in_cells);
  }
}

TEST(distinct, as_many_cells_as_rows_are_each_their_own) {
  table t;
  for (const char* name : {"x", "mean_spend", "Income"}) t.add(name, type::f64);
  for (int i = 4000; i > 0; --i) {
    t.find("x")->push(1.0);
    t.find("mean_spend")->push(9.5);
    t.find("Income")->push(i + 0.5);
  }
  const std::vector<std::string> income{"Income"};
  const tuples found = distinct(t, tuple_key::spend, income);
  ASSERT_EQ(found.size(), 4000U);
  EXPECT_EQ(found.cell_first.size(), 4001U);
  EXPECT_TRUE(std::ranges::is_sorted(found.covariates));
}

TEST(distinct, a_covariate_that_is_no_number_is_named) {
  const auto refusal = [](table t) {
    return failure_of([&] { distinct(t, tuple_key::purchases, gender_and_score); });
  };
  table rows = rows_with_covariates({0, 1, 2});
  rows.find("Score")->mutable_numbers()[2] = std::nan("");
  const issue not_finite = refusal(rows);
  EXPECT_EQ(not_finite.code, status::numeric);
  EXPECT_EQ(not_finite.row, 2);
  EXPECT_EQ(not_finite.column, "Score");
  EXPECT_NE(not_finite.message.find("nan"), std::string::npos);
  rows = rows_with_covariates({0, 1, 2});
  rows.find("Gender")->mark_absent(1);
  EXPECT_EQ(refusal(rows).row, 1);
  EXPECT_EQ(refusal(rows).column, "Gender");
  const issue missing = refusal(rows_of("x,t_x,T\n1,1,2\n"));
  EXPECT_EQ(missing.code, status::invalid);
  EXPECT_NE(missing.message.find("'Gender'"), std::string::npos);
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

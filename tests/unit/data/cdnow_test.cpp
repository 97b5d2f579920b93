// The CDNOW sample: log -> summary -> tuples against the published summary, row by row.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include "logs.hpp"
#include "support/shared_data.hpp"

namespace clv::test {
namespace {

constexpr const char* log_file = "cdnow_sample_elog.csv";
constexpr const char* summary_file = "cdnow_sample_summary_exact.csv";

std::shared_ptr<const table> read_file(const std::string& path, csv_options options) {
  options.path = path;
  return read_rows({}, std::move(options));
}

std::shared_ptr<const table> cdnow_log(const std::string& path) {
  return read_file(path, {.map = "customer=sample_id,time=date,amount=sales", .currency = "USD"});
}

summarize_options calibration() {
  return {.unit = "week", .as_of_us = instant("1997-09-30")};
}

double total(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// A copy with the rows in another order.
std::shared_ptr<const table> shuffled(const table& log, unsigned seed) {
  std::vector<std::size_t> order(log.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), std::mt19937(seed));
  auto out = std::make_shared<table>();
  for (const column& from : log.columns()) {
    column& to = out->add(from.name(), from.kind(), from.unit());
    for (const std::size_t row : order) {
      if (from.kind() == type::utf8) {
        to.push(from.text(row));
      } else {
        to.push(from.integers()[row]);
      }
    }
  }
  return out;
}

TEST(cdnow, summary_equals_the_published_one_in_every_row) {
  CLV_REQUIRE_SHARED_DATA(log_path, log_file);
  CLV_REQUIRE_SHARED_DATA(summary_path, summary_file);
  const auto log = cdnow_log(log_path);
  ASSERT_EQ(log->rows(), 6919U);
  const auto made = summary_of(log, calibration());
  const auto wanted = read_file(summary_path, {.schema = "summary"});
  ASSERT_EQ(made->rows(), 2357U);
  ASSERT_EQ(wanted->rows(), 2357U);
  // The published rows are in the order of sample_id, as ours are by its bytes. Ages are
  // quotients of whole days and spends of whole cents, printed in full: 1e-12 is a last digit.
  for (const char* name : {"x", "t_x", "T", "mean_spend"}) {
    for (std::size_t i = 0; i < made->rows(); ++i) {
      const double expected = wanted->numbers(name)[i];
      ASSERT_NEAR(made->numbers(name)[i], expected, 1e-12 * (1 + expected)) << name << ' ' << i;
    }
  }
}

TEST(cdnow, totals_are_the_published_ones) {
  CLV_REQUIRE_SHARED_DATA(path, log_file);
  const auto summary = summary_of(cdnow_log(path), calibration());
  EXPECT_EQ(total(summary->numbers("x")), 2457.0);
  EXPECT_EQ(std::ranges::count_if(summary->numbers("x"), [](double x) { return x > 0; }), 946);
  const tuples t = distinct(*summary, tuple_key::purchases);
  EXPECT_EQ(t.size(), 1016U);
  EXPECT_EQ(t.customers, 2357.0);
  EXPECT_EQ(total(t.weight), 2357.0);
  const tuples spend = distinct(*summary, tuple_key::spend);
  EXPECT_EQ(spend.customers, 946.0);
}

TEST(cdnow, customer_days_are_counted_once) {
  CLV_REQUIRE_SHARED_DATA(path, log_file);
  const auto all = summary_of(cdnow_log(path), {.unit = "day"});
  // Repeat days over the whole log, and one first day for each customer.
  EXPECT_EQ(total(all->numbers("x")) + static_cast<double>(all->rows()), 6696.0);
  const auto calibrated = summary_of(cdnow_log(path), calibration());
  EXPECT_EQ(total(all->numbers("x")) - total(calibrated->numbers("x")), 1882.0);  // the holdout
}

TEST(cdnow, shuffled_rows_give_the_same_bytes) {
  CLV_REQUIRE_SHARED_DATA(path, log_file);
  const auto log = cdnow_log(path);
  const auto plain = summary_of(log, calibration());
  for (const unsigned seed : {1U, 2U, 3U}) {
    const auto mixed = summary_of(shuffled(*log, seed), calibration());
    ASSERT_EQ(mixed->fingerprint(), plain->fingerprint());
    ASSERT_EQ(to_csv(*mixed), to_csv(*plain));
  }
}

TEST(cdnow, zero_value_orders_are_purchases_and_can_be_left_out_by_name) {
  CLV_REQUIRE_SHARED_DATA(path, log_file);
  const auto log = cdnow_log(path);
  const auto amounts = log->integers("amount", type::money);
  ASSERT_EQ(std::ranges::count(amounts, 0), 8);
  summarize_options options = calibration();
  options.drop_zero_value = true;
  const auto without = summary_of(log, options);
  EXPECT_EQ(without->rows(), 2349U);  // each was the only order of its customer
  EXPECT_EQ(total(without->numbers("x")), 2457.0);
}

}  // namespace
}  // namespace clv::test

// Online Retail: a real log with returns as negative amounts and local times.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <string_view>

#include "logs.hpp"
#include "support/shared_data.hpp"

namespace clv::test {
namespace {

constexpr const char* file = "online_retail_invoices.csv";

std::int64_t total(std::span<const std::int64_t> values) {
  return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

TEST(retail, returns_are_refunds_and_nothing_is_lost) {
  CLV_REQUIRE_SHARED_DATA(path, file);
  // No map: the file's own names are known aliases. Its times are London's. Four of its 22,221
  // invoices have tenths of a penny, which are not rounded in silence.
  job j =
      read_csv({.path = path, .currency = "GBP", .time_zone = "Europe/London", .max_rejects = 4});
  j.run();
  const auto log = j.result().tables.at("");
  ASSERT_EQ(log->rows(), 22'217U);
  const table& rejects = *j.result().tables.at("rejects");
  ASSERT_EQ(rejects.rows(), 4U);
  for (std::size_t i = 0; i < rejects.rows(); ++i) {
    EXPECT_TRUE(rejects.find("reason")->text(i).starts_with("has more decimals than GBP has (2)"));
  }
  const auto amounts = log->integers("amount", type::money);
  EXPECT_EQ(std::ranges::min(amounts), -16'846'960);

  const auto summary = summary_of(log, {.time_zone = "Europe/London"});
  const std::int64_t net = total(summary->integers("revenue", type::money)) -
                           total(summary->integers("refunds", type::money));
  // Customers with returns only have no row; the rest adds up to the log.
  std::set<std::string_view> with_row;
  const column& ids = *summary->find("customer");
  for (std::size_t i = 0; i < ids.size(); ++i) with_row.insert(ids.text(i));
  std::int64_t refunds_only = 0;
  for (std::size_t i = 0; i < log->rows(); ++i) {
    if (with_row.contains(log->find("customer")->text(i))) continue;
    EXPECT_LT(amounts[i], 0);
    refunds_only += amounts[i];
  }
  EXPECT_LT(refunds_only, 0);
  EXPECT_EQ(net + refunds_only, total(amounts));
  EXPECT_LT(summary->rows(), 4'372U);
  EXPECT_NO_THROW(distinct(*summary, tuple_key::purchases));
  EXPECT_NO_THROW(distinct(*summary, tuple_key::spend));
}

}  // namespace
}  // namespace clv::test

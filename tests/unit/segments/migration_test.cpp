#include <gtest/gtest.h>

#include "clv/error.hpp"
#include "segments/reports.hpp"
#include "support/reports.hpp"

namespace clv {
namespace {

using test::number;
using test::run_report;
using test::table_of;
using test::text;

report_inputs two_dates() {
  return {
      .tables = {{"before",
                  table_of("customer,scheme,segment\na,s,low\nb,s,low\nc,s,high\n", "segments")},
                 {"after",
                  table_of("customer,scheme,segment\na,s,high\nb,s,low\nd,s,low\n", "segments")},
                 {"scores_before", table_of("customer,clv\na,10\nb,20\nc,90\n", "scores")},
                 {"scores_after", table_of("customer,clv\na,80\nb,15\nd,5\n", "scores")}},
      .model = nullptr};
}

TEST(migration, counts_every_customer_once_and_what_they_are_worth) {
  const outcome o = run_report(migration_report, two_dates());
  const table& flows = *o.tables.at("");
  double customers = 0, change = 0;
  for (std::size_t i = 0; i < flows.rows(); ++i) {
    customers += number(o, "customers", i);
    change += number(o, "clv_change", i);
    if (text(o, "from", i) == "low" && text(o, "to", i) == "high") {
      EXPECT_EQ(number(o, "share", i), 0.5);
      EXPECT_EQ(number(o, "clv_change", i), 70);
    }
  }
  EXPECT_EQ(customers, 4);
  EXPECT_EQ(change, (80 + 15 + 5) - (10 + 20 + 90));
  EXPECT_EQ(number(o, "stayed", 0, "summary"), 1);
  EXPECT_EQ(number(o, "moved", 0, "summary"), 1);
  EXPECT_EQ(number(o, "arrived", 0, "summary"), 1);
  EXPECT_EQ(number(o, "left", 0, "summary"), 1);
  EXPECT_EQ(number(o, "stability", 0, "summary"), 0.5);
}

TEST(migration, refuses_a_customer_who_is_there_twice) {
  report_inputs in = two_dates();
  in.tables["after"] = table_of("customer,scheme,segment\na,s,high\na,s,low\n", "segments");
  EXPECT_THROW(run_report(migration_report, in), error);
}

}  // namespace
}  // namespace clv

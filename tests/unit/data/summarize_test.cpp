#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "logs.hpp"

namespace clv::test {
namespace {

struct line {
  std::string customer;
  double x, t_x, T, mean_spend;
  bool operator==(const line&) const = default;
};

void PrintTo(const line& l, std::ostream* out) {
  *out << l.customer << ": " << l.x << ' ' << l.t_x << ' ' << l.T << ' ' << l.mean_spend;
}

std::vector<line> lines(const table& t) {
  std::vector<line> out;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    out.push_back({std::string(t.find("customer")->text(i)),
                   t.numbers("x")[i],
                   t.numbers("t_x")[i],
                   t.numbers("T")[i],
                   t.numbers("mean_spend")[i]});
  }
  return out;
}

std::vector<line> daily(const std::string& rows, const char* as_of, summarize_options o = {}) {
  o.unit = "day";
  if (as_of != nullptr) o.as_of_us = instant(as_of, o.time_zone);
  return lines(*summary_of(read_rows("customer,time,amount,kind\n" + rows), o));
}

// The log of lifetimes' test_summary_data_from_transaction_data_*; reference figures there.
constexpr const char* worked_log =
    "1,2015-01-01,1,\n1,2015-02-06,2,\n2,2015-01-01,2,\n3,2015-01-01,3,\n3,2015-01-02,1,\n"
    "3,2015-01-05,5,\n4,2015-01-16,6,\n4,2015-02-02,3,\n4,2015-02-05,3,\n5,2015-01-16,3,\n"
    "5,2015-01-17,1,\n5,2015-01-18,8,\n6,2015-02-02,5,\n";

TEST(summarize, the_worked_log_gives_the_published_daily_summary) {
  EXPECT_EQ(daily(worked_log, "2015-02-07"),
            (std::vector<line>{{"1", 1, 36, 37, 2},
                               {"2", 0, 0, 37, 0},
                               {"3", 2, 4, 37, 3},
                               {"4", 2, 20, 22, 3},
                               {"5", 2, 2, 22, 4.5},
                               {"6", 0, 0, 5, 0}}));
}

TEST(summarize, weeks_are_exact_sevenths_and_calendar_weeks_are_refused_by_name) {
  const auto log = read_rows("customer,time,amount\na,2015-01-01,1\na,2015-02-06,2\n");
  const auto t = summary_of(log, {.unit = "week", .as_of_us = instant("2015-02-07")});
  EXPECT_EQ(t->numbers("t_x")[0], 36.0 / 7);
  EXPECT_EQ(t->numbers("T")[0], 37.0 / 7);
  EXPECT_EQ(t->find("T")->unit(), "week");
  const issue what = failure_of([&] { summarize(log, {.unit = "calendar_week"}); });
  EXPECT_EQ(what.code, status::invalid);
  EXPECT_NE(what.message.find("calendar_week"), std::string::npos);
  EXPECT_NE(what.hint.find("calendar weeks"), std::string::npos);
}

TEST(summarize, purchases_of_one_day_are_one) {
  EXPECT_EQ(daily("a,2026-01-01T08:00,1,\na,2026-01-01T20:00,2,\n", nullptr),
            (std::vector<line>{{"a", 0, 0, 0, 0}}));
  EXPECT_EQ(daily("a,2026-01-01,1,\na,2026-01-03T08:00,2,\na,2026-01-03T09:00,3,\n", "2026-01-05"),
            (std::vector<line>{{"a", 1, 2, 4, 5}}));
}

TEST(summarize, the_zone_decides_what_a_day_is) {
  const std::string rows = "a,2026-01-01T21:30:00Z,1,\na,2026-01-01T22:30:00Z,2,\n";
  EXPECT_EQ(daily(rows, nullptr)[0].x, 0);
  EXPECT_EQ(daily(rows, nullptr, {.time_zone = "Europe/Kyiv"})[0].x, 1);
}

TEST(summarize, a_day_of_23_or_25_hours_is_one_day) {
  const std::string rows = "a,2026-03-07T17:00:00Z,1,\na,2026-03-09T16:00:00Z,2,\n";
  const auto t = daily(rows, nullptr, {.time_zone = "America/New_York"});
  EXPECT_EQ(t[0], (line{"a", 1, 2, 2, 2}));
}

TEST(summarize, the_first_day_is_found_by_time_not_by_row_order) {
  EXPECT_EQ(daily("a,2026-01-03,5,\na,2026-01-01,1,\na,2026-01-02,3,\n", nullptr),
            (std::vector<line>{{"a", 2, 2, 2, 4}}));
}

TEST(summarize, litt_is_the_sum_of_the_logs_of_the_intervals_between_purchase_days) {
  const auto log = read_rows(
      "customer,time,amount\n"
      "a,2026-01-01,1\na,2026-01-04,2\na,2026-01-04T09:00,2\na,2026-01-05,-1\na,2026-01-15,3\n"
      "b,2026-01-02,1\nb,2026-01-02T08:00,1\n"
      "c,2020-01-01,1\nc,2026-01-01,0\n");
  const auto days = summary_of(log, {.unit = "day"});
  EXPECT_EQ(days->numbers("litt")[0], std::log(3.0) + std::log(11.0));
  EXPECT_EQ(days->numbers("litt")[1], 0.0);
  EXPECT_EQ(days->numbers("litt")[2], std::log(2192.0));
  const auto weeks = summary_of(log, {.unit = "week"});
  EXPECT_EQ(weeks->numbers("litt")[0], std::log(3.0 / 7) + std::log(11.0 / 7));
  EXPECT_EQ(weeks->numbers("litt")[2], std::log(2192.0 / 7));
}

TEST(summarize, litt_has_the_same_bits_for_any_order_of_the_rows) {
  std::vector<std::string> rows;
  for (int i = 0; i < 60; ++i) {
    const int day = i * i % 997;
    rows.push_back("a," + format_time(instant("2020-01-01") + day * us_per_day) + ",1\n");
  }
  double first = 0;
  for (int turn = 0; turn < 4; ++turn) {
    std::rotate(rows.begin(), rows.begin() + 17, rows.end());
    std::string csv = "customer,time,amount\n";
    for (const std::string& row : rows) csv += row;
    const double litt = summary_of(read_rows(csv))->numbers("litt")[0];
    if (turn == 0) first = litt;
    EXPECT_NE(litt, 0.0);
    EXPECT_EQ(litt, first);
  }
}

TEST(summarize, refunds_are_kept_apart_from_purchases) {
  const std::string rows =
      "a,2026-01-01,10,\na,2026-01-02,-4,\na,2026-01-03,6,purchase\na,2026-01-05,2.50,refund\n";
  EXPECT_EQ(daily(rows, "2026-01-08"), (std::vector<line>{{"a", 1, 2, 7, 6}}));
  const auto t = summary_of(read_rows("customer,time,amount,kind\n" + rows));
  EXPECT_EQ(t->integers("revenue", type::money)[0], 1600);
  EXPECT_EQ(t->integers("refunds", type::money)[0], 650);
  EXPECT_EQ(t->integers("last_time", type::time)[0], instant("2026-01-03"));
}

TEST(summarize, a_customer_with_refunds_only_has_no_row_but_a_note) {
  job j = summarize(read_rows("customer,time,amount\na,2026-01-01,-1\nb,2026-01-01,1\n"), {});
  j.run();
  ASSERT_EQ(j.result().tables.at("")->rows(), 1U);
  EXPECT_EQ(j.result().tables.at("")->find("customer")->text(0), "b");
  ASSERT_EQ(j.result().notes.size(), 1U);
  EXPECT_NE(j.result().notes[0].message.find("1 customers have refunds"), std::string::npos);
}

TEST(summarize, a_zero_value_order_counts_in_x_and_never_in_the_mean) {
  const std::string rows = "a,2026-01-01,10,\na,2026-01-02,0,\na,2026-01-03,6,\n";
  EXPECT_EQ(daily(rows, nullptr), (std::vector<line>{{"a", 2, 2, 2, 6}}));
  EXPECT_EQ(daily(rows, nullptr, {.drop_zero_value = true}),
            (std::vector<line>{{"a", 1, 2, 2, 6}}));
  EXPECT_EQ(daily("a,2026-01-01,10,\na,2026-01-02,0,\n", nullptr)[0], (line{"a", 1, 1, 1, 0}));
  EXPECT_TRUE(daily("a,2026-01-01,0,\n", nullptr, {.drop_zero_value = true}).empty());
}

TEST(summarize, the_day_of_as_of_is_the_last_one_observed) {
  const std::string rows =
      "a,2026-01-01,1,\na,2026-01-05T23:59,2,\na,2026-01-06,4,\nb,2026-01-06,1,\n";
  EXPECT_EQ(daily(rows, "2026-01-05"), (std::vector<line>{{"a", 1, 4, 4, 2}}));
  EXPECT_EQ(daily(rows, "2026-01-05T18:00"), (std::vector<line>{{"a", 1, 4, 4, 2}}));
}

TEST(summarize, the_end_of_observation_moves_only_T) {
  const auto early = daily(worked_log, "2015-02-07"), late = daily(worked_log, "2015-03-07");
  for (std::size_t i = 0; i < early.size(); ++i) {
    line moved = early[i];
    moved.T += 28;
    EXPECT_EQ(late[i], moved);
  }
}

TEST(summarize, without_as_of_the_last_event_ends_the_observation) {
  EXPECT_EQ(daily("a,2026-01-01,1,\nb,2026-01-09,-1,\n", nullptr),
            (std::vector<line>{{"a", 0, 0, 8, 0}}));
}

TEST(summarize, a_log_that_begins_after_as_of_gives_no_row_and_says_so) {
  job j = summarize(read_rows("customer,time,amount\na,2026-01-01,1\n"),
                    {.as_of_us = instant("2025-01-01")});
  j.run();
  EXPECT_EQ(j.result().tables.at("")->rows(), 0U);
  ASSERT_EQ(j.result().notes.size(), 1U);
  EXPECT_NE(j.result().notes[0].message.find("2025-01-01"), std::string::npos);
}

TEST(summarize, an_empty_log_gives_an_empty_summary_of_the_same_shape) {
  const auto t = summary_of(read_rows("customer,time,amount\n"));
  EXPECT_EQ(t->rows(), 0U);
  EXPECT_EQ(t->columns().size(), 10U);
}

TEST(summarize, customers_are_ordered_by_the_bytes_of_their_ids) {
  std::string rows;
  std::vector<std::string> ids{"b",
                               "B",
                               "a",
                               "10",
                               "9",
                               "longer than eight bytes",
                               "longer th",
                               "longer t",
                               "\xD1\x97",
                               "longer than eight bytez"};
  for (const std::string& id : ids) rows += id + ",2026-01-01,1,\n";
  std::sort(ids.begin(), ids.end());
  const auto found = daily(rows, nullptr);
  ASSERT_EQ(found.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(found[i].customer, ids[i]);
}

TEST(summarize, many_customers_are_ordered_and_complete_across_units_of_work) {
  auto log = std::make_shared<table>();
  column& customer = log->add("customer", type::utf8);
  column& time = log->add("time", type::time);
  column& amount = log->add("amount", type::money, "EUR");
  constexpr std::uint64_t customers = 40'000;
  for (std::uint64_t i = 0; i < 3 * customers; ++i) {
    customer.push(std::string_view("c" + std::to_string(i * 7919 % customers)));
    time.push(static_cast<std::int64_t>(i / customers) * us_per_day);
    amount.push(static_cast<std::int64_t>(100 + i / customers));
  }
  job j = summarize(log, {.unit = "day"});
  while (!j.step(std::chrono::milliseconds{1})) {
  }
  const table& t = *j.result().tables.at("");
  ASSERT_EQ(t.rows(), customers);
  for (std::size_t i = 0; i < t.rows(); ++i) {
    if (i > 0) {
      ASSERT_LT(t.find("customer")->text(i - 1), t.find("customer")->text(i));
    }
    ASSERT_EQ(t.numbers("x")[i], 2.0);
    ASSERT_EQ(t.integers("revenue", type::money)[i], 303);
    ASSERT_EQ(t.numbers("mean_spend")[i], 1.015);
  }
}

constexpr const char* two_currencies =
    "customer,time,amount,currency\na,2026-01-01,1,EUR\na,2026-01-02,500,JPY\na,2026-01-03,3,EUR\n";

TEST(summarize, mixed_currencies_are_refused_by_name) {
  const issue what = failure_of([] { summary_of(read_rows(two_currencies)); });
  EXPECT_EQ(what.code, status::data);
  EXPECT_NE(what.message.find("EUR, JPY"), std::string::npos);
}

TEST(summarize, a_chosen_currency_leaves_the_others_out) {
  const auto eur = summary_of(read_rows(two_currencies), {.unit = "day", .currency = "EUR"});
  EXPECT_EQ(lines(*eur), (std::vector<line>{{"a", 1, 2, 2, 3}}));
  EXPECT_EQ(eur->find("mean_spend")->unit(), "EUR");
  const auto jpy = summary_of(read_rows(two_currencies), {.unit = "day", .currency = "JPY"});
  EXPECT_EQ(lines(*jpy), (std::vector<line>{{"a", 0, 0, 1, 0}}));
  const issue none = failure_of([] { summary_of(read_rows(two_currencies), {.currency = "USD"}); });
  EXPECT_EQ(none.code, status::data);
  EXPECT_NE(none.message.find("no event is in USD; the log has EUR, JPY"), std::string::npos);
}

TEST(summarize, spend_is_in_major_units_of_its_currency) {
  const std::string rows = "customer,time,amount\na,2026-01-01,1\na,2026-01-02,250\n";
  for (const char* code : {"JPY", "EUR", "KWD"}) {
    const auto t = summary_of(read_rows(rows, {.currency = code}));
    EXPECT_EQ(t->numbers("mean_spend")[0], 250.0) << code;
    EXPECT_EQ(t->find("revenue")->unit(), code);
  }
}

TEST(summarize, a_sum_that_overflows_names_the_customer) {
  for (const char* sign : {"", "-"}) {
    std::string rows = "customer,time,amount\n";
    for (int i = 0; i < 1024; ++i) {  // 2^10 times the largest amount, 2^53, is one too many
      rows += "big,2026-01-0" + std::to_string(i % 9 + 1) + "," + sign + "90071992547409.92\n";
    }
    const issue what = failure_of([&] { summary_of(read_rows(rows)); });
    EXPECT_EQ(what.code, status::data);
    EXPECT_NE(what.message.find("'big'"), std::string::npos);
  }
}

// Logs of hosts do not pass the CSV reader.
table host_log(std::string_view customer,
               std::int64_t time,
               std::int64_t amount,
               std::string_view kind) {
  table t;
  t.add("customer", type::utf8).push(customer);
  t.add("time", type::time).push(time);
  t.add("amount", type::money, "EUR").push(amount);
  t.add("kind", type::utf8).push(kind);
  return t;
}

TEST(summarize, bad_cells_of_a_hosts_log_are_named) {
  const auto failing_column = [](table t) {
    const issue what = failure_of([&] { summary_of(std::make_shared<table>(std::move(t))); });
    EXPECT_EQ(what.code, status::data);
    EXPECT_EQ(what.row, 0);
    EXPECT_TRUE(what.message.starts_with("row 1, column '" + what.column + "'"));
    return what.column;
  };
  constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(failing_column(host_log("", 0, 1, "")), "customer");
  EXPECT_EQ(failing_column(host_log("a", lowest, 1, "")), "time");
  EXPECT_EQ(failing_column(host_log("a", highest, 1, "")), "time");
  EXPECT_EQ(failing_column(host_log("a", 0, lowest, "")), "amount");
  constexpr std::int64_t most = std::int64_t{1} << 53U;
  EXPECT_EQ(failing_column(host_log("a", 0, most + 1, "")), "amount");
  EXPECT_EQ(failing_column(host_log("a", 0, -most - 1, "refund")), "amount");
  EXPECT_EQ(failing_column(host_log("a", 0, -1, "purchase")), "amount");
  EXPECT_EQ(failing_column(host_log("a", end_of_time, 1, "")), "time");
  EXPECT_EQ(failing_column(host_log("a", earliest_time - 1, 1, "")), "time");
  EXPECT_EQ(summary_of(std::make_shared<table>(host_log("a", end_of_time - 1, most, "")))->rows(),
            1U);
  EXPECT_EQ(failing_column(host_log("a", 0, 1, "gift")), "kind");
  table gap = host_log("a", 0, 1, "");
  gap.find("amount")->mark_absent(0);
  EXPECT_EQ(failing_column(std::move(gap)), "amount");
}

TEST(summarize, a_log_without_its_columns_is_refused_at_once) {
  const auto empty = std::make_shared<table>();
  EXPECT_EQ(failure_of([&] { summarize(empty, {}); }).code, status::invalid);
  const auto log = read_rows("customer,time,amount\n");
  EXPECT_EQ(failure_of([&] { summarize(log, {.time_zone = "Nowhere"}); }).code, status::invalid);
  EXPECT_EQ(failure_of([&] { summarize(log, {.currency = "EURO"}); }).code, status::invalid);
}

}  // namespace
}  // namespace clv::test

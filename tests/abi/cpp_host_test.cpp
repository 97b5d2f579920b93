// clv.hpp as a host in C++ uses it. That each of its headers stands alone: headers_test.py.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "clv.hpp"

namespace {

namespace host = clv::host;

constexpr std::int64_t day_us = std::int64_t{86'400} * 1'000'000;

struct order {
  std::string customer;
  std::int64_t time_us = 0;
  std::int64_t cents = 0;
  double weight = 1;
};

// Customers c0 to c7; customer k orders every 5 + 3k days up to day 30 + 20k.
std::vector<order> orders_of_eight() {
  std::vector<order> all;
  for (std::int64_t k = 0; k < 8; ++k) {
    for (std::int64_t day = k; day <= 30 + 20 * k; day += 5 + 3 * k) {
      all.push_back({"c" + std::to_string(k), (20'000 + day) * day_us, 2000 + 500 * k, 1});
    }
  }
  return all;
}

host::columns batch_of_orders(const std::vector<order>& orders) {
  host::columns in;
  in.texts("customer", orders, &order::customer);
  in.integers("time", orders, &order::time_us, CLV_T_TIME);
  in.integers("amount", orders, &order::cents, CLV_T_MONEY, "EUR");
  return in;
}

host::model given_model() {
  return host::model::load(R"({"format": "clv.model/1", "unit": "week", "currency": "EUR",
    "purchase": {"model": "bg_nbd", "parameters": {"r": 0.8, "alpha": 2.0, "a": 0.8, "b": 2.5}},
    "spend": {"model": "gamma_gamma", "parameters": {"p": 6.25, "q": 3.75, "gamma": 15.5}}})");
}

host::table summary_of(const host::columns& log) {
  return host::begin(clv_summarize_begin, nullptr, log).answer();
}

TEST(cpp_host, strided_records_and_separate_vectors_give_the_same_summary) {
  const std::vector<order> records = orders_of_eight();
  std::vector<std::string> customers;
  std::vector<std::int64_t> times, cents;
  for (const order& o : records) {
    customers.push_back(o.customer);
    times.push_back(o.time_us);
    cents.push_back(o.cents);
  }
  host::columns apart;
  apart.texts("customer", customers)
      .integers("time", times, CLV_T_TIME)
      .integers("amount", cents, CLV_T_MONEY, "EUR");
  const host::table one = summary_of(batch_of_orders(records)), other = summary_of(apart);
  EXPECT_EQ(one.rows(), 8);
  EXPECT_EQ(one.fingerprint(), other.fingerprint());
}

TEST(cpp_host, numbers_are_read_where_they_lie) {
  const std::vector<order> records = orders_of_eight();
  host::columns in;
  in.numbers("weight", records, &order::weight);
  const clv_batch* batch = in;
  EXPECT_EQ(batch->columns[0].data, &records.front().weight);
  EXPECT_EQ(batch->columns[0].stride, static_cast<std::int64_t>(sizeof(order)));
}

TEST(cpp_host, columns_keep_what_they_point_to_when_moved_and_added_to) {
  host::columns in = batch_of_orders(orders_of_eight());
  const std::vector<double> extra(orders_of_eight().size(), 1.5);
  in.numbers("a_name_that_is_too_long_for_a_small_string", extra, "a_unit_that_is_long_as_well");
  const host::columns moved = std::move(in);
  const clv_batch* batch = moved;
  EXPECT_EQ(batch->n_columns, 4U);
  EXPECT_STREQ(batch->columns[0].name, "customer");
  EXPECT_STREQ(batch->columns[2].unit, "EUR");
  EXPECT_STREQ(batch->columns[3].unit, "a_unit_that_is_long_as_well");
  EXPECT_EQ(static_cast<const char*>(batch->columns[0].data)[1], '0');
}

TEST(cpp_host, columns_of_different_length_are_refused_by_name) {
  const std::vector<double> two{1, 2}, three{1, 2, 3};
  host::columns in;
  in.numbers("x", two);
  try {
    in.numbers("t_x", three);
    FAIL() << "three rows beside two";
  } catch (const host::error& e) {
    EXPECT_EQ(e.status(), CLV_E_INVALID);
    EXPECT_STREQ(e.what(), "column 't_x' has 3 rows, the one before 2");
    EXPECT_EQ(e.reason().column, "t_x");
  }
  EXPECT_THROW(host::columns().present(nullptr), host::error);
}

template <typename Items>
constexpr auto can_be_lent(int)
    -> decltype(std::declval<host::columns&>().numbers("x", std::declval<Items>()), bool()) {
  return true;
}
template <typename Items>
constexpr bool can_be_lent(long) {
  return false;
}

TEST(cpp_host, a_vector_that_ends_with_the_expression_does_not_compile) {
  EXPECT_TRUE(can_be_lent<const std::vector<double>&>(0));
  EXPECT_FALSE(can_be_lent<std::vector<double>>(0));
}

TEST(cpp_host, an_error_names_status_row_column_and_sentence) {
  const std::vector<double> x{1, 2}, t_x{5, 40}, T{30, 30};
  host::columns summary;
  summary.numbers("x", x).numbers("t_x", t_x).numbers("T", T);
  try {
    host::begin(clv_score_begin, nullptr, given_model(), summary).answer();
    FAIL() << "a purchase after the end of observation";
  } catch (const host::error& e) {
    EXPECT_EQ(e.status(), e.reason().status);
    EXPECT_STRNE(e.status_name(), "CLV_OK");
    EXPECT_EQ(e.reason().row, 1);
    EXPECT_NE(std::string(e.what()).find("row 2"), std::string::npos) << e.what();
    EXPECT_EQ(e.notes().back().message, e.what());
  }
}

TEST(cpp_host, a_column_that_is_not_there_is_an_error_not_a_wrong_number) {
  const host::table summary = summary_of(batch_of_orders(orders_of_eight()));
  EXPECT_THROW(summary.numbers("no_such"), host::error);
  EXPECT_THROW(summary.texts("no_such"), host::error);
  EXPECT_THROW(summary.numbers("customer"), host::error);  // a text
}

TEST(cpp_host, absent_values_are_nan_zero_or_nothing) {
  const std::vector<double> x{1, 2}, t_x{5, 6}, T{30, 30}, spend{12.5, 99};
  const std::vector<std::string> customers{"anna", "björn"};
  const std::vector<std::uint8_t> only_the_first{0b01};
  host::columns summary;
  summary.texts("customer", customers).numbers("x", x).numbers("t_x", t_x).numbers("T", T);
  summary.numbers("mean_spend", spend, "EUR").present(only_the_first.data());
  const host::table scores = host::begin(clv_score_begin, nullptr, given_model(), summary).answer();
  EXPECT_EQ(scores.info(scores.find("mean_spend")).absent, 1);
  EXPECT_EQ(scores.numbers("mean_spend")[0], 12.5);
  EXPECT_TRUE(std::isnan(scores.numbers("mean_spend")[1]));
  EXPECT_EQ(scores.text("customer", 1), "björn");
  EXPECT_EQ(scores.text("customer", 2), std::nullopt);
  EXPECT_EQ(scores.integers("x"), (std::vector<std::int64_t>{1, 2}));
}

TEST(cpp_host, the_engine_goes_from_orders_to_scores) {
  const host::engine store = host::engine::in_memory();
  host::begin(clv_engine_ingest_begin, store, nullptr, batch_of_orders(orders_of_eight())).answer();
  clv_fit_options fit = CLV_SIZED(clv_fit_options);
  fit.model = "nbd";
  host::job fitting = host::begin(clv_engine_fit_begin, store, nullptr, &fit);
  double before = 0;
  fitting.answer([&](const clv_progress& now) {
    EXPECT_GE(now.fraction, before);
    before = now.fraction;
  });
  EXPECT_EQ(fitting.take_model().parameters().texts("model")[0], "nbd");
  const host::table scores = host::begin(clv_engine_score_begin, store, nullptr).answer();
  EXPECT_EQ(scores.fingerprint(), store.read("scores").fingerprint());
  EXPECT_EQ(scores.text("customer", 0), "c0");
  EXPECT_EQ(store.latest_model().save().substr(0, 1), "{");
}

TEST(cpp_host, a_model_saved_and_loaded_scores_one_customer_as_the_table_does) {
  const host::model model = host::model::load(given_model().save());
  const host::table summary = summary_of(batch_of_orders(orders_of_eight()));
  const host::table scores = host::begin(clv_score_begin, nullptr, model, summary.batch()).answer();
  const host::scorer one(model);
  const clv_score score = one.row(summary.numbers("x")[3],
                                  summary.numbers("t_x")[3],
                                  summary.numbers("T")[3],
                                  summary.numbers("mean_spend")[3]);
  EXPECT_EQ(score.p_alive, scores.numbers("p_alive")[3]);
  EXPECT_EQ(score.clv, scores.numbers("clv")[3]);
}

TEST(cpp_host, a_cancelled_job_ends_with_its_status) {
  host::job job = host::begin(clv_summarize_begin, nullptr, batch_of_orders(orders_of_eight()));
  job.cancel();
  try {
    job.step(0);
    FAIL() << "it went on";
  } catch (const host::error& e) {
    EXPECT_EQ(e.status(), CLV_E_CANCELLED);
  }
}

TEST(cpp_host, an_arrow_stream_is_a_batch) {
  const host::table summary = summary_of(batch_of_orders(orders_of_eight()));
  ArrowArrayStream stream{};
  host::call(clv_result_export, summary, &stream);
  const host::arrow back(&stream);
  const host::table direct =
      host::begin(clv_score_begin, nullptr, given_model(), summary.batch()).answer();
  const host::table by_arrow =
      host::begin(clv_score_begin, nullptr, given_model(), back.batch()).answer();
  EXPECT_EQ(direct.fingerprint(), by_arrow.fingerprint());
}

TEST(cpp_host, a_plugin_that_cannot_be_loaded_says_why) {
  host::plugins plugins;
  EXPECT_EQ(plugins.list().rows(), 0);
  try {
    plugins.load("/no/such/plugin.so");
    FAIL() << "nothing was there";
  } catch (const host::error& e) {
    EXPECT_EQ(e.status(), CLV_E_IO);
    EXPECT_NE(std::string(e.what()).find("/no/such/plugin.so"), std::string::npos);
  }
}

}  // namespace

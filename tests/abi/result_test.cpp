// Reading answers: conversions, strides, validity, texts.
#include <cmath>

#include "support.hpp"

namespace {

using namespace clv_test;

// A table with a text, a time, an amount and an absent value, by way of CSV.
class result : public testing::Test {
 protected:
  result_ptr table_ = read(
      "customer,time,amount,event_id\n"
      "ana,1997-01-01,12.50,e1\n"
      "bob,1997-01-02,0,\n"
      "cy\xC3\xA9,1997-01-03,90071992547409.92,e3\n");
  diag_ptr diag_ = new_diag();

  static result_ptr read(const std::string& text, const char* schema = nullptr) {
    clv_csv_options o = CLV_SIZED(clv_csv_options);
    o.schema = schema;
    o.text = text.data();
    o.size = static_cast<int64_t>(text.size());
    o.currency = "EUR";
    return answer_of([&](clv_job** job, clv_diag* diag) { return clv_csv_begin(&o, job, diag); });
  }

  clv_read_options reading(const char* column, void* out, clv_type as = 0) const {
    clv_read_options what = CLV_SIZED(clv_read_options);
    what.column = clv_result_find(table_.get(), column);
    what.as_type = as;
    what.values = out;
    return what;
  }
  clv_status read(const clv_read_options& what) {
    clv_diag_clear(diag_.get());
    return clv_result_read(table_.get(), &what, diag_.get());
  }
};

TEST_F(result, says_its_shape_and_columns) {
  EXPECT_EQ(clv_result_rows(table_.get()), 3);
  clv_column_info info = CLV_SIZED(clv_column_info);
  const int32_t amount = clv_result_find(table_.get(), "amount");
  ASSERT_EQ(clv_result_column(table_.get(), amount, &info, nullptr), CLV_OK);
  EXPECT_EQ(info.type, static_cast<clv_type>(CLV_T_MONEY));
  EXPECT_STREQ(info.unit, "EUR");
  EXPECT_EQ(info.absent, 0);
  const int32_t event = clv_result_find(table_.get(), "event_id");
  ASSERT_EQ(clv_result_column(table_.get(), event, &info, nullptr), CLV_OK);
  EXPECT_EQ(info.absent, 1);
  EXPECT_EQ(clv_result_find(table_.get(), "no such"), -1);
  EXPECT_EQ(clv_result_column(table_.get(), 99, &info, nullptr), CLV_E_INVALID);
  EXPECT_EQ(clv_result_column(table_.get(), -1, &info, nullptr), CLV_E_INVALID);
}

TEST_F(result, texts_end_with_nul_and_have_a_length) {
  int64_t length = 0;
  const int32_t customer = clv_result_find(table_.get(), "customer");
  EXPECT_STREQ(clv_result_text(table_.get(), customer, 0, &length), "ana");
  EXPECT_EQ(length, 3);
  EXPECT_STREQ(clv_result_text(table_.get(), customer, 2, &length), "cy\xC3\xA9");
  EXPECT_EQ(length, 4);
  EXPECT_EQ(clv_result_text(table_.get(), customer, 3, nullptr), nullptr);
  EXPECT_EQ(clv_result_text(table_.get(), customer, -1, nullptr), nullptr);
  EXPECT_EQ(clv_result_text(table_.get(), clv_result_find(table_.get(), "event_id"), 1, nullptr),
            nullptr);
  EXPECT_EQ(clv_result_text(table_.get(), clv_result_find(table_.get(), "amount"), 0, nullptr),
            nullptr);
}

TEST_F(result, numbers_come_one_by_one) {
  const int32_t amount = clv_result_find(table_.get(), "amount");
  EXPECT_EQ(clv_result_number(table_.get(), amount, 0), 1250.0);
  EXPECT_TRUE(std::isnan(clv_result_number(table_.get(), amount, 3)));
  EXPECT_TRUE(std::isnan(clv_result_number(table_.get(), 0, 0))) << "a text";
  EXPECT_TRUE(std::isnan(clv_result_number(table_.get(), 99, 0)));
}

TEST_F(result, money_and_times_are_read_as_they_are) {
  int64_t out[3] = {};
  EXPECT_EQ(read(reading("amount", out)), CLV_OK);
  EXPECT_EQ(out[0], 1250);
  EXPECT_EQ(out[2], 9007199254740992);
  EXPECT_EQ(read(reading("time", out)), CLV_OK);
  EXPECT_EQ(out[0], 852'076'800'000'000);
}

TEST_F(result, a_conversion_that_would_lose_something_writes_nothing) {
  // One amount is exact as a double; a sum of many need not be.
  table_ = read("x,revenue\n1,12.50\n2,0\n3,9007199254740992.01\n", "summary");
  double out[3] = {-1, -1, -1};
  EXPECT_EQ(read(reading("revenue", out, CLV_T_F64)), CLV_E_UNSUPPORTED);
  EXPECT_NE(said(diag_).find("row 3"), std::string::npos) << said(diag_);
  EXPECT_EQ(out[0], -1);
  clv_read_options first = reading("revenue", out, CLV_T_F64);
  first.count = 2;
  EXPECT_EQ(read(first), CLV_OK);
  EXPECT_EQ(out[0], 1250.0);
  EXPECT_EQ(out[2], -1);
}

TEST_F(result, fractions_are_not_read_as_whole_numbers) {
  const result_ptr scores = scores_of(summary_of(simulated_log(50)));
  int64_t out[50];
  clv_read_options what = CLV_SIZED(clv_read_options);
  what.values = out;
  what.as_type = CLV_T_I64;
  what.column = clv_result_find(scores.get(), "x");
  EXPECT_EQ(clv_result_read(scores.get(), &what, nullptr), CLV_OK);
  what.column = clv_result_find(scores.get(), "expected_purchases");
  EXPECT_EQ(clv_result_read(scores.get(), &what, nullptr), CLV_E_UNSUPPORTED);
}

TEST_F(result, a_meaning_is_not_gained_by_a_conversion) {
  int64_t out[3];
  EXPECT_EQ(read(reading("amount", out, CLV_T_TIME)), CLV_E_UNSUPPORTED);
  EXPECT_EQ(read(reading("amount", out, CLV_T_I64)), CLV_OK);
  EXPECT_EQ(read(reading("amount", out, 42)), CLV_E_UNSUPPORTED);
  EXPECT_EQ(read(reading("customer", out)), CLV_E_INVALID) << "texts have a function of their own";
}

TEST_F(result, strides_and_ranges_are_kept) {
  struct {
    int64_t value;
    int64_t other;
  } out[2] = {{0, -7}, {0, -7}};
  clv_read_options what = reading("amount", &out[0].value);
  what.first = 1;
  what.count = 2;
  what.stride = sizeof out[0];
  EXPECT_EQ(read(what), CLV_OK);
  EXPECT_EQ(out[0].value, 0);
  EXPECT_EQ(out[1].value, 9007199254740992);
  EXPECT_EQ(out[0].other, -7);
  for (const int64_t stride : {-16, 4}) {
    what.stride = stride;
    EXPECT_EQ(read(what), CLV_E_INVALID) << stride;
  }
}

TEST_F(result, rows_out_of_range_are_refused) {
  int64_t out[3];
  clv_read_options what = reading("amount", out);
  const int64_t huge = INT64_MAX;
  const int64_t bad[][2] = {{-1, 1}, {0, 4}, {4, 0}, {0, -1}, {1, 3}, {huge, huge}, {1, huge}};
  for (const auto& [first, count] : bad) {
    what.first = first;
    what.count = count;
    EXPECT_EQ(read(what), CLV_E_INVALID) << first << "+" << count;
  }
  what.first = 3;
  what.count = 0;
  EXPECT_EQ(read(what), CLV_OK) << "no rows behind the last one";
  what.first = 0;
  what.values = nullptr;
  EXPECT_EQ(read(what), CLV_E_INVALID);
}

TEST_F(result, validity_says_what_is_absent) {
  // mean_spend is absent for who has bought once only.
  const result_ptr summary = summary_of(simulated_log(10));
  double out[10];
  uint8_t validity[2] = {0xFF, 0xFF};
  clv_read_options what = CLV_SIZED(clv_read_options);
  what.column = clv_result_find(summary.get(), "mean_spend");
  ASSERT_GE(what.column, 0);
  what.values = out;
  what.validity = validity;
  ASSERT_EQ(clv_result_read(summary.get(), &what, nullptr), CLV_OK);
  const int32_t x = clv_result_find(summary.get(), "x");
  int absent = 0;
  for (int64_t row = 0; row < 10; ++row) {
    const bool present = ((validity[row / 8] >> (row % 8)) & 1) != 0;
    EXPECT_EQ(present, !std::isnan(out[row]));
    EXPECT_TRUE(present || clv_result_number(summary.get(), x, row) == 0);
    absent += !present;
  }
  EXPECT_EQ(validity[1] & ~3, 0) << "bits behind the last row";
  clv_column_info info = CLV_SIZED(clv_column_info);
  ASSERT_EQ(clv_result_column(summary.get(), what.column, &info, nullptr), CLV_OK);
  EXPECT_EQ(info.absent, absent);
}

TEST_F(result, a_batch_of_a_result_feeds_the_next_verb) {
  const clv_batch lent = batch_of(table_);
  EXPECT_EQ(lent.n_rows, 3);
  EXPECT_EQ(lent.n_columns, static_cast<uint32_t>(clv_result_columns(table_.get())));
  EXPECT_EQ(lent.columns[0].spare, nullptr);
}

TEST_F(result, equal_tables_have_equal_fingerprints) {
  const result_ptr once = simulated_log(20), again = simulated_log(20);
  EXPECT_EQ(std::string(clv_result_fingerprint(once.get())).size(), 32U);
  EXPECT_STREQ(clv_result_fingerprint(once.get()), clv_result_fingerprint(again.get()));
  EXPECT_STRNE(clv_result_fingerprint(once.get()), clv_result_fingerprint(simulated_log(21).get()));
}

TEST_F(result, a_csv_that_cannot_be_written_says_why) {
  EXPECT_EQ(clv_result_write_csv(table_.get(), "/no/such/folder/x.csv", diag_.get()), CLV_E_IO);
  EXPECT_NE(said(diag_).find("/no/such/folder/x.csv"), std::string::npos) << said(diag_);
}

TEST_F(result, the_catalogue_lists_what_can_be_asked_for) {
  for (const char* what : {"models", "segmentations", "schemas"}) {
    clv_result* made = nullptr;
    ASSERT_EQ(clv_catalogue(what, &made, diag_.get()), CLV_OK) << said(diag_);
    const result_ptr list(made);
    EXPECT_GE(clv_result_rows(list.get()), 2) << what;
  }
  clv_result* none = nullptr;
  EXPECT_EQ(clv_catalogue("cats", &none, diag_.get()), CLV_E_NOT_FOUND);
  EXPECT_EQ(none, nullptr);
}

}  // namespace

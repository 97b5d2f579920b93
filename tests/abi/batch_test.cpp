// Columns from a hostile or careless host: always a status and a sentence, never a crash.
#include <cmath>
#include <limits>

#include "support.hpp"

namespace {

using namespace clv_test;

// A summary of three customers that each test breaks in one place.
class batch : public testing::Test {
 protected:
  std::vector<double> x_{0, 1, 2}, t_x_{0, 5, 9}, age_{30, 30, 30};
  std::string chars_ = "anabobcyd";
  std::vector<int64_t> offsets_{0, 3, 6, 9};
  std::vector<clv_column> columns_{
      text(), number_column("x", x_), number_column("t_x", t_x_), number_column("T", age_)};
  clv_batch in_ = batch_of(columns_, 3);
  diag_ptr diag_ = new_diag();
  model_ptr model_ = known_model();

  clv_column text() const {
    clv_column c{};
    c.name = "customer";
    c.type = CLV_T_UTF8;
    c.data = chars_.data();
    c.offsets = offsets_.data();
    return c;
  }

  // What clv_score_begin says to the batch as it is now.
  clv_status begin() {
    clv_diag_clear(diag_.get());
    in_.columns = columns_.data();
    in_.n_columns = static_cast<uint32_t>(columns_.size());
    clv_job* job = nullptr;
    const clv_status status = clv_score_begin(nullptr, model_.get(), &in_, &job, diag_.get());
    EXPECT_EQ(job != nullptr, status >= 0);
    clv_job_free(job);
    return status;
  }

  result_ptr scores() {
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_score_begin(nullptr, model_.get(), &in_, job, diag);
    });
  }

  bool says(const std::string& words) const { return said(diag_).find(words) != std::string::npos; }
};

TEST_F(batch, a_good_one_is_taken) {
  EXPECT_EQ(begin(), CLV_OK) << said(diag_);
}

TEST_F(batch, negative_rows_are_refused) {
  in_.n_rows = -1;
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("-1")) << said(diag_);
}

TEST_F(batch, more_rows_than_any_memory_holds_are_a_status) {
  in_.n_rows = std::numeric_limits<int64_t>::max();
  columns_ = {columns_[1]};
  const clv_status status = begin();
  EXPECT_TRUE(status == CLV_E_NO_MEMORY || status == CLV_E_LIMIT) << status;
}

TEST_F(batch, null_data_is_refused_and_named) {
  columns_[1].data = nullptr;
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("column 'x'")) << said(diag_);
}

TEST_F(batch, null_columns_are_refused) {
  clv_job* job = nullptr;
  in_.columns = nullptr;
  EXPECT_EQ(clv_score_begin(nullptr, model_.get(), &in_, &job, diag_.get()), CLV_E_INVALID);
  EXPECT_TRUE(says("columns")) << said(diag_);
}

TEST_F(batch, a_column_without_a_name_is_refused_with_its_number) {
  columns_[2].name = nullptr;
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("column 2")) << said(diag_);
  columns_[2].name = "\xFF";
  EXPECT_EQ(begin(), CLV_E_INVALID);
}

TEST_F(batch, the_same_name_twice_is_refused) {
  columns_[2].name = "x";
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("column 'x'") && says("twice")) << said(diag_);
}

TEST_F(batch, a_missing_column_is_named) {
  columns_.erase(columns_.begin() + 1);
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("'x'")) << said(diag_);
}

TEST_F(batch, an_unknown_type_is_refused) {
  columns_[1].type = 77;
  EXPECT_EQ(begin(), CLV_E_UNSUPPORTED);
  EXPECT_TRUE(says("77") && says("'x'")) << said(diag_);
}

TEST_F(batch, spare_words_that_are_set_are_refused) {
  columns_[1].spare_word = 1;
  EXPECT_EQ(begin(), CLV_E_UNSUPPORTED);
  columns_[1].spare_word = 0;
  columns_[1].spare = this;
  EXPECT_EQ(begin(), CLV_E_UNSUPPORTED);
}

TEST_F(batch, strides_that_overlap_or_go_back_are_refused) {
  for (const int64_t stride : {-8, 1, 7}) {
    columns_[1].stride = stride;
    EXPECT_EQ(begin(), CLV_E_INVALID) << stride;
    EXPECT_TRUE(says(std::to_string(stride))) << said(diag_);
  }
}

TEST_F(batch, offsets_must_be_there_and_rise_from_zero_or_more) {
  offsets_ = {0, 6, 3, 9};
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("row 2") && says("'customer'")) << said(diag_);
  offsets_ = {-1, 3, 6, 9};
  EXPECT_EQ(begin(), CLV_E_INVALID);
  columns_[0].offsets = nullptr;
  EXPECT_EQ(begin(), CLV_E_INVALID);
}

TEST_F(batch, text_that_is_not_utf8_is_refused_with_its_row) {
  for (const char* bad : {"\xC3(", "\xED\xA0\x80", "\xC0\x80", "\xF5\x80\x80\x80", "\xE2\x82"}) {
    chars_ = "anabob" + std::string(bad);
    offsets_[3] = static_cast<int64_t>(chars_.size());
    columns_[0].data = chars_.data();
    EXPECT_EQ(begin(), CLV_E_INVALID);
    EXPECT_TRUE(says("row 3") && says("'customer'") && says("UTF-8")) << said(diag_);
  }
}

TEST_F(batch, a_nul_byte_in_a_text_is_refused) {
  chars_[4] = '\0';
  columns_[0].data = chars_.data();
  EXPECT_EQ(begin(), CLV_E_INVALID);
  EXPECT_TRUE(says("row 2") && says("NUL")) << said(diag_);
}

TEST_F(batch, the_diagnostic_has_row_and_column_as_fields) {
  offsets_ = {0, 6, 3, 9};
  EXPECT_EQ(begin(), CLV_E_INVALID);
  clv_diag_entry entry = CLV_SIZED(clv_diag_entry);
  ASSERT_EQ(clv_diag_get(diag_.get(), 0, &entry), CLV_OK);
  EXPECT_EQ(entry.status, CLV_E_INVALID);
  EXPECT_EQ(entry.level, CLV_LOG_ERROR);
  EXPECT_EQ(entry.row, 1);
  EXPECT_STREQ(entry.column, "customer");
  EXPECT_EQ(entry.plugin_id, nullptr);
}

TEST_F(batch, no_rows_need_no_pointers) {
  for (clv_column& c : columns_) {
    c.data = nullptr;
    c.offsets = nullptr;
  }
  in_.n_rows = 0;
  EXPECT_EQ(begin(), CLV_OK) << said(diag_);
}

TEST_F(batch, a_column_the_verb_does_not_know_is_not_even_read) {
  clv_column other{};
  other.name = "shoe_size";
  other.type = 999;
  columns_.push_back(other);
  EXPECT_EQ(begin(), CLV_OK) << said(diag_);
}

TEST_F(batch, strided_and_packed_columns_give_the_same_scores) {
  struct record {
    float unaligned;
    double values[3];
  };
  std::vector<record> records(3);
  for (std::size_t i = 0; i < 3; ++i) records[i] = {0, {x_[i], t_x_[i], age_[i]}};
  const result_ptr packed = scores();
  for (std::size_t c = 0; c < 3; ++c) {
    columns_[c + 1].data = &records[0].values[c];
    columns_[c + 1].stride = sizeof(record);
  }
  const result_ptr strided = scores();
  EXPECT_STREQ(clv_result_fingerprint(packed.get()), clv_result_fingerprint(strided.get()));
}

TEST_F(batch, whole_numbers_of_32_and_64_bits_are_widened) {
  const std::vector<int32_t> narrow{0, 1, 2};
  const std::vector<int64_t> wide{0, 1, 2};
  const result_ptr doubles = scores();
  columns_[1].type = CLV_T_I32;
  columns_[1].data = narrow.data();
  const result_ptr from_narrow = scores();
  columns_[1].type = CLV_T_I64;
  columns_[1].data = wide.data();
  const result_ptr from_wide = scores();
  EXPECT_STREQ(clv_result_fingerprint(doubles.get()), clv_result_fingerprint(from_narrow.get()));
  EXPECT_STREQ(clv_result_fingerprint(doubles.get()), clv_result_fingerprint(from_wide.get()));
}

TEST_F(batch, absent_rows_are_not_read) {
  const uint8_t present = 0b101;
  offsets_ = {0, 3, 6, 9};
  chars_[4] = '\xFF';  // of the absent row
  columns_[0].data = chars_.data();
  columns_[0].validity = &present;
  ASSERT_EQ(begin(), CLV_OK) << said(diag_);
  const result_ptr made = scores();
  const int32_t customer = clv_result_find(made.get(), "customer");
  EXPECT_STREQ(clv_result_text(made.get(), customer, 0, nullptr), "ana");
  EXPECT_EQ(clv_result_text(made.get(), customer, 1, nullptr), nullptr);
  EXPECT_STREQ(clv_result_text(made.get(), customer, 2, nullptr), "cyd");
}

TEST_F(batch, impossible_customers_fail_with_row_column_and_value) {
  t_x_[2] = 31;
  clv_job* made = nullptr;
  clv_status status = clv_score_begin(nullptr, model_.get(), &in_, &made, diag_.get());
  const job_ptr job(made);
  if (status == CLV_OK) status = clv_job_step(job.get(), 0, diag_.get());
  EXPECT_EQ(status, CLV_E_NUMERIC);
  EXPECT_TRUE(says("31") && says("t_x")) << said(diag_);
}

TEST_F(batch, not_a_number_fails) {
  x_[1] = std::nan("");
  clv_job* made = nullptr;
  clv_status status = clv_score_begin(nullptr, model_.get(), &in_, &made, diag_.get());
  const job_ptr job(made);
  if (status == CLV_OK) status = clv_job_step(job.get(), 0, diag_.get());
  EXPECT_EQ(status, CLV_E_NUMERIC);
}

}  // namespace

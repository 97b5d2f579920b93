// What a host says about a fit reaches it: covariates beside the schema, priors, held parameters.
#include <cmath>

#include "support.hpp"

namespace {

using namespace clv_test;

// Customers of two channels, those of channel 1 with purchases twice as dense.
class fit : public testing::Test {
 protected:
  static constexpr int64_t rows = 400;
  std::vector<double> x_, t_x_, age_, channel_;
  std::vector<int32_t> channel_i32_;
  std::vector<clv_column> columns_;
  diag_ptr diag_ = new_diag();
  clv_fit_options options_ = CLV_SIZED(clv_fit_options);

  void SetUp() override {
    for (int64_t i = 0; i < rows; ++i) {
      const bool second = i % 2 == 1;
      const auto n = static_cast<double>((i * 7919) % 11 % (second ? 9 : 5));
      x_.push_back(n);
      age_.push_back(30. + static_cast<double>(i % 13));
      t_x_.push_back(n == 0 ? 0 : age_.back() * n / (n + 1. + static_cast<double>(i % 3)));
      channel_.push_back(second ? 1 : 0);
      channel_i32_.push_back(second ? 1 : 0);
    }
    columns_ = {number_column("x", x_),
                number_column("t_x", t_x_),
                number_column("T", age_),
                number_column("channel", channel_)};
    options_.model = "bg_nbd";
  }

  clv_batch in() const { return batch_of(columns_, rows); }

  model_ptr fitted() {
    const clv_batch batch = in();
    clv_job* made = nullptr;
    EXPECT_EQ(clv_fit_begin(&options_, &batch, &made, diag_.get()), CLV_OK) << said(diag_);
    const job_ptr job(made);
    if (job == nullptr) return nullptr;
    EXPECT_EQ(clv_job_step(job.get(), 0, diag_.get()), CLV_OK) << said(diag_);
    clv_model* model = nullptr;
    EXPECT_EQ(clv_job_take_model(job.get(), &model, diag_.get()), CLV_OK) << said(diag_);
    return model_ptr(model);
  }

  // The value of a parameter or coefficient, or NaN.
  static double value_of(const model_ptr& model, const std::string& parameter) {
    clv_result* made = nullptr;
    EXPECT_EQ(clv_model_table(model.get(), &made, nullptr), CLV_OK);
    const result_ptr table(made);
    const int32_t names = clv_result_find(table.get(), "parameter");
    for (int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
      if (clv_result_text(table.get(), names, row, nullptr) == parameter) {
        return clv_result_number(table.get(), clv_result_find(table.get(), "value"), row);
      }
    }
    return std::nan("");
  }

  result_ptr scores(const model_ptr& model) {
    const clv_batch batch = in();
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_score_begin(nullptr, model.get(), &batch, job, diag);
    });
  }
};

TEST_F(fit, reads_covariates_beside_the_schema) {
  options_.transaction_covariates = "channel";
  const model_ptr model = fitted();
  ASSERT_NE(model, nullptr);
  EXPECT_GT(value_of(model, "transaction.channel"), .1);  // positive: more purchases
  EXPECT_TRUE(std::isnan(value_of(model, "life.channel")));
}

TEST_F(fit, takes_whole_numbers_as_covariates) {
  options_.transaction_covariates = "channel";
  const double of_doubles = value_of(fitted(), "transaction.channel");
  columns_[3].type = CLV_T_I32;
  columns_[3].data = channel_i32_.data();
  EXPECT_EQ(value_of(fitted(), "transaction.channel"), of_doubles);
}

TEST_F(fit, says_which_covariate_is_not_there_or_is_no_number) {
  const clv_batch batch = in();
  clv_job* job = nullptr;
  options_.transaction_covariates = "channel,height";
  clv_status status = clv_fit_begin(&options_, &batch, &job, diag_.get());
  if (status >= 0) status = clv_job_step(job, 0, diag_.get());
  EXPECT_LT(status, 0);
  EXPECT_NE(said(diag_).find("height"), std::string::npos) << said(diag_);
  clv_job_free(job);
}

TEST_F(fit, score_reads_the_covariates_its_model_names) {
  options_.transaction_covariates = "channel";
  const model_ptr model = fitted();
  const result_ptr with = scores(model);
  ASSERT_NE(with, nullptr);
  const int32_t column = clv_result_find(with.get(), "expected_purchases");
  const double before = clv_result_number(with.get(), column, 0);
  channel_[0] = 1;  // the first customer changes channel: same history, higher rate
  const double after = clv_result_number(scores(model).get(), column, 0);
  EXPECT_GT(std::abs(after - before), 1e-6);
}

TEST_F(fit, score_without_the_covariates_is_refused) {
  options_.transaction_covariates = "channel";
  const model_ptr model = fitted();
  columns_.pop_back();
  const clv_batch batch = in();
  clv_job* job = nullptr;
  clv_status status = clv_score_begin(nullptr, model.get(), &batch, &job, diag_.get());
  if (status >= 0) status = clv_job_step(job, 0, diag_.get());
  EXPECT_LT(status, 0);
  EXPECT_NE(said(diag_).find("channel"), std::string::npos) << said(diag_);
  clv_job_free(job);
}

TEST_F(fit, holds_fixed_parameters) {
  options_.fixed = "r=0.5";
  EXPECT_EQ(value_of(fitted(), "r"), .5);
}

TEST_F(fit, is_drawn_by_a_prior) {
  const double free = value_of(fitted(), "r");
  options_.priors = "r=lognormal:3:0.01";  // almost certain of exp(3)
  const double drawn = value_of(fitted(), "r");
  EXPECT_GT(std::abs(std::log(drawn / free)), .5);
  EXPECT_NEAR(std::log(drawn), 3, .1);
}

TEST_F(fit, shrinks_coefficients_by_the_penalty) {
  options_.transaction_covariates = "channel";
  const double free = value_of(fitted(), "transaction.channel");
  options_.l2_transaction = 10;
  const double penalised = value_of(fitted(), "transaction.channel");
  EXPECT_LT(std::abs(penalised), .2 * std::abs(free));
}

TEST_F(fit, refuses_options_that_name_nothing) {
  const clv_batch batch = in();
  for (const auto& [priors, fixed] :
       {std::pair{"nosuch=gamma:2:1", ""}, std::pair{"", "nosuch=1"}}) {
    clv_job* job = nullptr;
    options_.priors = priors;
    options_.fixed = fixed;
    clv_diag_clear(diag_.get());
    clv_status status = clv_fit_begin(&options_, &batch, &job, diag_.get());
    if (status >= 0) status = clv_job_step(job, 0, diag_.get());
    EXPECT_EQ(status, CLV_E_INVALID);
    EXPECT_NE(said(diag_).find("nosuch"), std::string::npos) << said(diag_);
    clv_job_free(job);
  }
}

}  // namespace

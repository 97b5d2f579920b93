// Growth rule one as a caller meets it: shorter, longer and broken option structs.
#include <cstddef>
#include <cstring>

#include "support.hpp"

namespace {

using namespace clv_test;

const std::vector<double> x{0, 1, 2, 3}, t_x{0, 5, 9, 20}, age{30, 30, 30, 30};
const std::vector<clv_column> summary_columns{
    number_column("x", x), number_column("t_x", t_x), number_column("T", age)};

clv_status begin_fit(const void* options, const diag_ptr& diag) {
  const clv_batch in = batch_of(summary_columns, 4);
  clv_job* job = nullptr;
  const clv_status status =
      clv_fit_begin(static_cast<const clv_fit_options*>(options), &in, &job, diag.get());
  EXPECT_EQ(job != nullptr, status >= 0);
  clv_job_free(job);
  return status;
}

// What a newer caller has: today's options and 16 bytes behind them.
struct newer_options {
  clv_fit_options known = CLV_SIZED(clv_fit_options);
  uint64_t newer[2] = {0, 0};
  newer_options() { known.struct_size = sizeof(newer_options); }
};

TEST(sized, null_options_are_all_defaults) {
  EXPECT_EQ(begin_fit(nullptr, new_diag()), CLV_OK);
}

TEST(sized, a_longer_struct_with_a_zero_tail_is_taken) {
  const newer_options o;
  EXPECT_EQ(begin_fit(&o, new_diag()), CLV_OK);
}

TEST(sized, each_unknown_byte_that_is_set_is_refused) {
  const diag_ptr diag = new_diag();
  for (std::size_t at = sizeof(clv_fit_options); at < sizeof(newer_options); ++at) {
    newer_options o;
    reinterpret_cast<unsigned char*>(&o)[at] = 1;
    EXPECT_EQ(begin_fit(&o, diag), CLV_E_UNSUPPORTED) << at;
    EXPECT_NE(said(diag).find("byte " + std::to_string(at)), std::string::npos) << said(diag);
  }
}

TEST(sized, a_shorter_struct_is_read_to_its_end_only) {
  // The bytes behind what the caller says it has would be a wild pointer.
  clv_fit_options o;
  std::memset(&o, 0xEE, sizeof o);
  o.struct_size = 16;
  o.threads = 1;
  o.model = "bg_nbd";
  EXPECT_EQ(begin_fit(&o, new_diag()), CLV_OK);
}

// Hosts built when the structs ended earlier: what is behind their end is not theirs to set.
TEST(sized, a_host_built_against_shorter_structs_gets_the_defaults) {
  clv_fit_options fit;
  std::memset(&fit, 0xEE, sizeof fit);
  std::memset(&fit, 0, offsetof(clv_fit_options, transaction_covariates));
  fit.struct_size = offsetof(clv_fit_options, transaction_covariates);
  EXPECT_EQ(begin_fit(&fit, new_diag()), CLV_OK);

  const diag_ptr diag = new_diag();
  const model_ptr model = known_model();
  const clv_batch in = batch_of(summary_columns, 4);
  clv_score_options score;
  std::memset(&score, 0xEE, sizeof score);
  std::memset(&score, 0, offsetof(clv_score_options, flags));
  score.struct_size = offsetof(clv_score_options, flags);
  clv_job* job = nullptr;
  EXPECT_EQ(clv_score_begin(&score, model.get(), &in, &job, diag.get()), CLV_OK) << said(diag);
  clv_job_free(job);

  const std::string text = "customer,time,amount\nana,1997-01-01,1.50\n";
  clv_csv_options csv;
  std::memset(&csv, 0xEE, sizeof csv);
  std::memset(&csv, 0, offsetof(clv_csv_options, extra));
  csv.struct_size = offsetof(clv_csv_options, extra);
  csv.text = text.data();
  csv.size = static_cast<int64_t>(text.size());
  job = nullptr;
  EXPECT_EQ(clv_csv_begin(&csv, &job, diag.get()), CLV_OK) << said(diag);
  clv_job_free(job);
}

TEST(sized, a_size_that_no_struct_has_is_refused) {
  const diag_ptr diag = new_diag();
  for (const uint32_t size : {0U, 4U, 12U, 57U, 100'000U, 0xEEEEEEEEU}) {
    clv_fit_options o = CLV_SIZED(clv_fit_options);
    o.struct_size = size;
    EXPECT_EQ(begin_fit(&o, diag), CLV_E_INVALID) << size;
    EXPECT_NE(said(diag).find(std::to_string(size)), std::string::npos) << said(diag);
  }
}

TEST(sized, unknown_flags_are_refused) {
  clv_fit_options o = CLV_SIZED(clv_fit_options);
  o.flags = 4;
  EXPECT_EQ(begin_fit(&o, new_diag()), CLV_E_UNSUPPORTED);
}

TEST(sized, an_output_fills_only_what_the_caller_has) {
  clv_result* made = nullptr;
  ASSERT_EQ(clv_catalogue("models", &made, nullptr), CLV_OK);
  const result_ptr models(made);
  struct {
    clv_column_info info;
    uint64_t behind;
  } out;
  std::memset(&out, 0x55, sizeof out);
  out.info.struct_size = 16;  // up to `name`
  EXPECT_EQ(clv_result_column(models.get(), 0, &out.info, nullptr), CLV_OK);
  EXPECT_STREQ(out.info.name, "name");
  EXPECT_EQ(out.info.absent, 0x5555555555555555);
  out.info.struct_size = sizeof out;
  EXPECT_EQ(clv_result_column(models.get(), 0, &out.info, nullptr), CLV_OK);
  EXPECT_EQ(out.info.absent, 0);
  EXPECT_EQ(out.behind, 0x5555555555555555U);
}

}  // namespace

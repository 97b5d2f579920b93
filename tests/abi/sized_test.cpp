// Growth rule one as a caller meets it: shorter, longer and broken option structs.
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

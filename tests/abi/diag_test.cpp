// Diagnostics are the caller's own list.
#include <cstring>

#include "support.hpp"

namespace {

using namespace clv_test;

TEST(diag, collects_until_it_is_cleared) {
  const diag_ptr diag = new_diag();
  clv_result* none = nullptr;
  EXPECT_EQ(clv_diag_count(diag.get()), 0);
  EXPECT_STREQ(clv_diag_text(diag.get()), "");
  clv_catalogue("cats", &none, diag.get());
  clv_catalogue("dogs", &none, diag.get());
  EXPECT_EQ(clv_diag_count(diag.get()), 2);
  EXPECT_NE(std::strstr(clv_diag_text(diag.get()), "dogs"), nullptr) << "the last one";
  clv_diag_entry first = CLV_SIZED(clv_diag_entry);
  ASSERT_EQ(clv_diag_get(diag.get(), 0, &first), CLV_OK);
  EXPECT_NE(std::strstr(first.message, "cats"), nullptr);
  EXPECT_NE(first.hint, nullptr);
  EXPECT_EQ(first.row, -1);
  EXPECT_EQ(first.column, nullptr);
  clv_diag_clear(diag.get());
  EXPECT_EQ(clv_diag_count(diag.get()), 0);
}

TEST(diag, refuses_numbers_out_of_range) {
  const diag_ptr diag = new_diag();
  clv_diag_entry entry = CLV_SIZED(clv_diag_entry);
  for (const int64_t i : {INT64_C(-1), INT64_C(0), INT64_MAX, INT64_MIN}) {
    EXPECT_EQ(clv_diag_get(diag.get(), i, &entry), CLV_E_INVALID) << i;
  }
}

TEST(diag, texts_stay_where_they_are_while_more_come) {
  const diag_ptr diag = new_diag();
  clv_result* none = nullptr;
  clv_catalogue("cats", &none, diag.get());
  clv_diag_entry first = CLV_SIZED(clv_diag_entry);
  ASSERT_EQ(clv_diag_get(diag.get(), 0, &first), CLV_OK);
  const std::string before = first.message;
  for (int i = 0; i < 1000; ++i) clv_catalogue("dogs", &none, diag.get());
  EXPECT_EQ(first.message, before);
}

}  // namespace

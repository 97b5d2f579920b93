// A host in a comma-decimal locale gets the same bits. The locale is built by the test's fixture,
// because servers rarely have one installed.
#include <clocale>
#include <cstdio>
#include <fstream>
#include <locale>
#include <sstream>

#include "support.hpp"

// glibc's setlocale keeps the list of LOCPATH for ever; LeakSanitizer must not blame the test.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "leak:argz_add_sep\n";
}

namespace {

using namespace clv_test;

std::string csv_of(const result_ptr& table) {
  const std::string path = testing::TempDir() + "/locale_test.csv";
  EXPECT_EQ(clv_result_write_csv(table.get(), path.c_str(), nullptr), CLV_OK);
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

result_ptr imported() {
  const std::string text = "customer,time,amount\nana,1997-01-01,1234567.50\n";
  clv_csv_options o = CLV_SIZED(clv_csv_options);
  o.text = text.data();
  o.size = static_cast<int64_t>(text.size());
  o.currency = "EUR";
  return answer_of([&](clv_job** job, clv_diag* diag) { return clv_csv_begin(&o, job, diag); });
}

TEST(locale, a_decimal_comma_changes_nothing) {
  const std::string scores = csv_of(scores_of(summary_of(simulated_log(50))));
  const std::string rows = csv_of(imported());
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) {
    GTEST_SKIP() << "the locale de_DE.UTF-8 could not be built here";
  }
  std::locale::global(std::locale("de_DE.UTF-8"));
  char shown[16];
  std::snprintf(shown, sizeof shown, "%.1f", 1.5);
  ASSERT_STREQ(shown, "1,5") << "the locale is in force";
  EXPECT_EQ(csv_of(scores_of(summary_of(simulated_log(50)))), scores);
  EXPECT_EQ(csv_of(imported()), rows);
  clv_decide_options o = CLV_SIZED(clv_decide_options);
  o.flags = CLV_DECIDE_NO_HOLDOUT;
  o.holdout_share = 0.25;
  const diag_ptr diag = new_diag();
  const clv_batch empty = CLV_SIZED(clv_batch);
  clv_job* none = nullptr;
  clv_decide_begin(&o, known_model().get(), &empty, &empty, &none, diag.get());
  EXPECT_NE(said(diag).find("0.25"), std::string::npos) << said(diag);
  std::locale::global(std::locale::classic());
  std::setlocale(LC_ALL, "C");
}

}  // namespace

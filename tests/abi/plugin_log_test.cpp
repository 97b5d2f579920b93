// What plugins have logged, drained: in order, once, and never more than the host can hold.
#include "support.hpp"

namespace {

using namespace clv_test;

class plugin_log : public testing::Test {
 protected:
  diag_ptr diag_ = new_diag();
  plugins_ptr plugins_ = make();

  static plugins_ptr make() {
    clv_plugins* made = nullptr;
    EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
    return plugins_ptr(made);
  }
  void load(const char* name) {
    const std::string path = std::string(CLV_TEST_PLUGINS) + "/" + name + ".so";
    ASSERT_EQ(clv_plugins_load(plugins_.get(), nullptr, path.c_str(), diag_.get()), CLV_OK)
        << said(diag_);
  }
  void propose(int64_t rows) {
    const std::vector<double> p_alive(static_cast<std::size_t>(rows), .5);
    const std::vector<clv_column> columns{number_column("p_alive", p_alive)};
    const clv_batch in = batch_of(columns, rows);
    clv_job* made = nullptr;
    ASSERT_EQ(clv_propose_begin(plugins_.get(), nullptr, &in, &made, diag_.get()), CLV_OK)
        << said(diag_);
    const job_ptr job(made);
    ASSERT_EQ(clv_job_step(job.get(), 0, diag_.get()), CLV_OK) << said(diag_);
  }
  result_ptr take() {
    clv_result* made = nullptr;
    EXPECT_EQ(clv_plugins_take_log(plugins_.get(), &made, diag_.get()), CLV_OK) << said(diag_);
    return result_ptr(made);
  }
  static std::string cell(const result_ptr& r, const char* column, int64_t row) {
    return clv_result_text(r.get(), clv_result_find(r.get(), column), row, nullptr);
  }
  static double dropped(const result_ptr& r, int64_t row) {
    return clv_result_number(r.get(), clv_result_find(r.get(), "dropped"), row);
  }
};

TEST_F(plugin_log, gives_each_line_once_in_the_order_it_was_said) {
  load("logs_rows");
  propose(5);
  const result_ptr log = take();
  ASSERT_EQ(clv_result_rows(log.get()), 6);
  EXPECT_EQ(cell(log, "message", 0), "made");
  EXPECT_EQ(cell(log, "message", 1), "row 0");
  EXPECT_EQ(cell(log, "message", 5), "row 4");
  EXPECT_EQ(cell(log, "plugin", 5), "org.example.logs_rows");
  const char* levels[] = {"debug", "info", "warn", "error", "debug"};
  for (int64_t i = 0; i < 5; ++i) EXPECT_EQ(cell(log, "level", i + 1), levels[i]);
  for (int64_t i = 0; i < 6; ++i) EXPECT_EQ(dropped(log, i), 0);
  EXPECT_EQ(clv_result_rows(take().get()), 0);
  propose(1);
  EXPECT_EQ(cell(take(), "message", 0), "row 0");
}

TEST_F(plugin_log, has_the_lines_of_all_plugins_of_the_set) {
  load("logs_rows");
  load("good");
  propose(1);
  const result_ptr log = take();
  ASSERT_EQ(clv_result_rows(log.get()), 3);
  EXPECT_EQ(cell(log, "plugin", 2), "org.example.good");
}

TEST_F(plugin_log, keeps_the_last_10000_lines_and_says_how_many_before_them_are_gone) {
  load("logs_rows");
  propose(12'345);  // "made" is the first of 12,346
  const result_ptr log = take();
  ASSERT_EQ(clv_result_rows(log.get()), 10'000);
  EXPECT_EQ(dropped(log, 0), 2'346);
  EXPECT_EQ(dropped(log, 1), 0);
  // Blocks of 4096 rows: the last line is row 56 of the fourth.
  EXPECT_EQ(cell(log, "message", 9'999), "row 56");
  propose(1);
  EXPECT_EQ(dropped(take(), 0), 0) << "told once";
}

TEST_F(plugin_log, hears_the_last_words_of_an_instance_that_was_made_anew) {
  load("logs_rows");
  take();
  ASSERT_EQ(clv_plugins_renew(plugins_.get(), 0, 1, diag_.get()), CLV_OK) << said(diag_);
  const result_ptr log = take();
  ASSERT_EQ(clv_result_rows(log.get()), 2);
  EXPECT_EQ(cell(log, "message", 0), "gone");
  EXPECT_EQ(cell(log, "message", 1), "made");
}

TEST_F(plugin_log, loses_no_line_of_a_plugin_that_logs_from_threads_of_its_own) {
  load("logs_from_threads");
  propose(1);
  EXPECT_EQ(clv_result_rows(take().get()), 2'000);
}

TEST_F(plugin_log, of_no_plugin_is_an_empty_table) {
  const result_ptr log = take();
  EXPECT_EQ(clv_result_rows(log.get()), 0);
  EXPECT_EQ(clv_result_columns(log.get()), 4);
}

}  // namespace

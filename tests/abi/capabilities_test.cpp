// Features and segments by plugins on the caller's own columns: what is refused, what is made, and
// who reads it.
#include <thread>

#include "capability_support.hpp"

namespace {

using namespace clv_test;

class capabilities : public testing::Test {
 protected:
  // Customers with x = 0, 1, 2, ...
  clv_batch customers(int64_t rows) {
    for (int64_t i = 0; i < rows; ++i) x_.push_back(static_cast<double>(i));
    columns_ = {number_column("x", x_)};
    return batch_of(columns_, rows);
  }
  result_ptr features(const plugins_ptr& plugins, int64_t rows) {
    const clv_batch in = customers(rows);
    return run(
        [&](clv_job** job) { return clv_features_begin(plugins.get(), nullptr, &in, job, d_); });
  }
  result_ptr propose(const plugins_ptr& plugins, int64_t rows) {
    const clv_batch in = customers(rows);
    return run(
        [&](clv_job** job) { return clv_propose_begin(plugins.get(), nullptr, &in, job, d_); });
  }
  result_ptr segments(const plugins_ptr& plugins,
                      const char* id,
                      int64_t rows,
                      const char* table = nullptr) {
    const clv_batch in = customers(rows);
    return run(
        [&](clv_job** job) {
          return clv_plugins_segment_begin(plugins.get(), nullptr, id, &in, job, d_);
        },
        table);
  }
  template <typename Begin>
  result_ptr run(Begin&& begin, const char* table = nullptr) {
    clv_job* made = nullptr;
    EXPECT_EQ(begin(&made), CLV_OK) << said(diag_);
    const job_ptr job(made);
    stepped_ = clv_job_step(job.get(), 0, d_);
    clv_result* result = nullptr;
    if (stepped_ == CLV_OK) {
      EXPECT_EQ(clv_job_take_result(job.get(), table, &result, d_), CLV_OK) << said(diag_);
    }
    return result_ptr(result);
  }
  std::string all_said() const {
    std::string all;
    for (int64_t i = 0; i < clv_diag_count(d_); ++i) {
      clv_diag_entry e = CLV_SIZED(clv_diag_entry);
      EXPECT_EQ(clv_diag_get(d_, i, &e), CLV_OK);
      all += std::string(e.message) + "\n";
    }
    return all;
  }
  void expect_said(const std::string& words) const {
    EXPECT_NE(all_said().find(words), std::string::npos) << all_said();
  }

  diag_ptr diag_ = new_diag();
  clv_diag* d_ = diag_.get();
  std::vector<double> x_;
  std::vector<clv_column> columns_;
  clv_status stepped_ = CLV_OK;
};

TEST_F(capabilities, are_listed_with_what_the_manifest_says) {
  const plugins_ptr plugins = loaded({"doubles", "sorts", "good", "all_three"});
  clv_result* made = nullptr;
  ASSERT_EQ(clv_plugins_list(plugins.get(), &made, nullptr), CLV_OK);
  const result_ptr list(made);
  EXPECT_EQ(text_at(list, "capabilities", 0), "clv.feature/1");
  EXPECT_EQ(text_at(list, "features", 0), "twice, never");
  EXPECT_EQ(text_at(list, "effects", 0), "files");
  EXPECT_EQ(number_at(list, "deterministic", 0), 0);
  EXPECT_EQ(text_at(list, "actions", 0), "");
  EXPECT_EQ(text_at(list, "capabilities", 1), "clv.segmentation/1");
  EXPECT_EQ(text_at(list, "segments", 1), "few, many, empty");
  EXPECT_EQ(text_at(list, "capabilities", 2), "clv.action/1");
  EXPECT_EQ(text_at(list, "effects", 2), "none");
  EXPECT_EQ(number_at(list, "deterministic", 2), 1);
  EXPECT_EQ(text_at(list, "capabilities", 3), "clv.action/1, clv.feature/1, clv.segmentation/1");
}

TEST_F(capabilities, without_the_names_that_go_with_them_are_refused) {
  const plugins_ptr plugins = no_plugins();
  EXPECT_EQ(load(plugins, "names_no_features", diag_), CLV_E_INVALID);
  expect_said("\"features\" is missing");
  EXPECT_EQ(load(plugins, "reads_own_kind", diag_), CLV_E_INVALID);
  expect_said("no feature reads another");
}

TEST_F(capabilities, a_feature_that_another_plugin_computes_is_refused) {
  const plugins_ptr plugins = loaded({"doubles"});
  EXPECT_EQ(load(plugins, "twice_fails", diag_), CLV_E_EXISTS);
  expect_said("org.example.doubles computes already");
}

TEST_F(capabilities, features_are_columns_row_for_row_with_gaps) {
  const result_ptr made = features(loaded({"doubles"}), 9000);
  ASSERT_NE(made, nullptr);
  ASSERT_EQ(clv_result_rows(made.get()), 9000);
  EXPECT_FALSE(known_at(made, "feature.twice", 0)) << "no call was made for it";
  EXPECT_EQ(number_at(made, "feature.twice", 1), 2);
  EXPECT_EQ(number_at(made, "feature.twice", 8999), 2 * 8999);
  EXPECT_FALSE(known_at(made, "feature.never", 5));
}

TEST_F(capabilities, without_rows_or_plugins_give_empty_columns) {
  EXPECT_EQ(clv_result_rows(features(loaded({"doubles"}), 0).get()), 0);
  EXPECT_LT(clv_result_find(features(loaded({"good"}), 3).get(), "feature.twice"), 0);
}

TEST_F(capabilities, nonsense_about_features_is_refused_piece_by_piece) {
  const result_ptr made = features(loaded({"junk_features"}), 2);
  EXPECT_EQ(number_at(made, "feature.good", 0), 7);
  EXPECT_FALSE(known_at(made, "feature.good", 1));
  expect_said("row -1 is out of range");
  expect_said("7 values refused");
}

TEST_F(capabilities, a_feature_plugin_that_fails_late_gives_no_value_at_all) {
  const plugins_ptr plugins = loaded({"twice_fails"});
  const result_ptr made = features(plugins, 6000);
  ASSERT_NE(made, nullptr) << said(diag_);
  for (const int64_t row : {0, 1, 4095, 4999, 5999})
    EXPECT_FALSE(known_at(made, "feature.twice", row));
  expect_said("row 5001: too many purchases");
  x_.clear();
  clv_diag_clear(d_);
  features(plugins, 3);
  expect_said("not asked any more");
}

TEST_F(capabilities, an_action_plugin_sees_the_features_it_reads) {
  const result_ptr made = propose(loaded({"reads_twice", "doubles"}), 5000);
  ASSERT_EQ(clv_result_rows(made.get()), 4999) << "the first customer has no value";
  EXPECT_EQ(number_at(made, "row", 0), 1);
  EXPECT_EQ(number_at(made, "effect_n", 4998), 2 * 4999);
}

TEST_F(capabilities, what_a_proposal_rests_on_counts_what_its_features_were_made_of) {
  const result_ptr made = propose(loaded({"reads_twice", "doubles"}), 2);
  EXPECT_EQ(text_at(made, "reads", 0), "feature.twice,x,attr.region");
}

TEST_F(capabilities, a_feature_that_nobody_computes_is_absent_and_said_so) {
  EXPECT_EQ(clv_result_rows(propose(loaded({"reads_twice"}), 3).get()), 0);
  expect_said("reads column 'feature.twice', which no loaded plugin computes");
}

TEST_F(capabilities, features_made_before_may_be_given_as_columns) {
  const std::vector<double> twice{1, 2, 3};
  columns_ = {number_column("feature.twice", twice)};
  const clv_batch in = batch_of(columns_, 3);
  const plugins_ptr plugins = loaded({"reads_twice"});
  const result_ptr made =
      run([&](clv_job** job) { return clv_propose_begin(plugins.get(), nullptr, &in, job, d_); });
  ASSERT_EQ(clv_result_rows(made.get()), 3) << all_said();
  EXPECT_EQ(number_at(made, "effect_n", 2), 3);
}

TEST_F(capabilities, a_plugin_that_is_not_granted_a_feature_is_not_loaded) {
  const plugins_ptr plugins = no_plugins();
  clv_plugin_options o = CLV_SIZED(clv_plugin_options);
  o.grant = "x";
  const std::string path = std::string(CLV_TEST_PLUGINS) + "/reads_twice.so";
  EXPECT_EQ(clv_plugins_load(plugins.get(), &o, path.c_str(), d_), CLV_E_PERMISSION);
  o.grant = "x, feature.twice";
  EXPECT_EQ(clv_plugins_load(plugins.get(), &o, path.c_str(), d_), CLV_OK) << said(diag_);
}

TEST_F(capabilities, segments_come_in_the_tables_of_a_scheme) {
  const plugins_ptr plugins = loaded({"sorts"});
  const result_ptr made = segments(plugins, "org.example.sorts", 5);
  ASSERT_EQ(clv_result_rows(made.get()), 5);
  EXPECT_FALSE(known_at(made, "segment", 0));
  EXPECT_EQ(text_at(made, "segment", 1), "few");
  EXPECT_EQ(text_at(made, "segment", 4), "many");
  EXPECT_EQ(text_at(made, "scheme", 4), "plugin:org.example.sorts");
  expect_said("1 of 5 customers are in no segment");
  x_.clear();
  const result_ptr profile = segments(plugins, "org.example.sorts", 5, "profile");
  ASSERT_EQ(clv_result_rows(profile.get()), 2) << "none for those who are in no segment";
  EXPECT_EQ(number_at(profile, "customers", 0) + number_at(profile, "customers", 1), 4);
  EXPECT_DOUBLE_EQ(number_at(profile, "share", 0), .4);
}

TEST_F(capabilities, a_segmentation_plugin_sees_the_features_it_reads) {
  EXPECT_EQ(text_at(segments(loaded({"sorts"}), "org.example.sorts", 4), "segment", 3), "many");
  x_.clear();
  const plugins_ptr both = loaded({"sorts", "twice_fails"});
  EXPECT_EQ(text_at(segments(both, "org.example.sorts", 4), "segment", 2), "few");
}

TEST_F(capabilities, segments_of_a_plugin_that_is_not_there_or_has_none_are_refused) {
  const plugins_ptr plugins = loaded({"good"});
  const clv_batch in = customers(1);
  clv_job* job = nullptr;
  EXPECT_EQ(clv_plugins_segment_begin(plugins.get(), nullptr, "org.example.sorts", &in, &job, d_),
            CLV_E_NOT_FOUND);
  expect_said("no plugin with the id 'org.example.sorts'");
  EXPECT_EQ(clv_plugins_segment_begin(plugins.get(), nullptr, "org.example.good", &in, &job, d_),
            CLV_E_PLUGIN);
  expect_said("it offers clv.action/1");
  EXPECT_EQ(job, nullptr);
}

TEST_F(capabilities, nonsense_about_segments_is_refused_piece_by_piece) {
  const result_ptr made = segments(loaded({"junk_segments"}), "org.example.junk_segments", 2);
  EXPECT_EQ(text_at(made, "segment", 0), "good");
  expect_said("5 segments refused");
}

TEST_F(capabilities, a_segmentation_plugin_that_throws_fails_the_verb) {
  const plugins_ptr plugins = loaded({"throws_in_segment"});
  EXPECT_EQ(segments(plugins, "org.example.throws_in_segment", 2), nullptr);
  EXPECT_EQ(stepped_, CLV_E_PLUGIN);
  expect_said("segment threw something that is no std::exception");
}

TEST_F(capabilities, of_one_plugin_may_be_three) {
  const plugins_ptr plugins = loaded({"all_three"});
  EXPECT_EQ(number_at(features(plugins, 3), "feature.own", 2), 3) << all_said();
  x_.clear();
  EXPECT_EQ(text_at(segments(plugins, "org.example.all_three", 3), "segment", 2), "yes");
  x_.clear();
  const result_ptr made = propose(plugins, 3);
  ASSERT_EQ(clv_result_rows(made.get()), 3);
  EXPECT_EQ(number_at(made, "effect_n", 2), 3);
}

TEST_F(capabilities, plugins_without_actions_propose_nothing) {
  EXPECT_EQ(clv_result_rows(propose(loaded({"doubles", "sorts"}), 3).get()), 0);
}

TEST_F(capabilities, cancelled_runs_stop_a_waiting_plugin_without_blaming_it) {
  const plugins_ptr plugins = loaded({"computes_and_waits"});
  const clv_batch in = customers(2);
  for (const bool computes : {true, false}) {
    clv_job* made = nullptr;
    ASSERT_EQ(computes
                  ? clv_features_begin(plugins.get(), nullptr, &in, &made, d_)
                  : clv_plugins_segment_begin(
                        plugins.get(), nullptr, "org.example.computes_and_waits", &in, &made, d_),
              CLV_OK);
    const job_ptr job(made);
    std::thread other([&] { clv_job_cancel(job.get()); });
    EXPECT_EQ(clv_job_step(job.get(), 0, d_), CLV_E_CANCELLED);
    other.join();
  }
}

TEST_F(capabilities, give_the_same_bytes_every_time) {
  const plugins_ptr plugins = loaded({"doubles", "sorts", "reads_twice"});
  const auto print = [](const result_ptr& r) {
    return std::string(clv_result_fingerprint(r.get()));
  };
  const std::string once = print(features(plugins, 100));
  x_.clear();
  EXPECT_EQ(print(features(plugins, 100)), once);
  x_.clear();
  const std::string sorted = print(segments(plugins, "org.example.sorts", 100));
  x_.clear();
  EXPECT_EQ(print(segments(plugins, "org.example.sorts", 100)), sorted);
}

}  // namespace

// Features and segments by plugins on a store: what is stored, adopted, decided and replayed.
#include <filesystem>

#include "capability_support.hpp"

namespace {

using namespace clv_test;

class capabilities_engine : public testing::Test {
 protected:
  capabilities_engine()
      : folder_(testing::TempDir() + "capabilities_engine"), path_(folder_ + "/shop.clv") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    writer_ = open(0);
    const result_ptr log = simulated_log(200);
    const clv_batch in = batch_of(log);
    done([&](auto* job, auto* d) {
      return clv_engine_ingest_begin(writer_.get(), nullptr, &in, job, d);
    });
    done([&](auto* job, auto* d) {
      return clv_engine_fit_begin(writer_.get(), nullptr, nullptr, job, d);
    });
    done(
        [&](auto* job, auto* d) { return clv_engine_score_begin(writer_.get(), nullptr, job, d); });
  }
  ~capabilities_engine() override { std::filesystem::remove_all(folder_); }

  engine_ptr open(uint32_t flags, int64_t memory_limit = 0) {
    clv_engine_options o = CLV_SIZED(clv_engine_options);
    o.path = path_.c_str();
    o.flags = flags;
    o.memory_limit = memory_limit;
    clv_engine* made = nullptr;
    const diag_ptr diag = new_diag();
    EXPECT_EQ(clv_engine_open(&o, &made, diag.get()), CLV_OK) << said(diag);
    return engine_ptr(made);
  }
  template <typename Begin>
  result_ptr done(Begin&& begin, const char* table = nullptr) {
    return answer_of([&](clv_job** job, clv_diag* diag) { return begin(job, diag); }, table);
  }
  result_ptr segment(const engine_ptr& engine, const plugins_ptr& plugins) {
    return done([&](auto* job, auto* d) {
      return clv_engine_plugin_segment_begin(
          engine.get(), plugins.get(), nullptr, "org.example.sorts", job, d);
    });
  }
  result_ptr decide(const plugins_ptr& plugins, const char* table) {
    clv_decide_options o = CLV_SIZED(clv_decide_options);
    o.policy_json = policy_;
    return done(
        [&](auto* job, auto* d) {
          return clv_engine_decide_begin(writer_.get(), plugins.get(), &o, job, d);
        },
        table);
  }
  static int64_t protected_of(const result_ptr& refusals) {
    int64_t found = 0;
    for (int64_t row = 0; row < clv_result_rows(refusals.get()); ++row) {
      found += text_at(refusals, "reason_code", row) == "PROTECTED_ATTRIBUTE" ? 1 : 0;
    }
    return found;
  }
  result_ptr read(const char* table) {
    clv_result* made = nullptr;
    const diag_ptr diag = new_diag();
    EXPECT_EQ(read_stored(writer_.get(), table, &made, diag.get()), CLV_OK) << said(diag);
    return result_ptr(made);
  }

  std::string folder_, path_;
  engine_ptr writer_;
  const char* policy_ = nullptr;
};

TEST_F(capabilities_engine, segments_by_a_plugin_are_stored_as_those_of_a_scheme) {
  const result_ptr made = segment(writer_, loaded({"sorts"}));
  const result_ptr kept = read("segments");
  EXPECT_STREQ(clv_result_fingerprint(kept.get()), clv_result_fingerprint(made.get()));
  EXPECT_EQ(text_at(kept, "scheme", 0), "plugin:org.example.sorts");
  const result_ptr candidates = read("candidates");
  int64_t left_out = 0;
  for (int64_t row = 0; row < 200; ++row) {
    const double x = number_at(candidates, "x", row);
    EXPECT_EQ(text_at(candidates, "segment", row), x < 1 ? "" : x > 2 ? "many" : "few");
    left_out += known_at(candidates, "segment", row) ? 0 : 1;
  }
  EXPECT_GT(left_out, 0) << "nobody is in no segment: the test shows nothing";
}

TEST_F(capabilities_engine, features_are_made_of_the_stored_candidates_and_kept_nowhere) {
  const plugins_ptr plugins = loaded({"doubles"});
  const result_ptr made = done([&](auto* job, auto* d) {
    return clv_engine_features_begin(writer_.get(), plugins.get(), nullptr, job, d);
  });
  const result_ptr candidates = read("candidates");
  const clv_batch in = batch_of(candidates);
  const result_ptr stateless = done(
      [&](auto* job, auto* d) { return clv_features_begin(plugins.get(), nullptr, &in, job, d); });
  ASSERT_EQ(clv_result_rows(made.get()), 200);
  int64_t computed = 0;
  for (int64_t row = 0; row < 200; ++row) {
    const bool known = known_at(made, "feature.twice", row);
    ASSERT_EQ(known, known_at(stateless, "feature.twice", row));
    if (!known) continue;
    ++computed;
    EXPECT_EQ(number_at(made, "feature.twice", row), 2 * number_at(candidates, "x", row));
    EXPECT_EQ(number_at(made, "feature.twice", row), number_at(stateless, "feature.twice", row));
  }
  EXPECT_GT(computed, 0);
  EXPECT_STREQ(clv_result_fingerprint(read("candidates").get()),
               clv_result_fingerprint(candidates.get()));
}

TEST_F(capabilities_engine, segments_that_a_reader_has_computed_are_adopted) {
  const engine_ptr reader = open(CLV_OPEN_READ_ONLY);
  const plugins_ptr plugins = loaded({"sorts"});
  const diag_ptr diag = new_diag();
  clv_job* made = nullptr;
  ASSERT_EQ(clv_engine_plugin_segment_begin(
                reader.get(), plugins.get(), nullptr, "org.example.sorts", &made, diag.get()),
            CLV_OK);
  const job_ptr job(made);
  ASSERT_EQ(clv_job_step(job.get(), 0, diag.get()), CLV_OK) << said(diag);
  done([&](auto* adopt, auto* d) {
    return clv_engine_adopt_begin(writer_.get(), nullptr, job.get(), adopt, d);
  });
  const result_ptr adopted = read("segments");
  const result_ptr own = segment(writer_, plugins);
  EXPECT_STREQ(clv_result_fingerprint(adopted.get()), clv_result_fingerprint(own.get()));
}

TEST_F(capabilities_engine, a_plugin_that_fails_leaves_the_segments_that_were_stored) {
  segment(writer_, loaded({"sorts"}));
  const std::string before = clv_result_fingerprint(read("segments").get());
  const plugins_ptr broken = loaded({"throws_in_segment"});
  const diag_ptr diag = new_diag();
  clv_job* made = nullptr;
  ASSERT_EQ(
      clv_engine_plugin_segment_begin(
          writer_.get(), broken.get(), nullptr, "org.example.throws_in_segment", &made, diag.get()),
      CLV_OK);
  {
    const job_ptr job(made);
    EXPECT_EQ(clv_job_step(job.get(), 0, diag.get()), CLV_E_PLUGIN);
  }
  EXPECT_EQ(before, clv_result_fingerprint(read("segments").get()));
}

TEST_F(capabilities_engine, segments_that_need_more_memory_than_the_limit_are_not_begun) {
  const engine_ptr small = open(CLV_OPEN_READ_ONLY, 1 << 20);
  const plugins_ptr plugins = loaded({"sorts"});
  const diag_ptr diag = new_diag();
  clv_job* job = nullptr;
  EXPECT_EQ(clv_engine_plugin_segment_begin(
                small.get(), plugins.get(), nullptr, "org.example.sorts", &job, diag.get()),
            CLV_E_LIMIT);
  EXPECT_NE(said(diag).find("segment by a plugin needs about"), std::string::npos) << said(diag);
  EXPECT_EQ(job, nullptr);
}

TEST_F(capabilities_engine, decisions_rest_on_features_and_are_replayed_without_the_plugins) {
  const plugins_ptr plugins = loaded({"doubles", "reads_twice"});
  const result_ptr proposals = decide(plugins, "proposals");
  EXPECT_GT(clv_result_rows(proposals.get()), 10);
  EXPECT_EQ(text_at(proposals, "reads", 0), "feature.twice,x,attr.region");
  EXPECT_LT(clv_result_find(read("candidates").get(), "feature.twice"), 0) << "kept nowhere";
  const result_ptr again = done(
      [&](auto* job, auto* d) { return clv_engine_replay_begin(writer_.get(), nullptr, job, d); });
  ASSERT_EQ(clv_result_rows(again.get()), 200);
  for (int64_t row = 0; row < 200; ++row) EXPECT_EQ(number_at(again, "matches", row), 1);
}

TEST_F(capabilities_engine, propose_computes_the_features_first) {
  const plugins_ptr plugins = loaded({"reads_twice", "doubles"});
  const result_ptr made = done([&](auto* job, auto* d) {
    return clv_engine_propose_begin(writer_.get(), plugins.get(), nullptr, job, d);
  });
  EXPECT_GT(clv_result_rows(made.get()), 10);
}

TEST_F(capabilities_engine, a_protected_column_is_protected_also_by_way_of_a_feature) {
  const plugins_ptr plugins = loaded({"doubles", "reads_twice"});
  EXPECT_EQ(protected_of(decide(plugins, "refusals")), 0);
  policy_ = R"({"protected": ["attr.region"]})";
  EXPECT_GT(protected_of(decide(plugins, "refusals")), 10);
}

TEST_F(capabilities_engine, a_protected_column_is_protected_also_by_way_of_segments) {
  segment(writer_, loaded({"sorts", "doubles"}));
  EXPECT_EQ(text_at(read("segments"), "reads", 0), "x,feature.twice,attr.region");
  const result_ptr proposals = decide(loaded({"all_three"}), "proposals");
  ASSERT_EQ(clv_result_rows(proposals.get()), 200);
  EXPECT_EQ(text_at(proposals, "reads", 0), "x,segment,feature.own,feature.twice,attr.region");
  policy_ = R"({"protected": ["attr.region"]})";
  const result_ptr refusals = decide(loaded({"all_three"}), "refusals");
  ASSERT_EQ(clv_result_rows(refusals.get()), 200);
  EXPECT_EQ(protected_of(refusals), 200);
}

}  // namespace

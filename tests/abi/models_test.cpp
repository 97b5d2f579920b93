// Models by number and alias through C, and plugins made anew for the next run.
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "clv_service.h"
#include "support.hpp"

namespace {

using namespace clv_test;

class models : public testing::Test {
 protected:
  diag_ptr diag_ = new_diag();
  engine_ptr engine_ = open();

  static engine_ptr open() {
    clv_engine* made = nullptr;
    EXPECT_EQ(clv_engine_open(nullptr, &made, nullptr), CLV_OK);
    return engine_ptr(made);
  }
  std::string add(const model_ptr& model, int64_t now_us = 0) {
    const char* name = nullptr;
    EXPECT_EQ(clv_engine_add_model(engine_.get(), nullptr, model.get(), now_us, &name, diag_.get()),
              CLV_OK)
        << said(diag_);
    return name == nullptr ? "" : name;
  }
  clv_status set(const char* model, int64_t etag, int64_t* now, uint32_t flags = 0) {
    clv_diag_clear(diag_.get());
    clv_alias_options o = CLV_SIZED(clv_alias_options);
    o.flags = flags;
    o.alias = "production";
    o.model = model;
    o.etag = etag;
    return clv_engine_set_alias(engine_.get(), &o, now, diag_.get());
  }
  result_ptr read(const char* table) {
    clv_result* made = nullptr;
    EXPECT_EQ(read_stored(engine_.get(), table, &made, diag_.get()), CLV_OK) << said(diag_);
    return result_ptr(made);
  }
  void ingest() {
    const result_ptr log = simulated_log(200);
    const clv_batch in = batch_of(log);
    answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_ingest_begin(engine_.get(), nullptr, &in, job, diag);
    });
  }
  result_ptr score(const clv_score_options& o) {
    return answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_engine_score_begin(engine_.get(), &o, job, diag);
    });
  }
  clv_status begin_score(const clv_score_options& o) {
    clv_diag_clear(diag_.get());
    clv_job* made = nullptr;
    const clv_status status = clv_engine_score_begin(engine_.get(), &o, &made, diag_.get());
    clv_job_free(made);
    return status;
  }
};

std::string cell(const result_ptr& table, const char* column, int64_t row = 0) {
  return clv_result_text(table.get(), clv_result_find(table.get(), column), row, nullptr);
}

std::string json_of(const clv_model* model) {
  int64_t size = 0;
  clv_model_save(model, nullptr, 0, &size, nullptr);
  std::string json(static_cast<std::size_t>(size), '\0');
  EXPECT_EQ(clv_model_save(model, json.data(), size, &size, nullptr), CLV_OK);
  return json;
}

int64_t resident_kib() {
  std::ifstream file("/proc/self/statm");
  int64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE) / 1024;
}

TEST_F(models, are_promoted_found_rolled_back_and_retired) {
  EXPECT_EQ(add(known_model(), 5), "1");
  EXPECT_EQ(add(known_model()), "2");
  int64_t etag = -1;
  ASSERT_EQ(set("1", 0, &etag), CLV_OK) << said(diag_);
  ASSERT_EQ(set("2", etag, &etag), CLV_OK) << said(diag_);
  EXPECT_EQ(etag, 2);
  EXPECT_EQ(cell(read("aliases"), "model"), "2");
  ASSERT_EQ(set(nullptr, etag, &etag, CLV_ALIAS_ROLLBACK), CLV_OK) << said(diag_);
  EXPECT_EQ(cell(read("aliases"), "model"), "1");
  EXPECT_EQ(clv_engine_retire_model(engine_.get(), nullptr, "2", diag_.get()), CLV_OK)
      << said(diag_);
  const result_ptr all = read("models");
  EXPECT_EQ(clv_result_number(all.get(), clv_result_find(all.get(), "retired"), 1), 1);
  EXPECT_EQ(clv_result_number(all.get(), clv_result_find(all.get(), "created_us"), 0), 5);
  clv_model* found = nullptr;
  ASSERT_EQ(clv_engine_model(engine_.get(), "production", &found, diag_.get()), CLV_OK);
  EXPECT_EQ(json_of(model_ptr(found).get()), json_of(known_model().get()));
}

TEST_F(models, a_promotion_that_fails_leaves_etag_and_alias_alone) {
  add(known_model());
  int64_t etag = -7;
  ASSERT_EQ(set("1", 3, &etag), CLV_E_CONFLICT);
  ASSERT_EQ(set("9", 0, &etag), CLV_E_NOT_FOUND);
  ASSERT_EQ(set(nullptr, 0, &etag, CLV_ALIAS_ROLLBACK), CLV_E_STATE);
  ASSERT_EQ(set("1", 0, &etag, 64), CLV_E_UNSUPPORTED);
  EXPECT_EQ(etag, -7);
  EXPECT_EQ(clv_result_rows(read("aliases").get()), 0);
}

TEST_F(models, names_stay_valid_while_the_engine_lives) {
  std::vector<const char*> names(40, nullptr);
  const model_ptr model = known_model();
  for (const char*& name : names) {
    ASSERT_EQ(clv_engine_add_model(engine_.get(), nullptr, model.get(), 0, &name, nullptr), CLV_OK);
  }
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(names[i], std::to_string(i + 1));
}

TEST_F(models, a_name_that_is_no_text_is_refused) {
  clv_model* found = nullptr;
  EXPECT_EQ(clv_engine_model(engine_.get(), "\xff", &found, diag_.get()), CLV_E_INVALID);
  EXPECT_EQ(clv_engine_model(engine_.get(), nullptr, &found, diag_.get()), CLV_E_STATE);
  EXPECT_EQ(found, nullptr);
}

TEST_F(models, a_fit_says_when_its_model_was_made) {
  ingest();
  clv_fit_options o = CLV_SIZED(clv_fit_options);
  o.now_us = 77;
  answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_engine_fit_begin(engine_.get(), nullptr, &o, job, diag);
  });
  const result_ptr all = read("models");
  EXPECT_EQ(clv_result_number(all.get(), clv_result_find(all.get(), "created_us"), 0), 77);
  EXPECT_EQ(cell(all, "status"), "converged");
}

TEST_F(models, score_the_log_as_of_a_day_by_name) {
  ingest();
  add(known_model());
  int64_t etag = 0;
  ASSERT_EQ(set("1", 0, &etag), CLV_OK) << said(diag_);
  clv_score_options o = CLV_SIZED(clv_score_options);
  o.model = "production";
  EXPECT_EQ(begin_score(o), CLV_E_STATE) << "no fit has made a summary";
  o.flags = CLV_SCORE_SUMMARIZE;
  const result_ptr scores = score(o);
  EXPECT_EQ(clv_result_rows(scores.get()), 200);
  const result_ptr log = simulated_log(200);
  const model_ptr model = known_model();
  const result_ptr summary = summary_of(log);
  const clv_batch rows = batch_of(summary);
  const result_ptr apart = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_score_begin(nullptr, model.get(), &rows, job, diag);
  });
  const int32_t a = clv_result_find(scores.get(), "clv"), b = clv_result_find(apart.get(), "clv");
  for (int64_t row = 0; row < 200; ++row) {
    ASSERT_EQ(clv_result_number(scores.get(), a, row), clv_result_number(apart.get(), b, row));
  }
  ASSERT_EQ(clv_engine_retire_model(engine_.get(), nullptr, "1", diag_.get()), CLV_E_STATE);
  o.model = "staging";
  EXPECT_EQ(begin_score(o), CLV_E_NOT_FOUND);
}

TEST_F(models, only_an_engine_takes_their_names) {
  const model_ptr model = known_model();
  const result_ptr summary = summary_of(simulated_log(20));
  const clv_batch rows = batch_of(summary);
  const auto refused = [&](const clv_score_options& o) {
    clv_job* job = nullptr;
    return clv_score_begin(&o, model.get(), &rows, &job, diag_.get());
  };
  clv_score_options named = CLV_SIZED(clv_score_options), flagged = named, dated = named;
  named.model = "1";
  flagged.flags = CLV_SCORE_SUMMARIZE;
  dated.as_of_us = 1;
  for (const auto& o : {named, flagged, dated}) EXPECT_EQ(refused(o), CLV_E_INVALID);
  EXPECT_EQ(begin_score(dated), CLV_E_INVALID);
}

// Growth would be 1,000 models of some kilobytes; half a megabyte is a page cache that fills.
TEST_F(models, a_thousand_swaps_leave_memory_flat) {
  add(known_model());
  add(known_model());
  int64_t etag = 0;
  ASSERT_EQ(set("1", 0, &etag), CLV_OK);
  const auto swap = [&](int i) {
    const bool back = i % 3 == 2;
    const char* model = back ? nullptr : (i % 2 == 0 ? "2" : "1");
    ASSERT_EQ(set(model, etag, &etag, back ? std::uint32_t{CLV_ALIAS_ROLLBACK} : 0), CLV_OK)
        << said(diag_);
    clv_model* found = nullptr;
    ASSERT_EQ(clv_engine_model(engine_.get(), "production", &found, diag_.get()), CLV_OK);
    EXPECT_EQ(json_of(model_ptr(found).get()).size(), json_of(known_model().get()).size());
  };
  for (int i = 0; i < 300; ++i) swap(i);
  [[maybe_unused]] const int64_t before = resident_kib();
  for (int i = 0; i < 1000; ++i) swap(i);
  EXPECT_EQ(etag, 1301);
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)  // they keep what is freed
  EXPECT_LT(resident_kib() - before, 512);
#endif
}

// ---- a swap while others score

class swapped : public models {
 protected:
  std::filesystem::path folder_;

  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / ("swapped-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    engine_ = open_at(0);
    ingest();
    for (const char* r : {"0.25", "1.5"}) {
      add(load_model(std::string(R"({"format":"clv.model/1","unit":"week","currency":"EUR",)") +
                     R"("purchase":{"model":"nbd","parameters":{"r":)" + r + R"(,"alpha":4.5}}})"));
    }
  }
  void TearDown() override {
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }
  engine_ptr open_at(uint32_t flags) {
    const std::string path = (folder_ / "shop.clv").string();
    clv_engine_options o = CLV_SIZED(clv_engine_options);
    o.path = path.c_str();
    o.flags = flags;
    clv_engine* made = nullptr;
    EXPECT_EQ(clv_engine_open(&o, &made, diag_.get()), CLV_OK) << said(diag_);
    return engine_ptr(made);
  }
};

std::string scores_by(const engine_ptr& e, const char* model) {
  clv_score_options o = CLV_SIZED(clv_score_options);
  o.model = model;
  o.flags = CLV_SCORE_SUMMARIZE;
  const result_ptr scores = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_engine_score_begin(e.get(), &o, job, diag);
  });
  const int32_t column = clv_result_find(scores.get(), "expected_purchases");
  std::string all;
  for (int64_t row = 0; row < clv_result_rows(scores.get()); ++row) {
    all += std::to_string(clv_result_number(scores.get(), column, row)) + " ";
  }
  return all;
}

TEST_F(swapped, each_answer_is_of_one_model) {
  const engine_ptr reader = open_at(CLV_OPEN_READ_ONLY);
  const std::string by_one = scores_by(reader, "1"), by_two = scores_by(reader, "2");
  ASSERT_NE(by_one, by_two);
  int64_t etag = 0;
  ASSERT_EQ(set("1", 0, &etag), CLV_OK) << said(diag_);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (bool two = true; !done; two = !two) {
      ASSERT_EQ(set(two ? "2" : "1", etag, &etag), CLV_OK) << said(diag_);
    }
  });
  int mixed = 0;
  for (int i = 0; i < 60; ++i) {
    const std::string answer = scores_by(reader, "production");
    mixed += answer == by_one || answer == by_two ? 0 : 1;
  }
  done = true;
  writer.join();
  EXPECT_EQ(mixed, 0);
  EXPECT_GT(etag, 1);
}

// ---- plugins made anew

class renewed : public testing::Test {
 protected:
  diag_ptr diag_ = new_diag();
  plugins_ptr plugins_ = make();

  static plugins_ptr make() {
    clv_plugins* made = nullptr;
    EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
    return plugins_ptr(made);
  }
  void load(const plugins_ptr& into, const std::string& name, int64_t now_us, uint64_t seed) {
    clv_plugin_options o = CLV_SIZED(clv_plugin_options);
    o.now_us = now_us;
    o.seed = seed;
    const std::string path = std::string(CLV_TEST_PLUGINS) + "/" + name + ".so";
    EXPECT_EQ(clv_plugins_load(into.get(), &o, path.c_str(), diag_.get()), CLV_OK) << said(diag_);
  }
  clv_status renew(int64_t now_us, uint64_t seed) {
    clv_diag_clear(diag_.get());
    return clv_plugins_renew(plugins_.get(), now_us, seed, diag_.get());
  }
  std::string proposals(const plugins_ptr& of) {
    const std::vector<double> p_alive(500, 0.5);
    const std::vector<clv_column> columns{number_column("p_alive", p_alive)};
    const clv_batch in = batch_of(columns, 500);
    const result_ptr made = answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_propose_begin(of.get(), nullptr, &in, job, diag);
    });
    return clv_result_fingerprint(made.get());
  }
  int64_t count() {
    clv_result* made = nullptr;
    EXPECT_EQ(clv_plugins_list(plugins_.get(), &made, nullptr), CLV_OK);
    return clv_result_rows(result_ptr(made).get());
  }
};

TEST_F(renewed, plugins_answer_as_if_loaded_with_that_clock_and_seed) {
  load(plugins_, "good", 1000, 1);
  const std::string before = proposals(plugins_);
  ASSERT_EQ(renew(2000, 2), CLV_OK) << said(diag_);
  const plugins_ptr fresh = make();
  load(fresh, "good", 2000, 2);
  EXPECT_EQ(proposals(plugins_), proposals(fresh));
  EXPECT_NE(proposals(plugins_), before);
  ASSERT_EQ(renew(1000, 1), CLV_OK) << said(diag_);
  EXPECT_EQ(proposals(plugins_), before);
}

TEST_F(renewed, one_that_fails_empties_the_set) {
  load(plugins_, "good", 1, 0);
  load(plugins_, "unlucky_hour", 1, 0);
  ASSERT_EQ(count(), 2);
  EXPECT_EQ(renew(13, 0), CLV_E_PLUGIN);
  EXPECT_NE(said(diag_).find("no instance at 13"), std::string::npos) << said(diag_);
  EXPECT_EQ(count(), 0);
  EXPECT_EQ(renew(1, 0), CLV_OK) << "an empty set is renewed to an empty set";
}

TEST_F(renewed, not_while_a_job_uses_them) {
  load(plugins_, "good", 1, 0);
  const std::vector<double> p_alive(9, 0.5);
  const std::vector<clv_column> columns{number_column("p_alive", p_alive)};
  const clv_batch in = batch_of(columns, 9);
  clv_job* made = nullptr;
  ASSERT_EQ(clv_propose_begin(plugins_.get(), nullptr, &in, &made, diag_.get()), CLV_OK)
      << said(diag_);
  job_ptr job(made);
  EXPECT_EQ(renew(2, 0), CLV_E_CONFLICT);
  const std::string another = std::string(CLV_TEST_PLUGINS) + "/unlucky_hour.so";
  EXPECT_EQ(clv_plugins_load(plugins_.get(), nullptr, another.c_str(), diag_.get()),
            CLV_E_CONFLICT);
  ASSERT_EQ(clv_job_step(job.get(), 0, diag_.get()), CLV_OK) << said(diag_);
  EXPECT_EQ(renew(2, 0), CLV_OK) << "the job has ended, although it is not freed: " << said(diag_);
  job_ptr cancelled;
  ASSERT_EQ(clv_propose_begin(plugins_.get(), nullptr, &in, &made, diag_.get()), CLV_OK);
  cancelled.reset(made);
  clv_job_cancel(made);
  EXPECT_EQ(clv_job_step(made, 0, diag_.get()), CLV_E_CANCELLED);
  EXPECT_EQ(renew(3, 0), CLV_OK) << said(diag_);
  clv_result* proposals = nullptr;
  EXPECT_EQ(clv_job_take_result(job.get(), nullptr, &proposals, diag_.get()), CLV_OK);
  EXPECT_EQ(clv_result_rows(result_ptr(proposals).get()), 9);
}

TEST_F(renewed, one_that_failed_is_asked_again) {
  load(plugins_, "fails_late", 1, 0);
  const auto complaints = [&] {
    clv_diag_clear(diag_.get());
    const std::vector<double> x(20, 9000);
    const std::vector<clv_column> columns{number_column("x", x)};
    const clv_batch in = batch_of(columns, 20);
    clv_job* made = nullptr;
    EXPECT_EQ(clv_propose_begin(plugins_.get(), nullptr, &in, &made, diag_.get()), CLV_OK)
        << said(diag_);
    const job_ptr job(made);
    EXPECT_EQ(clv_job_step(job.get(), 0, diag_.get()), CLV_OK);
    return said(diag_);
  };
  const std::string first = complaints();
  EXPECT_NE(complaints(), first) << "not asked again for the rest of its life";
  ASSERT_EQ(renew(1, 0), CLV_OK) << said(diag_);
  EXPECT_EQ(complaints(), first);
}

}  // namespace

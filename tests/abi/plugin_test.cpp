// The plugin host against plugins that are wrong in one place each: the host survives, the status
// is the documented one, and the sentence says what to do.
#include <cfenv>
#include <fstream>
#include <thread>

#include "support.hpp"

namespace {

using namespace clv_test;

std::string file(const std::string& name) {
  return std::string(CLV_TEST_PLUGINS) + "/" + name + ".so";
}

class plugin : public testing::Test {
 protected:
  diag_ptr diag_ = new_diag();
  plugins_ptr plugins_ = make();

  static plugins_ptr make() {
    clv_plugins* made = nullptr;
    EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
    return plugins_ptr(made);
  }
  clv_status load_file(const std::string& path, const clv_plugin_options* o = nullptr) {
    clv_diag_clear(diag_.get());
    return clv_plugins_load(plugins_.get(), o, path.c_str(), diag_.get());
  }
  clv_status load(const std::string& name, const clv_plugin_options* o = nullptr) {
    return load_file(file(name), o);
  }
  bool says(const std::string& words) const { return said(diag_).find(words) != std::string::npos; }

  // Proposals of all loaded plugins for `rows` customers with x = 0, 1, 2, ...
  result_ptr propose(int64_t rows) {
    clv_diag_clear(diag_.get());
    std::vector<double> x, p_alive(static_cast<std::size_t>(rows), 0.5);
    for (int64_t i = 0; i < rows; ++i) x.push_back(static_cast<double>(i));
    const std::vector<clv_column> columns{number_column("x", x), number_column("p_alive", p_alive)};
    const clv_batch in = batch_of(columns, rows);
    clv_job* made = nullptr;
    EXPECT_EQ(clv_propose_begin(plugins_.get(), nullptr, &in, &made, diag_.get()), CLV_OK)
        << said(diag_);
    const job_ptr job(made);
    EXPECT_EQ(clv_job_step(job.get(), 0, diag_.get()), CLV_OK) << said(diag_);
    clv_result* result = nullptr;
    EXPECT_EQ(clv_job_take_result(job.get(), nullptr, &result, diag_.get()), CLV_OK);
    return result_ptr(result);
  }
  static int64_t count_of(const result_ptr& proposals, const std::string& id) {
    const int32_t column = clv_result_find(proposals.get(), "plugin");
    int64_t count = 0;
    for (int64_t row = 0; row < clv_result_rows(proposals.get()); ++row) {
      count += id == clv_result_text(proposals.get(), column, row, nullptr);
    }
    return count;
  }
  // The diagnostic entry of that plugin, or one with status CLV_OK.
  clv_diag_entry entry_about(const std::string& id) const {
    for (int64_t i = 0; i < clv_diag_count(diag_.get()); ++i) {
      clv_diag_entry entry = CLV_SIZED(clv_diag_entry);
      EXPECT_EQ(clv_diag_get(diag_.get(), i, &entry), CLV_OK);
      if (entry.plugin_id != nullptr && id == entry.plugin_id && entry.status < 0) return entry;
    }
    return clv_diag_entry{};
  }
};

TEST_F(plugin, a_good_one_proposes_for_each_customer) {
  ASSERT_EQ(load("good"), CLV_OK) << said(diag_);
  const result_ptr proposals = propose(10);
  EXPECT_EQ(clv_result_rows(proposals.get()), 10);
  EXPECT_EQ(count_of(proposals, "org.example.good"), 10);
  EXPECT_EQ(clv_result_number(proposals.get(), clv_result_find(proposals.get(), "row"), 9), 9);
}

TEST_F(plugin, no_customers_are_no_trouble) {
  ASSERT_EQ(load("good"), CLV_OK) << said(diag_);
  EXPECT_EQ(clv_result_rows(propose(0).get()), 0);
}

TEST_F(plugin, a_plugin_answers_the_same_every_time_and_by_seed) {
  clv_plugin_options o = CLV_SIZED(clv_plugin_options);
  o.seed = 1;
  o.now_us = 1000;
  ASSERT_EQ(load("good", &o), CLV_OK);
  const result_ptr once = propose(9000), again = propose(9000);
  EXPECT_STREQ(clv_result_fingerprint(once.get()), clv_result_fingerprint(again.get()));
  EXPECT_EQ(clv_result_number(once.get(), clv_result_find(once.get(), "expires_us"), 0), 1001);
  plugins_ = make();
  o.seed = 2;
  ASSERT_EQ(load("good", &o), CLV_OK);
  EXPECT_STRNE(clv_result_fingerprint(propose(9000).get()), clv_result_fingerprint(once.get()));
}

TEST_F(plugin, its_log_is_read_with_the_step) {
  ASSERT_EQ(load("good"), CLV_OK);
  propose(1);
  clv_diag_entry entry = CLV_SIZED(clv_diag_entry);
  ASSERT_EQ(clv_diag_get(diag_.get(), 0, &entry), CLV_OK);
  EXPECT_EQ(entry.level, CLV_LOG_INFO);
  EXPECT_STREQ(entry.message, "asked for a block");
  EXPECT_STREQ(entry.plugin_id, "org.example.good");
}

TEST_F(plugin, the_list_says_what_is_loaded) {
  ASSERT_EQ(load("good"), CLV_OK);
  clv_result* made = nullptr;
  ASSERT_EQ(clv_plugins_list(plugins_.get(), &made, nullptr), CLV_OK);
  const result_ptr list(made);
  ASSERT_EQ(clv_result_rows(list.get()), 1);
  const auto cell = [&](const char* column) {
    return std::string(
        clv_result_text(list.get(), clv_result_find(list.get(), column), 0, nullptr));
  };
  EXPECT_EQ(cell("id"), "org.example.good");
  EXPECT_EQ(cell("reads"), "p_alive");
  EXPECT_EQ(cell("actions"), "win");
  EXPECT_EQ(cell("path"), file("good"));
  EXPECT_NE(cell("config_schema").find("\"object\""), std::string::npos);
}

TEST_F(plugin, a_file_is_described_without_making_an_instance) {
  const auto describe = [&](const std::string& name) {
    clv_result* made = nullptr;
    clv_diag_clear(diag_.get());
    EXPECT_EQ(clv_plugin_describe(nullptr, file(name).c_str(), &made, diag_.get()), CLV_OK)
        << said(diag_);
    return result_ptr(made);
  };
  // Its create would fail.
  const result_ptr refuses = describe("refuses_create");
  ASSERT_EQ(clv_result_rows(refuses.get()), 1);
  EXPECT_STREQ(clv_result_text(refuses.get(), clv_result_find(refuses.get(), "id"), 0, nullptr),
               "org.example.refuses");
  ASSERT_EQ(load("good"), CLV_OK);
  clv_result* made = nullptr;
  ASSERT_EQ(clv_plugins_list(plugins_.get(), &made, nullptr), CLV_OK);
  const result_ptr list(made);
  EXPECT_STREQ(clv_result_fingerprint(list.get()), clv_result_fingerprint(describe("good").get()));
  clv_result* none = nullptr;
  EXPECT_EQ(clv_plugin_describe(nullptr, file("needs_newer").c_str(), &none, nullptr), CLV_E_ABI);
  EXPECT_EQ(clv_plugin_describe(nullptr, "good.so", &none, nullptr), CLV_E_INVALID);
  EXPECT_EQ(none, nullptr);
}

TEST_F(plugin, verbs_that_keep_no_answer_refuse_one) {
  clv_answer answer = CLV_SIZED(clv_answer);
  answer.key = "k";
  clv_run_options options = CLV_SIZED(clv_run_options);
  options.answer = &answer;
  clv_result* none = nullptr;
  EXPECT_EQ(clv_plugin_describe(&options, file("good").c_str(), &none, diag_.get()), CLV_E_INVALID);
  EXPECT_TRUE(says("keeps no answer")) << said(diag_);
}

TEST_F(plugin, the_same_id_twice_is_refused) {
  ASSERT_EQ(load("good"), CLV_OK);
  EXPECT_EQ(load("good"), CLV_E_EXISTS);
  EXPECT_TRUE(says("org.example.good")) << said(diag_);
}

TEST_F(plugin, one_built_for_a_newer_minor_is_refused_with_versions_and_remedy) {
  EXPECT_EQ(load("needs_newer"), CLV_E_ABI);
  for (const char* words :
       {"org.example.x 2.3", "needs plugin ABI 1.4", "host offers 1.0", "update libclv"}) {
    EXPECT_TRUE(says(words)) << words << ": " << said(diag_);
  }
}

TEST_F(plugin, one_built_for_another_major_is_refused_with_versions) {
  EXPECT_EQ(load("other_major"), CLV_E_ABI);
  EXPECT_TRUE(says("2.0") && says("1.0") && says("org.example.x")) << said(diag_);
}

TEST_F(plugin, one_that_declines_itself_is_refused) {
  EXPECT_EQ(load("declines"), CLV_E_ABI);
}

TEST_F(plugin, files_that_are_no_plugin_are_refused_by_name) {
  const std::string folder = testing::TempDir();
  const std::string empty = folder + "/empty.so", text = folder + "/text.so";
  std::ofstream(empty).flush();
  std::ofstream(text) << "this is not a library\n";
  EXPECT_EQ(load_file(empty), CLV_E_IO);
  EXPECT_TRUE(says("empty.so")) << said(diag_);
  EXPECT_EQ(load_file(text), CLV_E_IO);
  EXPECT_TRUE(says("text.so")) << said(diag_);
  EXPECT_EQ(load_file(folder + "/absent.so"), CLV_E_IO);
  EXPECT_TRUE(says("absent.so")) << said(diag_);
  EXPECT_EQ(load_file("/"), CLV_E_INVALID);
  EXPECT_EQ(load("no_entry"), CLV_E_INVALID);
  EXPECT_TRUE(says("clv_plugin_entry_v1")) << said(diag_);
}

// The loader itself would die of it (SIGBUS) where the cut falls between two mapped parts.
TEST_F(plugin, a_file_that_was_cut_off_is_refused_at_every_length) {
  std::ifstream whole(std::string(CLV_TEST_PLUGINS) + "/good.so", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(whole)), {});
  ASSERT_GT(bytes.size(), 8000U);
  for (const double share : {.001, .005, .1, .3, .5, .6}) {
    const std::string path = testing::TempDir() + "/cut" + std::to_string(share) + ".so";
    const auto length = static_cast<std::streamsize>(share * static_cast<double>(bytes.size()));
    std::ofstream(path, std::ios::binary).write(bytes.data(), length);
    EXPECT_EQ(load_file(path), CLV_E_IO) << share;
    EXPECT_TRUE(says("cut")) << said(diag_);
  }
}

TEST_F(plugin, only_absolute_paths_are_loaded) {
  for (const char* path : {"", "good.so", "./good.so", "../good.so"}) {
    EXPECT_EQ(load_file(path), CLV_E_INVALID) << path;
    EXPECT_TRUE(says("absolute")) << said(diag_);
  }
}

struct refusal {
  const char* name;
  clv_status status;
  const char* words;
};

TEST_F(plugin, broken_ones_are_refused_with_what_is_wrong) {
  const refusal all[] = {
      {"short_entry", CLV_E_INVALID, "32 bytes"},
      {"tiny_entry", CLV_E_INVALID, "4 bytes"},
      {"short_action", CLV_E_INVALID, "8 bytes"},
      {"no_capability", CLV_E_UNSUPPORTED, "clv.action/1"},
      {"bad_id", CLV_E_INVALID, "id"},
      {"no_manifest", CLV_E_INVALID, "manifest"},
      {"no_actions", CLV_E_INVALID, "actions"},
      {"reads_unknown", CLV_E_INVALID, "shoe_size"},
      {"throws_in_entry", CLV_E_PLUGIN, "threw"},
      {"throws_in_create", CLV_E_PLUGIN, "no licence file"},
      {"refuses_create", CLV_E_PLUGIN, "the offer catalogue is empty"},
  };
  for (const refusal& r : all) {
    EXPECT_EQ(load(r.name), r.status) << r.name;
    const std::string hint_and_text = said(diag_);
    EXPECT_TRUE(says(r.words) || r.status == CLV_E_UNSUPPORTED) << r.name << ": " << said(diag_);
  }
  EXPECT_EQ(clv_result_rows(propose(3).get()), 0) << "none of them is loaded";
}

TEST_F(plugin, a_column_that_is_not_granted_is_not_handed_over) {
  clv_plugin_options o = CLV_SIZED(clv_plugin_options);
  o.grant = "x, clv";
  EXPECT_EQ(load("good", &o), CLV_E_PERMISSION);
  EXPECT_TRUE(says("p_alive")) << said(diag_);
  o.grant = "shoe_size";
  EXPECT_EQ(load("good", &o), CLV_E_INVALID);
  o.grant = "x, p_alive";
  EXPECT_EQ(load("good", &o), CLV_OK) << said(diag_);
  EXPECT_EQ(clv_result_rows(propose(2).get()), 2) << "good.so fails when it sees another column";
}

TEST_F(plugin, its_configuration_is_checked_against_its_schema) {
  clv_plugin_options o = CLV_SIZED(clv_plugin_options);
  for (const char* config :
       {"nonsense", "[1]", "{\"share\":2}", "{\"share\":\"x\"}", "{\"colour\":1}"}) {
    o.config_json = config;
    EXPECT_EQ(load("good", &o), CLV_E_INVALID) << config;
    EXPECT_TRUE(says("onfiguration")) << said(diag_);
  }
  o.config_json = "{\"share\":0.5}";
  EXPECT_EQ(load("good", &o), CLV_OK) << said(diag_);
}

TEST_F(plugin, whose_configuration_has_a_rule_that_is_not_checked_is_refused) {
  EXPECT_EQ(load("unchecked_config"), CLV_E_INVALID);
  EXPECT_TRUE(
      says("plugin org.example.unchecked_config: its manifest's \"config\": "
           "'/properties/code' uses \"pattern\", which is not checked"))
      << said(diag_);
}

TEST_F(plugin, one_that_throws_is_dropped_and_the_others_go_on) {
  ASSERT_EQ(load("throws"), CLV_OK) << said(diag_);
  ASSERT_EQ(load("good"), CLV_OK) << said(diag_);
  const result_ptr proposals = propose(5);
  EXPECT_EQ(count_of(proposals, "org.example.throws"), 0);
  EXPECT_EQ(count_of(proposals, "org.example.good"), 5);
  const clv_diag_entry entry = entry_about("org.example.throws");
  EXPECT_EQ(entry.status, CLV_E_PLUGIN);
  EXPECT_NE(std::string(entry.message).find("threw"), std::string::npos) << entry.message;
}

TEST_F(plugin, one_that_failed_is_not_asked_again) {
  ASSERT_EQ(load("throws"), CLV_OK);
  propose(5);
  EXPECT_EQ(clv_result_rows(propose(1).get()), 0);
  EXPECT_NE(std::string(entry_about("org.example.throws").message).find("not asked any more"),
            std::string::npos);
}

TEST_F(plugin, a_failure_in_a_late_block_drops_the_whole_run_and_names_the_row) {
  ASSERT_EQ(load("fails_late"), CLV_OK) << said(diag_);
  EXPECT_EQ(clv_result_rows(propose(6000).get()), 0);
  const clv_diag_entry entry = entry_about("org.example.fails_late");
  EXPECT_EQ(entry.row, 5001);
  EXPECT_NE(std::string(entry.message).find("too many purchases"), std::string::npos);
}

TEST_F(plugin, nonsense_is_refused_piece_by_piece) {
  ASSERT_EQ(load("junk"), CLV_OK) << said(diag_);
  const result_ptr proposals = propose(3);
  EXPECT_EQ(clv_result_rows(proposals.get()), 1) << "the good one";
  const clv_diag_entry entry = entry_about("org.example.junk");
  EXPECT_EQ(entry.level, CLV_LOG_WARN);
  EXPECT_NE(std::string(entry.message).find("17 proposals refused"), std::string::npos)
      << entry.message;
}

TEST_F(plugin, a_flood_of_proposals_ends_at_a_limit) {
  ASSERT_EQ(load("flood"), CLV_OK);
  EXPECT_EQ(clv_result_rows(propose(10).get()), 0);
  const clv_diag_entry entry = entry_about("org.example.flood");
  EXPECT_EQ(entry.status, CLV_E_PLUGIN);
  EXPECT_NE(std::string(entry.message).find("more than 100 proposals"), std::string::npos);
}

TEST_F(plugin, the_floating_point_environment_is_restored) {
  ASSERT_EQ(load("rounds_up"), CLV_OK);
  propose(1);
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

TEST_F(plugin, a_column_the_scores_lack_comes_with_every_row_absent) {
  ASSERT_EQ(load("absent"), CLV_OK) << said(diag_);
  EXPECT_EQ(clv_result_rows(propose(3).get()), 0) << "p_alive is there";
  const std::vector<double> x{1, 2};
  const std::vector<clv_column> columns{number_column("x", x)};
  const clv_batch in = batch_of(columns, 2);
  const result_ptr proposals = answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_propose_begin(plugins_.get(), nullptr, &in, job, diag);
  });
  EXPECT_EQ(count_of(proposals, "org.example.absent"), 2);
}

TEST_F(plugin, a_cancelled_run_stops_a_waiting_plugin_without_blaming_it) {
  ASSERT_EQ(load("waits"), CLV_OK);
  const std::vector<double> p_alive{0.5};
  const std::vector<clv_column> columns{number_column("p_alive", p_alive)};
  const clv_batch in = batch_of(columns, 1);
  clv_job* made = nullptr;
  ASSERT_EQ(clv_propose_begin(plugins_.get(), nullptr, &in, &made, nullptr), CLV_OK);
  const job_ptr job(made);
  std::thread other([&] {  // while it waits, most likely: either way the run is cancelled
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    clv_job_cancel(job.get());
  });
  EXPECT_EQ(clv_job_step(job.get(), 0, diag_.get()), CLV_E_CANCELLED);
  other.join();
  EXPECT_EQ(entry_about("org.example.waits").status, CLV_OK);
}

TEST_F(plugin, plugins_freed_before_their_job_are_still_there_for_it) {
  ASSERT_EQ(load("good"), CLV_OK);
  const std::vector<double> p_alive{0.5};
  const std::vector<clv_column> columns{number_column("p_alive", p_alive)};
  const clv_batch in = batch_of(columns, 1);
  clv_job* made = nullptr;
  ASSERT_EQ(clv_propose_begin(plugins_.get(), nullptr, &in, &made, nullptr), CLV_OK);
  const job_ptr job(made);
  plugins_.reset();
  EXPECT_EQ(clv_job_step(job.get(), 0, diag_.get()), CLV_OK) << said(diag_);
}

}  // namespace

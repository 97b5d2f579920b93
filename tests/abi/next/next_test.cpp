// A host and plugins built for ABI 1.1, as make_next.py thinks of it, meet today's library; and a
// host of 1.1 meets a plugin of 1.0. Nothing here includes today's headers.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "clv_plugin.h"
#include "support.hpp"

namespace {

using namespace clv_test;

std::string plugin_file(const char* name) {
  return std::string(CLV_TEST_PLUGINS) + "/" + name + ".so";
}

clv_status load(const plugins_ptr& set, const char* name, const diag_ptr& diag) {
  return clv_plugins_load(set.get(), nullptr, plugin_file(name).c_str(), diag.get());
}

plugins_ptr new_set() {
  clv_plugins* made = nullptr;
  EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
  return plugins_ptr(made);
}

result_ptr scored() {
  const result_ptr summary = summary_of(simulated_log(20));
  const clv_batch in = batch_of(summary);
  return answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_score_begin(nullptr, known_model().get(), &in, job, diag);
  });
}

result_ptr proposals_of(const plugins_ptr& set) {
  const result_ptr scores = scored();
  const clv_batch in = batch_of(scores);
  return answer_of([&](clv_job** job, clv_diag* diag) {
    return clv_propose_begin(set.get(), nullptr, &in, job, diag);
  });
}

clv_status fit_with(const clv_fit_options& o, const diag_ptr& diag) {
  const result_ptr summary = summary_of(simulated_log(50));
  const clv_batch in = batch_of(summary);
  clv_job* job = nullptr;
  const clv_status begun = clv_fit_begin(&o, &in, &job, diag.get());
  clv_job_free(job);
  return begun;
}

TEST(host_of_1_1, is_served_by_1_0_while_it_asks_for_nothing_newer) {
  clv_fit_options o = CLV_SIZED(clv_fit_options);
  const diag_ptr diag = new_diag();
  EXPECT_EQ(fit_with(o, diag), CLV_OK) << said(diag);
}

TEST(host_of_1_1, is_told_of_a_setting_that_1_0_does_not_know) {
  clv_fit_options o = CLV_SIZED(clv_fit_options);
  o.next_setting = 1;
  const diag_ptr diag = new_diag();
  EXPECT_EQ(fit_with(o, diag), CLV_E_UNSUPPORTED);
  EXPECT_NE(said(diag).find("does not know"), std::string::npos) << said(diag);
}

TEST(host_of_1_1, keeps_what_it_had_in_an_answer_that_1_0_does_not_fill) {
  clv_scorer* made = nullptr;
  ASSERT_EQ(clv_scorer_new(nullptr, known_model().get(), &made, nullptr), CLV_OK);
  clv_history history = CLV_SIZED(clv_history);
  EXPECT_EQ(clv_history_add(&history, 20000, 1999, nullptr), CLV_OK);
  clv_score score = CLV_SIZED(clv_score);
  score.next_answer = -7;
  EXPECT_EQ(clv_scorer_history(made, &history, 20100, &score, nullptr), CLV_OK);
  EXPECT_GT(score.p_alive, 0);
  EXPECT_EQ(score.next_answer, -7);
  clv_scorer_free(made);
}

TEST(plugin_of_1_1, that_asks_before_it_uses_runs_on_1_0) {
  const plugins_ptr set = new_set();
  const diag_ptr diag = new_diag();
  ASSERT_EQ(load(set, "guarded", diag), CLV_OK) << said(diag);
  EXPECT_EQ(clv_result_rows(proposals_of(set).get()), 1);
}

TEST(plugin_of_1_1, that_needs_1_1_is_refused_with_both_versions_and_the_remedy) {
  const plugins_ptr set = new_set();
  const diag_ptr diag = new_diag();
  EXPECT_EQ(load(set, "needs_next", diag), CLV_E_ABI);
  EXPECT_NE(said(diag).find("org.example.next 2.3 needs plugin ABI 1.1, this host offers 1.0; "
                            "update libclv"),
            std::string::npos)
      << said(diag);
}

TEST(plugin_of_1_1, that_sets_what_1_0_does_not_know_is_refused_that_proposal) {
  const plugins_ptr set = new_set();
  ASSERT_EQ(load(set, "sets_next", new_diag()), CLV_OK);
  EXPECT_EQ(clv_result_rows(proposals_of(set).get()), 0);
}

// Why CLV_HAS is in the header: without it the call goes where no function is.
TEST(plugin_of_1_1, that_does_not_ask_dies_on_1_0) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const plugins_ptr set = new_set();
    if (load(set, "unguarded", new_diag()) != CLV_OK) ::_exit(0);
    proposals_of(set);
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// ---- a host of 1.1, as far as a plugin of 1.0 can see it

struct kept {
  std::vector<std::uint32_t> sizes;
};

clv_status keep(void* ctx, const clv_proposal* p) {
  static_cast<kept*>(ctx)->sizes.push_back(p->struct_size);
  return CLV_OK;
}

clv_plugin_host host_of_1_1() {
  clv_plugin_host host = CLV_SIZED(clv_plugin_host);
  host.abi = CLV_ABI_PACK(1, 1);
  host.log = [](void*, clv_log_level, const char*) {};
  host.now_us = [](void*) { return std::int64_t{1700000000000000}; };
  host.random = [](void*, std::int64_t row, std::uint32_t stream) {
    return static_cast<std::uint64_t>(row) << 40 | stream;
  };
  host.cancelled = [](void*) { return 0; };
  host.fail = [](void*, std::int64_t, const char*) {};
  host.get_service = [](void*, const char*) -> const void* { return nullptr; };
  std::memset(&host.exchange_rate, 0xEE, sizeof host.exchange_rate);  // dies when called
  return host;
}

TEST(host_of_1_1, runs_a_plugin_of_1_0) {
  void* library = ::dlopen(CLV_TEST_KEPT_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << ::dlerror();
  const auto found =
      reinterpret_cast<clv_plugin_entry_fn>(::dlsym(library, CLV_PLUGIN_ENTRY_SYMBOL));
  ASSERT_NE(found, nullptr);
  const clv_plugin_entry* entry = found(CLV_ABI_PACK(1, 1));
  ASSERT_NE(entry, nullptr);
  EXPECT_LT(entry->struct_size, sizeof(clv_plugin_entry)) << "of 1.0: no home_page";
  const clv_plugin_host host = host_of_1_1();
  void* self = nullptr;
  ASSERT_EQ(entry->create(&host, "{}", &self), CLV_OK);
  const auto* action = static_cast<const clv_action_v1*>(entry->get_capability(CLV_CAP_ACTION_1));
  ASSERT_NE(action, nullptr);
  const double numbers[] = {.5, .25};
  clv_column columns[2] = {};
  columns[0].name = "p_alive", columns[1].name = "clv";
  for (clv_column& c : columns) c.data = numbers, c.type = CLV_T_F64;
  clv_batch batch = CLV_SIZED(clv_batch);
  batch.n_columns = 2, batch.n_rows = 2, batch.columns = columns;
  kept got;
  clv_proposal_sink sink = CLV_SIZED(clv_proposal_sink);
  sink.ctx = &got, sink.emit = keep;
  EXPECT_EQ(action->propose(self, &batch, &sink), CLV_OK);
  ASSERT_EQ(got.sizes.size(), 2U);
  EXPECT_EQ(got.sizes[0], sizeof(clv_proposal) - sizeof(double)) << "of 1.0: no next_number";
  entry->destroy(self);
}

}  // namespace

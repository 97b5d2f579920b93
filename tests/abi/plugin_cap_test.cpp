// clv_plugin_options.abi_cap: a host that behaves to a plugin like an older one.
#include "clv_plugin.h"
#include "support.hpp"

namespace {

using namespace clv_test;

class capped : public testing::Test {
 protected:
  diag_ptr diag_ = new_diag();

  static plugins_ptr make() {
    clv_plugins* made = nullptr;
    EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
    return plugins_ptr(made);
  }
  clv_status load(const plugins_ptr& set, const char* name, std::uint32_t cap) {
    clv_diag_clear(diag_.get());
    clv_plugin_options o = CLV_SIZED(clv_plugin_options);
    o.abi_cap = cap;
    const std::string path = std::string(CLV_TEST_PLUGINS) + "/" + name + ".so";
    return clv_plugins_load(set.get(), &o, path.c_str(), diag_.get());
  }
  // What looks_at_host.c says of a host with that cap.
  std::string seen(std::uint32_t cap) {
    const plugins_ptr set = make();
    EXPECT_EQ(load(set, "looks_at_host", cap), CLV_OK) << said(diag_);
    const std::vector<double> p_alive{.5};
    const std::vector<clv_column> columns{number_column("p_alive", p_alive)};
    const clv_batch in = batch_of(columns, 1);
    const result_ptr made = answer_of([&](clv_job** job, clv_diag* diag) {
      return clv_propose_begin(set.get(), nullptr, &in, job, diag);
    });
    return clv_result_text(made.get(), clv_result_find(made.get(), "reason"), 0, nullptr);
  }
};

constexpr std::uint32_t own = CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR);

TEST_F(capped, at_1_0_a_plugin_is_told_1_0_and_gets_its_table_with_poison_behind) {
  // Two words, a pointer and six functions.
  EXPECT_EQ(seen(CLV_ABI_PACK(1, 0)), "told 1.0, sees 1.0, 64 bytes, poison behind");
}

TEST_F(capped, at_nothing_or_its_own_version_the_host_is_itself) {
  EXPECT_EQ(seen(0), seen(own));
  EXPECT_NE(seen(0).find(std::to_string(sizeof(clv_plugin_host)) + " bytes"), std::string::npos);
}

TEST_F(capped, a_plugin_that_needs_more_is_refused_with_both_versions_and_the_remedy) {
  EXPECT_EQ(load(make(), "needs_newer", CLV_ABI_PACK(1, 0)), CLV_E_ABI);
  EXPECT_NE(said(diag_).find("org.example.x 2.3 needs plugin ABI 1.4, this host offers 1.0; "
                             "update libclv, or use a release"),
            std::string::npos)
      << said(diag_);
}

TEST_F(capped, at_a_version_that_the_library_cannot_play_nothing_is_loaded) {
  for (const std::uint32_t cap :
       {own + 1, CLV_ABI_PACK(CLV_ABI_MAJOR + 1, 0), CLV_ABI_PACK(0, 9), 0xFFFFFFFFU}) {
    const plugins_ptr set = make();
    EXPECT_EQ(load(set, "good", cap), CLV_E_UNSUPPORTED) << cap;
    EXPECT_NE(said(diag_).find("this library can behave like 1.0 to "), std::string::npos)
        << said(diag_);
    clv_result* list = nullptr;
    ASSERT_EQ(clv_plugins_list(set.get(), &list, nullptr), CLV_OK);
    EXPECT_EQ(clv_result_rows(result_ptr(list).get()), 0);
  }
}

}  // namespace

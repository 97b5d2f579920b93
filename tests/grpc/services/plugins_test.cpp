// PluginService: where plugins are, switched off and on, started anew.
#include <clv/v1/action_service.pb.h>
#include <clv/v1/customer_service.pb.h>
#include <clv/v1/job_service.pb.h>
#include <clv/v1/plugin_service.pb.h>

#include "shop.hpp"

namespace clv::test {
namespace {

const std::string plugins_service = "/clv.v1.PluginService/";
constexpr std::int64_t plugins_now_us = 1'000'000'000'000'000;

class plugins : public shop {
 protected:
  template <typename Request, typename Response>
  v1::Plugin ask_about(const std::string& method, const std::string& name) {
    Request request;
    request.set_name(name);
    return ask<Response>(plugins_service + method, request).plugin();
  }
  v1::Plugin get(const std::string& name) {
    return ask_about<v1::GetPluginRequest, v1::GetPluginResponse>("GetPlugin", name);
  }
  v1::Plugin disable(const std::string& name) {
    return ask_about<v1::DisablePluginRequest, v1::DisablePluginResponse>("DisablePlugin", name);
  }
  v1::Plugin enable(const std::string& name) {
    return ask_about<v1::EnablePluginRequest, v1::EnablePluginResponse>("EnablePlugin", name);
  }
  v1::ProposeResponse propose() {
    v1::ProposeRequest request;
    request.set_now_us(plugins_now_us);
    return ask<v1::ProposeResponse>("/clv.v1.ActionService/Propose", request);
  }
};

TEST_F(plugins, are_listed_in_their_order_with_what_they_say_of_themselves) {
  open(30,
       {"--plugin", WINBACK_PATH, "--plugin", CRASH_PATH, "--plugin-on-failure", "crash=fallback"});
  propose();
  const auto all =
      ask<v1::ListPluginsResponse>(plugins_service + "ListPlugins", v1::ListPluginsRequest());
  ASSERT_EQ(all.plugins_size(), 2);
  const v1::Plugin& good = all.plugins(0);
  EXPECT_EQ(good.name(), "plugins/winback");
  EXPECT_EQ(good.mode(), "isolated");
  EXPECT_EQ(good.state(), v1::PLUGIN_STATE_READY);
  EXPECT_FALSE(good.version().empty());
  EXPECT_FALSE(good.summary().empty());
  EXPECT_GT(good.reads_size(), 0);
  EXPECT_GT(good.actions_size(), 0);
  EXPECT_EQ(good.last_failure(), "");
  EXPECT_EQ(good.sha256().size(), 64u);
  EXPECT_NE(good.sha256(), all.plugins(1).sha256());
  const v1::Plugin& bad = all.plugins(1);
  EXPECT_EQ(bad.state(), v1::PLUGIN_STATE_RESTARTING);
  EXPECT_EQ(bad.last_signal(), SIGSEGV);
  EXPECT_EQ(bad.last_failure(), "PLUGIN_CRASHED");
}

TEST_F(plugins, that_crashed_on_a_table_serve_nobody_with_it) {
  open(30, {"--plugin", CRASH_PATH, "--plugin-on-failure", "crash=fallback"});
  EXPECT_EQ(propose().plugin_runs(0).reason(), "PLUGIN_CRASHED");
  for (int i = 0; i < 20; ++i) {
    const auto again = propose().plugin_runs(0);
    EXPECT_EQ(again.served_by(), "");
    EXPECT_FALSE(again.reason().empty());
  }
  const v1::Plugin told = get("plugins/crash");
  EXPECT_EQ(told.last_signal(), SIGSEGV);
  EXPECT_EQ(told.last_failure(), "PLUGIN_CRASHED");
}

TEST_F(plugins, are_switched_off_and_on_and_started_anew) {
  open(30, {"--plugin", WINBACK_PATH});
  const std::int64_t rows = propose().total_rows();
  EXPECT_GT(rows, 0);
  EXPECT_EQ(disable("plugins/winback").state(), v1::PLUGIN_STATE_DISABLED);
  const auto without = propose();
  EXPECT_EQ(without.total_rows(), 0);
  EXPECT_EQ(without.plugin_runs(0).served_by(), "");
  EXPECT_EQ(without.plugin_runs(0).reason(), "PLUGIN_DISABLED");
  EXPECT_EQ(enable("plugins/winback").state(), v1::PLUGIN_STATE_READY);
  EXPECT_EQ(propose().total_rows(), rows);
  const auto anew = ask_about<v1::ReloadPluginRequest, v1::ReloadPluginResponse>("ReloadPlugin",
                                                                                 "plugins/winback");
  EXPECT_EQ(anew.state(), v1::PLUGIN_STATE_READY);
  EXPECT_EQ(propose().total_rows(), rows);
}

TEST_F(plugins, are_listed_in_pages) {
  open(0, {"--plugin", WINBACK_PATH, "--plugin", CRASH_PATH, "--plugin", NAMES_PATH});
  v1::ListPluginsRequest request;
  std::vector<std::string> names;
  do {
    request.set_page_size(2);
    const auto some = ask<v1::ListPluginsResponse>(plugins_service + "ListPlugins", request);
    EXPECT_LE(some.plugins_size(), 2);
    for (const v1::Plugin& p : some.plugins()) names.push_back(p.name());
    request.set_page_token(some.next_page_token());
  } while (!request.page_token().empty() && !HasFailure());
  EXPECT_EQ(
      names,
      (std::vector<std::string>{"plugins/winback", "plugins/crash", "plugins/names_customers"}));
  request.set_page_token("1.2.3.4");
  EXPECT_EQ(refusal(plugins_service + "ListPlugins", request), "3 PAGE_TOKEN_INVALID");
  request.set_page_token("");
  request.set_page_size(-1);
  EXPECT_EQ(refusal(plugins_service + "ListPlugins", request), "3 INVALID_VALUE");
}

TEST_F(plugins, are_known_to_the_health_service_by_name) {
  open(0, {"--plugin", WINBACK_PATH});
  const std::string winback = "clv.v1.plugin/winback";
  EXPECT_TRUE(is_serving(*channel_, winback));
  disable("plugins/winback");
  EXPECT_FALSE(is_serving(*channel_, winback));
  enable("plugins/winback");
  EXPECT_TRUE(is_serving(*channel_, winback));
  EXPECT_FALSE(is_serving(*channel_, "clv.v1.plugin/nobody"));
}

// What a plugin says is kept with the job; whom it names may be forgotten.
TEST_F(plugins, words_in_a_kept_job_go_with_the_customer_whom_they_name) {
  open(30, {"--plugin", NAMES_PATH});
  v1::StartDecideRequest request;
  request.mutable_decide()->set_now_us(plugins_now_us);
  const auto started =
      ask<v1::StartDecideResponse>("/clv.v1.ActionService/StartDecide", request).job();
  const auto result = result_of<v1::DecideResponse>(started);
  ASSERT_GE(result.warnings_size(), 1) << result.ShortDebugString();
  const std::string words = result.warnings(0).message();
  const std::string who = words.substr(words.rfind(' ') + 1);
  v1::ForgetCustomerRequest gone;
  gone.set_customer(who);
  const auto forgotten =
      ask<v1::ForgetCustomerResponse>("/clv.v1.CustomerService/ForgetCustomer", gone).job();
  EXPECT_EQ(ended(forgotten).state(), v1::JOB_STATE_SUCCEEDED);
  const v1::Job kept = ended(started);
  EXPECT_EQ(kept.SerializeAsString().find(who), std::string::npos) << kept.ShortDebugString();
  v1::DecideResponse left;
  ASSERT_TRUE(kept.result().UnpackTo(&left));
  EXPECT_EQ(left.total_rows(), result.total_rows());
  EXPECT_EQ(left.warnings_size(), result.warnings_size());
  stop();
  for (const char* name : {"shop.clv-clvd", "shop.clv-clvd-wal"}) {
    EXPECT_EQ(text_of(folder_.file(name)).find(who), std::string::npos) << name;
  }
}

TEST_F(plugins, that_nobody_configured_are_unknown) {
  open(0, {"--plugin", WINBACK_PATH});
  v1::GetPluginRequest request;
  for (const std::string name : {"", "winback", "plugins/", "plugins/none", "plugins/../winback"}) {
    request.set_name(name);
    EXPECT_EQ(refusal(plugins_service + "GetPlugin", request), "5 PLUGIN_UNKNOWN") << name;
  }
}

}  // namespace
}  // namespace clv::test

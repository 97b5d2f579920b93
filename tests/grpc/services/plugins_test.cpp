// PluginService: where plugins are, switched off and on, started anew.
#include <clv/v1/action_service.pb.h>
#include <clv/v1/plugin_service.pb.h>

#include "shop.hpp"

namespace clv::test {
namespace {

const std::string service = "/clv.v1.PluginService/";
constexpr std::int64_t now_us = 1'000'000'000'000'000;

class plugins : public shop {
 protected:
  template <typename Request, typename Response>
  v1::Plugin ask_about(const std::string& method, const std::string& name) {
    Request request;
    request.set_name(name);
    return ask<Response>(service + method, request).plugin();
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
    request.set_now_us(now_us);
    return ask<v1::ProposeResponse>("/clv.v1.ActionService/Propose", request);
  }
};

TEST_F(plugins, are_listed_in_their_order_with_what_they_say_of_themselves) {
  open(30,
       {"--plugin", WINBACK_PATH, "--plugin", CRASH_PATH, "--plugin-on-failure", "crash=fallback"});
  propose();
  const auto all = ask<v1::ListPluginsResponse>(service + "ListPlugins", v1::ListPluginsRequest());
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

TEST_F(plugins, that_nobody_configured_are_unknown) {
  open(0, {"--plugin", WINBACK_PATH});
  v1::GetPluginRequest request;
  for (const std::string name : {"", "winback", "plugins/", "plugins/none", "plugins/../winback"}) {
    request.set_name(name);
    EXPECT_EQ(refusal(service + "GetPlugin", request), "5 PLUGIN_UNKNOWN") << name;
  }
}

}  // namespace
}  // namespace clv::test

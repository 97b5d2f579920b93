#include "services/plugins.hpp"

#include "plugins/supervisor.hpp"
#include "services/common.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

v1::PluginState state_of(const plugins::plugin_state& s) {
  if (s.is_ready()) return v1::PLUGIN_STATE_READY;
  if (s.condition == "backing_off") return v1::PLUGIN_STATE_RESTARTING;
  if (s.condition == "quarantined") return v1::PLUGIN_STATE_QUARANTINED;
  if (s.condition == "disabled") return v1::PLUGIN_STATE_DISABLED;
  return v1::PLUGIN_STATE_FAILED;
}

v1::Plugin described(plugins::supervised& plugin) {
  const plugins::plugin_state s = plugin.state();
  v1::Plugin p;
  p.set_sha256(plugin.sha256());
  p.set_name("plugins/" + s.name);
  p.set_version(s.says.version);
  p.set_summary(s.says.summary);
  p.set_mode(s.where);
  p.set_state(state_of(s));
  p.set_restarts(static_cast<std::int64_t>(s.restarts));
  p.set_last_signal(s.last_signal);
  if (s.quarantined_for.count() > 0) {
    *p.mutable_quarantine_until() =
        timestamp_of(server_now_us() + std::int64_t{s.quarantined_for.count()} * 1000);
  }
  p.set_rss_bytes(static_cast<std::int64_t>(s.used.rss_bytes));
  p.set_last_failure(s.last_reason);
  for (const std::string& column : s.says.reads) p.add_reads(column);
  for (const std::string& action : s.says.actions) p.add_actions(action);
  return p;
}

plugins::supervised& find(services& with, const std::string& name) {
  constexpr std::string_view prefix = "plugins/";
  plugins::supervised* found = name.starts_with(prefix) && name.size() > prefix.size()
                                   ? with.plugins->find(name.substr(prefix.size()))
                                   : nullptr;
  if (found != nullptr) return *found;
  throw call_error(grpc::StatusCode::NOT_FOUND, "PLUGIN_UNKNOWN", "there is no such plugin");
}

v1::Plugin switched(services& with, const call& c, const std::string& name, bool on) {
  check_operator(c);  // plugins are the whole server's, not one tenant's
  plugins::supervised& p = find(with, name);
  p.set_enabled(on);
  return described(p);
}

}  // namespace

// What is listed changes with the configuration alone, which is that of a start: the token of
// another start's list does not fit when its plugins were others.
void list_plugins(services& with,
                  call& c,
                  const v1::ListPluginsRequest& request,
                  v1::ListPluginsResponse& response) {
  const std::vector<plugins::plugin_state> all = with.plugins->states();
  std::string names = "ListPlugins";
  for (const plugins::plugin_state& s : all) names += "|" + s.name;
  const page_source from{
      page_arguments(c, names.c_str(), ""), "", static_cast<std::int64_t>(all.size())};
  const page p = page_of(from, request.page_size(), request.page_token(), list_pages);
  for (std::int64_t i = p.first; i < p.first + p.count; ++i) {
    const std::string& name = all[static_cast<std::size_t>(i)].name;
    *response.add_plugins() = described(*with.plugins->find(name));
  }
  response.set_next_page_token(p.next_token);
}

void get_plugin(services& with,
                call&,
                const v1::GetPluginRequest& request,
                v1::GetPluginResponse& response) {
  *response.mutable_plugin() = described(find(with, request.name()));
}

void enable_plugin(services& with,
                   call& c,
                   const v1::EnablePluginRequest& request,
                   v1::EnablePluginResponse& response) {
  *response.mutable_plugin() = switched(with, c, request.name(), true);
}

void disable_plugin(services& with,
                    call& c,
                    const v1::DisablePluginRequest& request,
                    v1::DisablePluginResponse& response) {
  *response.mutable_plugin() = switched(with, c, request.name(), false);
}

void reload_plugin(services& with,
                   call& c,
                   const v1::ReloadPluginRequest& request,
                   v1::ReloadPluginResponse& response) {
  check_operator(c);  // plugins are the whole server's, not one tenant's
  plugins::supervised& p = find(with, request.name());
  try {
    p.reload();
  } catch (const plugins::plugin_failure& failure) {
    throw plugin_error(failure);
  }
  *response.mutable_plugin() = described(p);
}

}  // namespace clvd

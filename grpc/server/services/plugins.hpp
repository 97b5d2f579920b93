// clv.v1.PluginService: see proto/clv/v1/plugin_service.proto.
#pragma once

#include <clv/v1/plugin_service.pb.h>

#include "calls/call.hpp"
#include "calls/methods.hpp"

namespace clvd {

void list_plugins(services& with,
                  call& c,
                  const clv::v1::ListPluginsRequest& request,
                  clv::v1::ListPluginsResponse& response);
void get_plugin(services& with,
                call& c,
                const clv::v1::GetPluginRequest& request,
                clv::v1::GetPluginResponse& response);
void enable_plugin(services& with,
                   call& c,
                   const clv::v1::EnablePluginRequest& request,
                   clv::v1::EnablePluginResponse& response);
void disable_plugin(services& with,
                    call& c,
                    const clv::v1::DisablePluginRequest& request,
                    clv::v1::DisablePluginResponse& response);
void reload_plugin(services& with,
                   call& c,
                   const clv::v1::ReloadPluginRequest& request,
                   clv::v1::ReloadPluginResponse& response);

}  // namespace clvd

// clv.v1.AdminService: see proto/clv/v1/admin_service.proto.
#pragma once

#include <clv/v1/admin_service.pb.h>

#include "calls/call.hpp"
#include "calls/methods.hpp"

namespace clvd {

void get_server_info(services& with,
                     call& c,
                     const clv::v1::GetServerInfoRequest& request,
                     clv::v1::GetServerInfoResponse& response);
void start_backup(services& with,
                  call& c,
                  const clv::v1::StartBackupRequest& request,
                  clv::v1::StartBackupResponse& response);
void start_integrity_check(services& with,
                           call& c,
                           const clv::v1::StartIntegrityCheckRequest& request,
                           clv::v1::StartIntegrityCheckResponse& response);
void reload_config(services& with,
                   call& c,
                   const clv::v1::ReloadConfigRequest& request,
                   clv::v1::ReloadConfigResponse& response);
void set_log_level(services& with,
                   call& c,
                   const clv::v1::SetLogLevelRequest& request,
                   clv::v1::SetLogLevelResponse& response);
void set_mode(services& with,
              call& c,
              const clv::v1::SetModeRequest& request,
              clv::v1::SetModeResponse& response);

}  // namespace clvd

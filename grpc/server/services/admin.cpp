#include "services/admin.hpp"

#include <filesystem>

#include "calls/tables.hpp"
#include "clv_service.h"
#include "ops/log.hpp"
#include "ops/server_state.hpp"
#include "services/common.hpp"
#include "tenants/registry_copy.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

constexpr int api_major = 1, api_minor = 0;

void add_names(const char* table, google::protobuf::RepeatedPtrField<std::string>& to) {
  const result_ptr names = catalogue(table);
  for (std::int64_t row = 0; row < clv_result_rows(names.get()); ++row) {
    *to.Add() = text_at(*names, "name", row);
  }
}

std::string backup_name(const tenant& of, std::int64_t now_us) {
  return of.options().backups + "/" + std::to_string(now_us);
}

// First: what the copied registry says was done is then in the store's copy too.
void back_up_registry(tenant& of, const std::string& path, v1::BackupResult& result) {
  const registry_copy made = copy_registry(of.options().registry, path);
  result.set_registry_file_name(std::filesystem::path(path).filename());
  result.set_registry_bytes(made.bytes);
  result.set_registry_sha256(made.sha256);
}

void back_up_store(tenant& of,
                   job_context& job,
                   const std::string& path,
                   v1::BackupResult& result) {
  const reading from = of.read();
  const job_ptr copy = begun([&](clv_job** out, clv_diag* diag) {
    return clv_engine_backup_begin(from.engine(), nullptr, path.c_str(), out, diag);
  });
  job.run(copy.get());
  const result_ptr table = taken(copy.get());
  result.set_file_name(std::filesystem::path(path).filename());
  result.set_bytes(static_cast<std::int64_t>(number_at(*table, "bytes", 0)));
  result.set_sha256(text_at(*table, "sha256", 0));
  result.set_schema_version(static_cast<std::int64_t>(number_at(*table, "schema_version", 0)));
}

void back_up(tenant& of, job_context& job, google::protobuf::Any& to) {
  std::filesystem::create_directories(of.options().backups);
  const std::string name = backup_name(of, server_now_us());
  const std::string registry_path = name + ".clvd.db";
  v1::BackupResult result;
  back_up_registry(of, registry_path, result);
  try {
    back_up_store(of, job, name + ".clv", result);
  } catch (...) {  // half a backup is none
    std::error_code ignored;
    for (const char* end : {"", ".sha256"}) std::filesystem::remove(registry_path + end, ignored);
    throw;
  }
  to.PackFrom(result);
}

void check_registry(const tenant& of, v1::IntegrityCheckResult& result) {
  auto& one = *result.add_checks();
  one.set_check("registry");
  one.set_detail(damage_of_registry(of.options().registry));
  one.set_status(one.detail().empty() ? "ok" : "damaged");
  if (one.status() != "ok") result.set_ok(false);
}

void check_integrity(tenant& of, job_context& job, google::protobuf::Any& to) {
  const job_ptr checking = begun([&](clv_job** out, clv_diag* diag) {
    return clv_store_check_begin(nullptr, of.options().store.c_str(), out, diag);
  });
  job.run(checking.get());
  const result_ptr table = taken(checking.get());
  v1::IntegrityCheckResult result;
  result.set_ok(true);
  for (std::int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    auto& one = *result.add_checks();
    one.set_check(text_at(*table, "check", row));
    one.set_status(text_at(*table, "status", row));
    one.set_detail(text_at(*table, "detail", row));
    if (one.status() != "ok") result.set_ok(false);
  }
  check_registry(of, result);
  to.PackFrom(result);
}

}  // namespace

void get_server_info(services& with,
                     call& c,
                     const v1::GetServerInfoRequest&,
                     v1::GetServerInfoResponse& response) {
  response.set_api_major(api_major);
  response.set_api_minor(api_minor);
  response.set_version(clv_version());
  response.set_build_info_json(clv_build_info_json());
  add_names("models", *response.mutable_models());
  add_names("segmentations", *response.mutable_segmentations());
  add_names("reports", *response.mutable_reports());
  response.set_tenant(c.who().tenant);
  response.set_read_only(with.server->read_only || with.server->disk_full);
}

// Only a file can be copied and read as one.
void check_is_file(const tenant& of) {
  if (of.options().storage == nullptr) return;
  throw call_error(grpc::StatusCode::FAILED_PRECONDITION,
                   "STORE_NOT_A_FILE",
                   "this store is in a database: use what comes with that (for PostgreSQL pg_dump "
                   "and pg_restore, pg_amcheck)");
}

void start_backup(services& with,
                  call& c,
                  const v1::StartBackupRequest& request,
                  v1::StartBackupResponse& response) {
  check_operator(c);
  tenant& of = tenant_of(with, c);
  check_is_file(of);
  *response.mutable_job() = start_job(
      with,
      c,
      request,
      {.kind = "StartBackup", .lane_reason = "BACKUP_IN_PROGRESS", .holds_log = true},
      [&of](job_context& job, google::protobuf::Any& result) { back_up(of, job, result); });
}

void start_integrity_check(services& with,
                           call& c,
                           const v1::StartIntegrityCheckRequest& request,
                           v1::StartIntegrityCheckResponse& response) {
  check_operator(c);
  tenant& of = tenant_of(with, c);
  check_is_file(of);
  *response.mutable_job() = start_job(
      with,
      c,
      request,
      {.kind = "StartIntegrityCheck", .lane_reason = "CHECK_IN_PROGRESS", .holds_log = true},
      [&of](job_context& job, google::protobuf::Any& result) { check_integrity(of, job, result); });
}

void reload_config(services& with,
                   call& c,
                   const v1::ReloadConfigRequest&,
                   v1::ReloadConfigResponse& response) {
  check_operator(c);
  if (with.server->reload) response.set_summary(with.server->reload());
}

void set_log_level(services&,
                   call& c,
                   const v1::SetLogLevelRequest& request,
                   v1::SetLogLevelResponse&) {
  check_operator(c);
  if (!change_log_level(request.level())) {
    throw invalid_field("INVALID_VALUE", "level", "write debug, info, warn or error");
  }
}

void set_mode(services& with,
              call& c,
              const v1::SetModeRequest& request,
              v1::SetModeResponse& response) {
  check_operator(c);
  with.server->read_only = request.read_only();
  response.set_read_only(with.server->read_only);
}

}  // namespace clvd

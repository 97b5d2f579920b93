#include "config/crash_check.hpp"

#include <filesystem>
#include <system_error>

#include "calls/arguments.hpp"
#include "calls/call.hpp"
#include "calls/handles.hpp"
#include "clv_service.h"
#include "config/data_folder.hpp"
#include "config/or_start_error.hpp"
#include "ops/log.hpp"
#include "security/names.hpp"
#include "services/common.hpp"

namespace clvd {
namespace {

namespace fs = std::filesystem;

bool was_left_open(const std::string& store) {
  std::error_code none;
  const auto bytes = fs::file_size(store + "-wal", none);
  return !none && bytes > 0;
}

void check_whole(const std::string& store) {
  const job_ptr job = begun([&](clv_job** out, clv_diag* diag) {
    return clv_store_check_begin(nullptr, store.c_str(), out, diag);
  });
  call nobody_waits({}, std::chrono::system_clock::time_point::max());
  nobody_waits.run(job.get());
  const result_ptr table = taken(job.get());
  for (std::int64_t row = 0; row < clv_result_rows(table.get()); ++row) {
    if (text_at(*table, "status", row) == "ok") continue;
    throw start_error(corrupt,
                      "'" + store + "' is damaged (" + text_at(*table, "check", row) + ": " +
                          text_at(*table, "detail", row) +
                          "). It was not changed; restore a backup");
  }
}

}  // namespace

std::vector<std::string> tenants_of(const options& o) {
  std::vector<std::string> names;
  const fs::path tenants = fs::path(o.data) / "tenants";
  if (o.data.empty() || !fs::exists(tenants)) return names;
  for (const auto& entry : fs::directory_iterator(tenants)) {
    names.push_back(entry.path().filename());
    if (is_plain_name(names.back())) continue;
    throw start_error(usage, "'" + entry.path().string() + "' is not the name of a tenant");
  }
  return names;
}

std::vector<std::string> stores_of(const options& o) {
  std::vector<std::string> stores;
  if (!o.store.empty() && fs::exists(o.store)) stores.push_back(o.store);
  for (const std::string& name : tenants_of(o)) {
    const fs::path store = fs::path(o.data) / "tenants" / name / "store.clv";
    if (fs::exists(store)) stores.push_back(store);
  }
  return stores;
}

void check_after_crash(const std::string& store) {
  if (!was_left_open(store)) return;
  log_info("check_after_crash", {{"text", "a write-ahead log was left behind"}});
  or_start_error([&] { check_whole(store); });
}

}  // namespace clvd

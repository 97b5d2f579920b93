// The file of a store: copies of it, checks of it, upgrades, and what is no longer to be kept in
// it.
#include <string>

#include "clv/store.hpp"
#include "clv_service.h"
#include "engine_job.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

std::string path_of(const char* path, const char* name) {
  std::string text = required(path, name);
  if (!text.empty()) return text;
  throw error(status::invalid, "argument '" + std::string(name) + "' is empty: it names a file");
}

void begin_backup(clv_engine* engine, const char* path, clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  std::string to = path_of(path, "path");
  begin_on(engine, out, [&](auto& core) { return core.backup(std::move(to)); });
}

void begin_restore(const char* backup, const char* path, clv_job** out) {
  required(out, "out");
  std::string from = path_of(backup, "backup"), to = path_of(path, "path");
  *out = new_job([&] { return restore_store(std::move(from), std::move(to)); });
}

void begin_check(const char* path, clv_job** out) {
  required(out, "out");
  std::string store = path_of(path, "path");
  *out = new_job([&] { return check_store(std::move(store)); });
}

void begin_migrate(const char* path, const char* copy, clv_job** out) {
  required(out, "out");
  std::string store = path_of(path, "path");
  *out = new_job([&] { return migrate_store(std::move(store), text_of(copy)); });
}

void begin_prune(clv_engine* engine, const char* table, std::int64_t before_us, clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  std::string name = required(table, "table");
  begin_on(engine, out, [&](auto& core) { return core.prune(std::move(name), before_us); });
}

}  // namespace
}  // namespace clv::abi

clv_status clv_engine_backup_begin(clv_engine* engine,
                                   const char* path,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_backup(engine, path, out); });
}

clv_status clv_store_restore_begin(const char* backup,
                                   const char* path,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_restore(backup, path, out); });
}

clv_status clv_store_check_begin(const char* path, clv_job** out, clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_check(path, out); });
}

clv_status clv_store_migrate_begin(const char* path,
                                   const char* copy,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_migrate(path, copy, out); });
}

clv_status clv_engine_prune_begin(clv_engine* engine,
                                  const char* table,
                                  int64_t before_us,
                                  clv_job** out,
                                  clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_prune(engine, table, before_us, out); });
}

// The file of a store: copies of it, checks of it, upgrades, and what is no longer to be kept in
// it.
#include <string>

#include "clv/store.hpp"
#include "clv_service.h"
#include "engine_job.hpp"
#include "options.hpp"
#include "text.hpp"

namespace clv::abi {
namespace {

std::string path_of(const char* path, const char* name) {
  std::string text = required(path, name);
  if (!text.empty()) return text;
  throw error(status::invalid, "argument '" + std::string(name) + "' is empty: it names a file");
}

void begin_backup(clv_engine* engine,
                  const clv_run_options* options,
                  const char* path,
                  clv_job** out) {
  required(out, "out");
  check_answerless(options);
  required(engine, "engine");
  std::string to = path_of(path, "path");
  begin_on(engine, out, [&](auto& core) { return core.backup(std::move(to)); });
}

void begin_restore(const clv_run_options* options,
                   const char* backup,
                   const char* path,
                   clv_job** out) {
  required(out, "out");
  check_answerless(options);
  std::string from = path_of(backup, "backup"), to = path_of(path, "path");
  *out = new_job([&] { return restore_store(std::move(from), std::move(to)); });
}

void begin_check(const clv_run_options* options, const char* path, clv_job** out) {
  required(out, "out");
  check_answerless(options);
  std::string store = path_of(path, "path");
  *out = new_job([&] { return check_store(std::move(store)); });
}

void begin_migrate(const clv_run_options* options,
                   const char* path,
                   const char* copy,
                   clv_job** out) {
  required(out, "out");
  check_answerless(options);
  std::string store = path_of(path, "path");
  *out = new_job([&] { return migrate_store(std::move(store), text_of(copy)); });
}

void begin_prune(clv_engine* engine,
                 const clv_run_options* options,
                 const char* table,
                 std::int64_t before_us,
                 clv_job** out) {
  required(out, "out");
  required(engine, "engine");
  std::string name = required(table, "table");
  auto kept = answer_of(options);
  begin_on(engine, out, [&](auto& core) {
    return core.prune(std::move(name), before_us, std::move(kept));
  });
}

}  // namespace
}  // namespace clv::abi

clv_status clv_engine_backup_begin(clv_engine* engine,
                                   const clv_run_options* options,
                                   const char* path,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_backup(engine, options, path, out); });
}

clv_status clv_store_restore_begin(const clv_run_options* options,
                                   const char* backup,
                                   const char* path,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_restore(options, backup, path, out); });
}

clv_status clv_store_check_begin(const clv_run_options* options,
                                 const char* path,
                                 clv_job** out,
                                 clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_check(options, path, out); });
}

clv_status clv_store_migrate_begin(const clv_run_options* options,
                                   const char* path,
                                   const char* copy,
                                   clv_job** out,
                                   clv_diag* diag) noexcept {
  return clv::abi::guard(diag, [&] { clv::abi::begin_migrate(options, path, copy, out); });
}

clv_status clv_engine_prune_begin(clv_engine* engine,
                                  const clv_run_options* options,
                                  const char* table,
                                  int64_t before_us,
                                  clv_job** out,
                                  clv_diag* diag) noexcept {
  return clv::abi::guard(diag,
                         [&] { clv::abi::begin_prune(engine, options, table, before_us, out); });
}

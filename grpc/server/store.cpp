#include "store.hpp"

#include <utility>

#include "errors.hpp"
#include "model_json.hpp"

namespace clvd {

plugins_ptr load_all(const std::vector<plugin_file>& files,
                     std::int64_t now_us,
                     std::uint64_t seed) {
  const diag_ptr diag(clv_diag_new());
  clv_plugins* made = nullptr;
  check(clv_plugins_new(&made, diag.get()), diag.get());
  plugins_ptr plugins(made);
  for (const plugin_file& file : files) {
    auto options = CLV_SIZED(clv_plugin_options);
    options.config_json = file.config_json.empty() ? nullptr : file.config_json.c_str();
    options.now_us = now_us;
    options.seed = seed;
    check(clv_plugins_load(plugins.get(), file.path.c_str(), &options, diag.get()), diag.get());
  }
  return plugins;
}

store::store(const std::string& path, std::vector<plugin_file> plugins, bool read_only)
    : plugins_(std::move(plugins)) {
  load_all(plugins_, 0, 0);
  const diag_ptr diag(clv_diag_new());
  auto options = CLV_SIZED(clv_engine_options);
  options.path = path.c_str();
  options.flags = read_only ? CLV_READ_ONLY : 0;
  clv_engine* engine = nullptr;
  check(clv_engine_open(&options, &engine, diag.get()), diag.get());
  engine_.reset(engine);
}

std::unique_lock<std::mutex> store::enter() {
  std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) {
    throw call_error(grpc::StatusCode::ABORTED,
                     "JOB_IN_PROGRESS",
                     "another call is working on the store: send this one again later");
  }
  return lock;
}

plugins_ptr store::load_plugins(std::int64_t now_us, std::uint64_t seed) const {
  return load_all(plugins_, now_us, seed);
}

std::shared_ptr<const clv_result> store::table(const std::string& name) {
  auto& kept = tables_[name];
  if (kept == nullptr) {
    const diag_ptr diag(clv_diag_new());
    clv_result* read = nullptr;
    check(clv_engine_read(engine_.get(), name.c_str(), &read, diag.get()), diag.get());
    kept = std::shared_ptr<const clv_result>(read, [](clv_result* r) { clv_result_free(r); });
  }
  return kept;
}

std::string store::currency() {
  const diag_ptr diag(clv_diag_new());
  clv_model* read = nullptr;
  check(clv_engine_model(engine_.get(), &read, diag.get()), diag.get());
  const model_ptr model(read);
  std::int64_t size = 0;
  const clv_status sized = clv_model_save(model.get(), nullptr, 0, &size, diag.get());
  if (sized != CLV_E_LIMIT) check(sized, diag.get());
  std::string json(static_cast<std::size_t>(size), '\0');
  check(clv_model_save(model.get(), json.data(), size, &size, diag.get()), diag.get());
  return currency_of(json);
}

}  // namespace clvd

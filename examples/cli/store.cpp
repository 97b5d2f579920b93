#include "store.hpp"

#include <filesystem>

namespace cli {

engine open_store(const std::string& path, bool create, const diag& d) {
  if (!create && !std::filesystem::exists(path)) {
    fail(path + ": there is no such store",
         "clv import --store " + path + " LOG.csv makes one, or clv desk import TICKETS.csv");
  }
  auto options = sized<clv_engine_options>();
  options.path = path.c_str();
  clv_engine* raw = nullptr;
  d.check(clv_engine_open(&options, &raw, d.get()), path);
  return engine(raw);
}

result read_store(const engine& store, const char* table, const std::string& path, const diag& d) {
  auto what = sized<clv_table_options>();
  what.table = table;
  clv_job* raw = nullptr;
  d.check(clv_engine_read_begin(store.get(), &what, &raw, d.get()), path);
  const job reading(raw);
  d.check(clv_job_step(reading.get(), 0, d.get()), path);
  clv_result* rows = nullptr;
  d.check(clv_job_take_result(reading.get(), nullptr, &rows, d.get()), path);
  return result(rows);
}

model model_named(const engine& store,
                  const std::string& name,
                  const std::string& path,
                  const diag& d) {
  clv_model* raw = nullptr;
  d.check(clv_engine_model(store.get(), name.c_str(), &raw, d.get()), path);
  return model(raw);
}

result try_read_store(const engine& store, const char* table) {
  try {
    return read_store(store, table, "", diag());
  } catch (const failure&) {
    return nullptr;
  }
}

}  // namespace cli

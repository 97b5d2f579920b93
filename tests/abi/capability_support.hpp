// Plugins by file name, and a few customers for them.
#pragma once

#include <string>
#include <vector>

#include "support.hpp"

namespace clv_test {

inline plugins_ptr no_plugins() {
  clv_plugins* made = nullptr;
  EXPECT_EQ(clv_plugins_new(&made, nullptr), CLV_OK);
  return plugins_ptr(made);
}

inline clv_status load(const plugins_ptr& into, const std::string& name, const diag_ptr& diag) {
  const std::string path = std::string(CLV_TEST_PLUGINS) + "/" + name + ".so";
  clv_diag_clear(diag.get());
  return clv_plugins_load(into.get(), nullptr, path.c_str(), diag.get());
}

inline plugins_ptr loaded(const std::vector<std::string>& names) {
  plugins_ptr all = no_plugins();
  const diag_ptr diag = new_diag();
  for (const std::string& name : names) EXPECT_EQ(load(all, name, diag), CLV_OK) << said(diag);
  return all;
}

inline double number_at(const result_ptr& r, const char* column, int64_t row) {
  return clv_result_number(r.get(), clv_result_find(r.get(), column), row);
}

inline bool known_at(const result_ptr& r, const char* column, int64_t row) {
  const clv_batch rows = batch_of(r);
  const int32_t at = clv_result_find(r.get(), column);
  if (at < 0) return false;
  const uint8_t* bits = rows.columns[at].validity;
  return bits == nullptr || (bits[row / 8] >> (row % 8) & 1) != 0;
}

inline std::string text_at(const result_ptr& r, const char* column, int64_t row) {
  const char* found = clv_result_text(r.get(), clv_result_find(r.get(), column), row, nullptr);
  return found == nullptr ? "" : found;
}

}  // namespace clv_test

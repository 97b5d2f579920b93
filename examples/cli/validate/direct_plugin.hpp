// A plugin used without libclv between: what it does with a host's tables is seen as it is. What
// libclv catches (a wrong number, an exception) is caught here, too, and told.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "arena.hpp"
#include "clv_plugin.h"
#include "customer_table.hpp"

namespace cli {

// What its manifest says, as libclv read it.
struct plugin_facts {
  std::string id, effects;
  std::vector<std::string> reads, actions, features, segments;
  bool deterministic = true;
};

// The mapped library; stays mapped. Throws failure with the loader's words.
clv_plugin_entry_fn find_plugin_entry(const std::string& path);
// What the entry returns, NULL too; failure for what it throws.
const clv_plugin_entry* ask_plugin_entry(clv_plugin_entry_fn entry, std::uint32_t host_abi);
// Throws failure when the entry throws or returns NULL.
const clv_plugin_entry& call_plugin_entry(clv_plugin_entry_fn entry, std::uint32_t host_abi);
// As get_capability, but failure for what it throws.
const void* find_capability(const clv_plugin_entry& entry, const char* id);

struct host_manner {
  std::string config = "{}";
  std::uint64_t seed = 7;
  std::int64_t now_us = 0;
  bool cancelled = false;
};

// What one instance said of a batch: all its capabilities, one after the other.
struct spoken {
  std::vector<std::string> of_row;  // everything that was said of that customer
  std::int64_t count = 0;           // proposals, features and assignments
  clv_status status = CLV_OK;       // the first failure
  std::string why;                  // of that failure; or of the first thing it may not say
  bool holds() const { return status >= 0 && why.empty(); }
};

class direct_instance {
 public:
  // Throws failure when create fails. `memory` and `facts` must outlive the instance.
  direct_instance(const clv_plugin_entry& entry,
                  const plugin_facts& facts,
                  const host_manner& manner,
                  arena& memory);
  ~direct_instance();
  direct_instance(const direct_instance&) = delete;
  direct_instance& operator=(const direct_instance&) = delete;
  // The columns it is granted, from any table; absent where that lacks one.
  spoken ask(const customer_table& customers);
  spoken ask(const customer_table& customers, arena& rows_memory);
  // False: two answers to one question may differ, says its manifest.
  bool is_deterministic() const { return facts_.deterministic; }

 private:
  struct call;
  static void CLV_CALL on_log(void*, clv_log_level, const char*) {}
  static std::int64_t CLV_CALL on_now(void* ctx);
  static std::uint64_t CLV_CALL on_random(void* ctx, std::int64_t row, std::uint32_t stream);
  static std::int32_t CLV_CALL on_cancelled(void* ctx);
  static void CLV_CALL on_fail(void* ctx, std::int64_t row, const char* message);
  static const void* CLV_CALL on_get_service(void*, const char*) { return nullptr; }
  static clv_status CLV_CALL on_emit(void* ctx, const clv_proposal* proposal);
  static clv_status CLV_CALL on_set(void* ctx, std::int64_t row, const char* name, double value);
  static clv_status CLV_CALL on_assign(void* ctx, std::int64_t row, const char* segment);

  const clv_plugin_entry& entry_;
  const plugin_facts& facts_;
  host_manner manner_;
  arena& memory_;
  void* instance_ = nullptr;
  std::string said_;  // by host->fail
  const customer_table* asked_ = nullptr;
};

}  // namespace cli

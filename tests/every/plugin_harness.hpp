// Loads one plugin as a host would and runs it on a small sample market: a host table, batches of
// any columns in any order and stride, and what the plugin proposed.
#pragma once

#include <clv_plugin.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace clv::test {

// One value per row; absent where `known` is false.
struct sample_column {
  std::vector<double> numbers;     // all types but utf8
  std::vector<std::string> texts;  // utf8
  std::vector<bool> known;
  std::string unit;
  clv_type type = CLV_T_F64;
};
using sample = std::map<std::string, sample_column, std::less<>>;  // by dictionary name

// Who the rows are, as the host's random numbers go by; no plugin is lent this column.
inline constexpr std::string_view who = "#who";

// The columns of schemas "scores" and "customers" for customers of every kind: usual ones and
// absurd ones (absent, NaN, infinite, negative values; text that is empty or not ASCII).
sample sample_market();
std::size_t rows_of(const sample& s);
sample with_columns(const sample& s, const std::vector<std::string>& names);
sample with_rows(const sample& s, const std::vector<std::size_t>& order);

// A copied clv_proposal.
struct proposed {
  std::int64_t row = 0;
  std::uint32_t flags = 0;
  std::string action, channel, reason;
  double effect_mean = 0, effect_sd = 0, effect_n = 0, agent_minutes = 0;
  std::int64_t response_value = 0, benefit = 0, contact_cost = 0, horizon_us = 0, expires_us = 0;
  std::string category, benefit_kind, resource, message;
  double discount_share = 0, pull_forward = 0, unsubscribe_effect = 0, resource_units = 0,
         response_p0 = 0;
  std::int64_t worst_case = 0;
  friend bool operator==(const proposed&, const proposed&) = default;
};

// A feature's number, or a segment, of a row.
struct stated {
  std::int64_t row = 0;
  std::string name;
  double value = 0;
  friend bool operator==(const stated&, const stated&) = default;
};

// All that a plugin says about the rows, by each capability that it has.
struct answers {
  std::vector<proposed> proposals;
  std::vector<stated> features, segments;
  std::size_t size() const { return proposals.size() + features.size() + segments.size(); }
  bool empty() const { return size() == 0; }
  friend bool operator==(const answers&, const answers&) = default;
};

struct run_result : answers {
  clv_status status = CLV_OK;  // the first that failed
  std::string said;            // by host->fail
  const answers& all() const { return *this; }
};

// How a batch is laid out in memory.
struct layout {
  bool reversed = false;    // columns in the opposite order
  bool other_trap = false;  // what lies in memory where a value is absent
  std::int64_t stride = 0;  // of the f64 columns; 0 = packed
  std::size_t emit_limit = std::numeric_limits<std::size_t>::max();  // sinks fail from then on
};

// A loaded library; stays mapped. Throws std::runtime_error with the loader's words.
const clv_plugin_entry* load_entry(const std::string& path, std::uint32_t host_abi);

// One instance with a host table of its own.
class plugin_instance {
 public:
  plugin_instance(const clv_plugin_entry* entry, const std::string& config);
  ~plugin_instance();
  plugin_instance(const plugin_instance&) = delete;
  plugin_instance& operator=(const plugin_instance&) = delete;
  clv_status created() const { return created_; }
  bool exists() const { return instance_ != nullptr; }
  const std::string& said() const { return said_; }
  // Each capability that it has, in turn.
  run_result ask(const sample& s, const layout& how = {});
  // Proposals alone.
  run_result propose(const sample& s, const layout& how = {}) { return ask(s, how); }

 private:
  static void CLV_CALL log(void*, clv_log_level, const char*) {}
  static std::int64_t CLV_CALL now_us(void*) { return 1'767'225'600'000'000; }  // 2026-01-01
  static std::uint64_t CLV_CALL random(void* ctx, std::int64_t row, std::uint32_t stream);
  static std::int32_t CLV_CALL cancelled(void*) { return 0; }
  static void CLV_CALL fail(void* ctx, std::int64_t, const char* message) {
    static_cast<plugin_instance*>(ctx)->said_ = message;
  }
  static const void* CLV_CALL get_service(void*, const char*) { return nullptr; }

  const clv_plugin_entry* entry_;
  clv_plugin_host host_;
  void* instance_ = nullptr;
  const sample* asked_ = nullptr;
  clv_status created_;
  std::string said_;
};

}  // namespace clv::test

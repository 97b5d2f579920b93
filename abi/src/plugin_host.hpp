// One loaded plugin as the core sees it: a proposer. Every call into it is wrapped, and what it
// says is checked; it can fail, but it cannot take the host down by returning nonsense.
#pragma once

#include <atomic>
#include <cfenv>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "clv.h"
#include "clv/decide.hpp"
#include "clv_plugin.h"
#include "manifest.hpp"
#include "proposal.hpp"

namespace clv::abi {

struct plugin_setup {
  const clv_plugin_entry* entry;
  const clv_action_v1* action;
  manifest says;
  std::string path;
  std::string config;  // a JSON object
  std::uint64_t seed;
  std::int64_t now_us;
};

// The floating-point environment as it was, whatever the plugin did to it.
class saved_float_environment {
 public:
  saved_float_environment() { std::fegetenv(&saved_); }
  ~saved_float_environment() { std::fesetenv(&saved_); }
  saved_float_environment(const saved_float_environment&) = delete;
  saved_float_environment& operator=(const saved_float_environment&) = delete;

 private:
  std::fenv_t saved_;
};

// What came of a call into a plugin: its status, or that it threw and what.
struct call_outcome {
  clv_status status = CLV_OK;
  std::string threw;  // empty: it returned
};

class plugin final : public proposer {
 public:
  // Makes the instance; throws error{plugin} when create fails, with the plugin's own words.
  explicit plugin(plugin_setup setup);
  ~plugin() override;
  plugin(const plugin&) = delete;
  plugin& operator=(const plugin&) = delete;

  std::string_view id() const override { return id_; }
  const plugin_setup& setup() const { return setup_; }
  // What host->cancelled answers from now on; nullptr: never cancelled.
  void watch(const std::atomic<bool>* cancelled) noexcept {
    cancelled_ = cancelled;
    interrupted_ = false;
    told_missing_.clear();
  }
  issues take_logs();
  // True when a call of propose since watch() stopped because the job was cancelled.
  bool interrupted() const noexcept { return interrupted_; }

  // A plugin that fails once is not asked again for the rest of its life.
  void propose(const table& customers,
               std::size_t first,
               std::size_t last,
               table& proposals,
               issues& notes) override;

 private:
  struct block;  // rows handed to one call of propose

  void propose_block(const block& rows, table& proposals, issues& notes);
  call_outcome call_propose(const block& rows, std::vector<kept_proposal>& kept, issues& notes);
  void note_missing_columns(const table& customers, issues& notes);
  void fail(const std::string& why, std::int64_t row, issues& notes);
  std::string failure_of(const call_outcome& called, const char* function) const;
  std::uint64_t random(std::int64_t row, std::uint32_t stream) const;

  static void CLV_CALL on_log(void* ctx, clv_log_level level, const char* message);
  static std::int64_t CLV_CALL on_now(void* ctx);
  static std::uint64_t CLV_CALL on_random(void* ctx, std::int64_t row, std::uint32_t stream);
  static std::int32_t CLV_CALL on_cancelled(void* ctx);
  static void CLV_CALL on_fail(void* ctx, std::int64_t row, const char* message);
  static const void* CLV_CALL on_get_service(void* ctx, const char* service_id);

  plugin_setup setup_;
  std::string id_;
  std::string reads_;  // as a comma list
  clv_plugin_host host_{};
  void* instance_ = nullptr;
  std::atomic<const std::atomic<bool>*> cancelled_{nullptr};
  std::atomic<const block*> now_reading_{nullptr};
  std::string said_;  // by host->fail during the current call
  std::int64_t said_row_ = -1;
  bool interrupted_ = false;
  std::set<std::string> told_missing_;  // columns noted in this run
  std::string quarantined_;             // why; empty: it works
  std::mutex log_lock_;
  issues logs_;
};

// Opens one file and checks it up to, but without, making an instance.
// Throws error: invalid, io, abi, permission, unsupported; the message names the file.
plugin_setup open_plugin(const char* path, const clv_plugin_options* options);

}  // namespace clv::abi

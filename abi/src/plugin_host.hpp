// One loaded plugin as the core sees it: a proposer, a maker of features, a segmenter, each where
// it has that capability. Every call into it is wrapped, and what it says is checked; it can fail,
// but it cannot take the host down by returning nonsense.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capabilities.hpp"
#include "clv.h"
#include "clv/decide.hpp"
#include "clv/extension.hpp"
#include "clv_plugin.h"
#include "host_table.hpp"
#include "manifest.hpp"
#include "plugin_call.hpp"
#include "plugin_log.hpp"
#include "proposal.hpp"

namespace clv::abi {

struct plugin_setup {
  const clv_plugin_entry* entry;
  capabilities offers;
  manifest says;
  std::string path;
  std::string config;  // a JSON object
  std::uint64_t seed;
  std::int64_t now_us;
  std::uint32_t abi = own_abi;  // the version it sees
};

class plugin final : public proposer, public feature_maker, public segmenter {
 public:
  // Makes the instance; throws error{plugin} when create fails, with the plugin's own words. What
  // it logs goes to `log` as well.
  plugin(plugin_setup setup, std::shared_ptr<plugin_log> log);
  ~plugin() override;
  plugin(const plugin&) = delete;
  plugin& operator=(const plugin&) = delete;

  std::string_view id() const override { return id_; }
  const plugin_setup& setup() const { return setup_; }
  // The columns that its proposals are said to rest on: those it reads, and those that its features
  // were made of.
  void set_sources(const std::vector<std::string>& columns);
  // What host->cancelled answers from now on; nullptr: never cancelled. When it returns, no thread
  // of the plugin's own looks at the one before any more: its job may be freed.
  void watch(const std::atomic<bool>* cancelled) noexcept;
  issues take_logs();

  // A plugin that fails once is not asked again for the rest of its life.
  void propose(const table& customers,
               std::size_t first,
               std::size_t last,
               table& proposals,
               issues& notes) override;

  std::span<const std::string> features() const override { return feature_columns_; }
  // Throws error{cancelled}.
  void make(const table& customers,
            std::size_t first,
            std::size_t last,
            table& made,
            issues& notes) override;

  std::string settings() const override { return setup_.config; }
  std::string reads() const override { return sources_; }
  void assign(const table& customers,
              std::size_t first,
              std::size_t last,
              column& segment,
              issues& notes) override;

 private:
  struct block {  // rows handed to one call
    const table& customers;
    std::size_t first, last;
    std::int64_t rows() const { return static_cast<std::int64_t>(last - first); }
  };
  struct capability_call {
    const char* function;  // "propose"
    const char* remedy;    // the hint of a failure
    const std::vector<std::string>& reads;
    refusals& refused;
    std::function<clv_status(const clv_batch*)> run;
  };

  // Calls into the plugin. The issue is why it failed, after which it is quarantined.
  std::optional<issue> ask(const block& rows, const capability_call& what, issues& notes);
  call_outcome call(const block& rows, const capability_call& what);
  void note_refusals(const block& rows, const refusals& refused, issues& notes) const;
  void propose_block(const block& rows, table& proposals, issues& notes);
  void note_missing_columns(const table& customers,
                            const std::vector<std::string>& reads,
                            issues& notes) const;
  bool asked_to_stop() const noexcept;
  issue failure(const std::string& why, std::int64_t row, const char* remedy) const;
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
  std::string sources_;                        // as a comma list
  std::vector<std::string> feature_columns_;   // "feature.gap"
  std::vector<std::string> reads_of_compute_;  // without features, which are not made yet
  std::shared_ptr<plugin_log> log_;
  host_table host_;
  void* instance_ = nullptr;
  mutable std::mutex watch_lock_;  // of the two below, which belong to a job
  const std::atomic<bool>* cancelled_ = nullptr;
  const block* now_reading_ = nullptr;
  std::string said_;  // by host->fail during the current call
  std::int64_t said_row_ = -1;
  bool interrupted_ = false;
  std::string quarantined_;  // why; empty: it works
  std::mutex log_lock_;
  issues logs_;
};

// Opens one file and checks it up to, but without, making an instance.
// Throws error: invalid, io, abi, permission, unsupported; the message names the file.
plugin_setup open_plugin(const char* path, const clv_plugin_options* options);
// What the file says of itself; nothing is made, and nothing granted.
plugin_setup describe_plugin(const char* path, std::uint32_t abi = own_abi);

}  // namespace clv::abi

// One tenant: a store of its own, the thread that writes to it, engines that read it, and what was
// read of it last. Nothing of one tenant is reachable from another.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "calls/call.hpp"
#include "calls/handles.hpp"
#include "ingest/writer.hpp"
#include "tenants/cached_table.hpp"
#include "tenants/registry.hpp"

namespace clvd {

struct tenant_options {
  std::string name;
  std::string store;                     // file of its engine; made when absent
  const clv_storage* storage = nullptr;  // else `store` is what this opens, and a secret
  std::string registry;  // file of its jobs, answered requests and segment definitions
  std::string backups;   // folder, made at the first backup
  writer_limits limits;
};

// A model in use; immutable. A promotion swaps the pointer, calls in progress keep theirs.
struct served_model {
  model_ptr model;
  std::string name;      // "3"
  std::string currency;  // "" when it names none
  std::string unit, time_zone;
  bool retired = false;  // nothing is scored with it any more
};

// A read-only engine for one call or job alone: verbs on it compute on a snapshot and store nothing
// until tenant::adopt. Goes back to its tenant when it is dropped.
class reading {
 public:
  reading(std::function<void(engine_ptr)> give_back, engine_ptr engine)
      : give_back_(std::move(give_back)), engine_(std::move(engine)) {}
  ~reading() {
    if (engine_) give_back_(std::move(engine_));
  }
  reading(reading&&) = default;
  reading& operator=(reading&&) = delete;
  clv_engine* engine() const { return engine_.get(); }

 private:
  std::function<void(engine_ptr)> give_back_;
  engine_ptr engine_;
};

struct kept_proposals;

class tenant {
 public:
  // Opens, migrates and locks the store. Throws call_error; its `core` is CLV_E_BUSY when another
  // process has it.
  tenant(tenant_options o, metrics& m, server_state& server);
  // Interrupts nothing: stop the jobs first. Ends the writer after what is queued.
  ~tenant();

  const tenant_options& options() const { return options_; }
  registry& kept() { return *registry_; }
  writer& write() { return *writer_; }

  // [any] from here on.
  reading read();
  // A stored table (clv_engine_read_begin), as of the last commit. Throws call_error:
  // FAILED_PRECONDITION STAGE_NOT_READY where its verb has not run.
  std::shared_ptr<const cached_table> table(const std::string& name);
  // The same for those who must not wait: where the store is a database elsewhere, as it was read
  // last, or nullptr.
  std::shared_ptr<const cached_table> table_at_hand(const std::string& name);
  // By number, alias, or "" for alias "production" and else the latest. Throws call_error.
  std::shared_ptr<const served_model> model(const std::string& name);
  // Stores what a finished job of reading() computed, and the answer with it; `then` sees the store
  // as it is right after that. Throws call_error: ABORTED when something newer came first,
  // FAILED_PRECONDITION where nothing may be written; its core is CLV_E_EXISTS when the request was
  // answered before.
  void adopt(clv_job* done,
             const clv_answer* answer = nullptr,
             const std::function<void(clv_engine*)>& then = {});
  // How far the stream of that key is on disk; 0: nothing of it yet. Throws call_error.
  std::int64_t durable_sequence(const std::string& key);
  // Held by the one call that proposes or decides; a job that waits for it looks up now and then.
  std::timed_mutex deciding;
  // The proposals of the last Propose, for its pages, until nobody has asked for any for a while;
  // their content is services/actions.cpp's.
  void keep_proposals(std::shared_ptr<kept_proposals> proposals);
  std::shared_ptr<kept_proposals> last_proposals();
  void drop_old_proposals(std::chrono::steady_clock::time_point now);
  std::uint64_t next_proposals() { return ++proposals_made_; }

  // Size of the file and of its write-ahead log in bytes, free bytes of the disk.
  struct disk_use {
    double store = 0, wal = 0, free = 0;
  };
  disk_use disk() const;
  // Whether the write-ahead log is beyond its alarm.
  bool has_large_log() const;
  // Empties the write-ahead log as far as its readers let it. False: one, or a writer, was in the
  // way. Beside the engine's own checkpoints, which come only with a commit. Throws call_error.
  bool checkpoint();

 private:
  engine_ptr open(std::uint32_t flags) const;
  std::function<engine_ptr()> again() const;
  engine_ptr idle_reader();

  const tenant_options options_;
  server_state& server_;
  std::unique_ptr<registry> registry_;
  std::unique_ptr<writer> writer_;
  std::atomic<std::uint64_t> proposals_made_ = 0;
  std::mutex mutex_;  // guards what is below
  std::vector<engine_ptr> idle_;
  std::shared_ptr<kept_proposals> proposals_;
  std::chrono::steady_clock::time_point proposals_used_;
  struct kept_table {
    std::uint64_t commit = 0;
    std::shared_ptr<const cached_table> rows;
  };
  std::map<std::string, kept_table> tables_;
  std::uint64_t models_commit_ = 0;
  std::map<std::string, std::shared_ptr<const served_model>> models_;
};

}  // namespace clvd

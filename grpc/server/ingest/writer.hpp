// The one thread that writes to a store: batches that wait are committed together, so that
// durability costs one flush for all of them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "calls/errors.hpp"
#include "calls/handles.hpp"
#include "clv_service.h"

namespace clvd {

class metrics;
class server_state;

struct writer_limits {
  std::int64_t rows_a_commit = 10'000;
  std::int64_t rows_waiting = 100'000;  // more are refused: INGEST_QUEUE_FULL
};

// Rows on their way; `owner` keeps what `rows` points to.
struct keyed_rows {
  std::string table;  // "transactions" or a recordable schema
  std::string source, currency;
  std::string key;  // "" = not keyed
  std::int64_t sequence = 0;
  bool partial = false, validate_only = false;
  std::shared_ptr<const void> owner;
  const clv_batch* rows = nullptr;
};

struct refused_row {
  std::int64_t row = 0;
  std::string column, reason, message;
};

// What became of a batch; `error`: it was refused as a whole and left nothing.
struct verdict {
  std::unique_ptr<call_error> error;
  std::int64_t accepted = 0, duplicates = 0, rejected = 0, durable_sequence = 0;
  bool repeated = false;
  std::vector<refused_row> refused;  // the first 100
};

class writer {
 public:
  // `open_again` makes another engine, on the writer's thread, for the first work after a CLV_E_IO:
  // one whose connection was lost stays lost. Throws call_error, for that work alone.
  writer(engine_ptr engine,
         writer_limits limits,
         metrics& m,
         server_state& server,
         std::function<engine_ptr()> open_again = {});
  ~writer();  // commits what is queued, then ends the thread
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;

  // Queues a batch. `done` is called once, on the writer's thread, after its commit is durable or
  // has failed; it must be quick. Throws call_error: RESOURCE_EXHAUSTED INGEST_QUEUE_FULL,
  // FAILED_PRECONDITION READ_ONLY. [any]
  void submit(keyed_rows batch, std::function<void(verdict)> done);
  // The same for who can wait: where the queue is full it returns false, takes nothing, and calls
  // `when_room` once, on the writer's thread, when half of it is free again; it must be quick.
  // Throws call_error READ_ONLY. [any]
  bool offer(const keyed_rows& batch,
             const std::function<void(verdict)>& done,
             std::function<void()> when_room);
  // As submit, waiting for the verdict; throws its error. [any]
  verdict commit(keyed_rows batch);
  // Runs `work` alone with the engine on the writer's thread, between commits; waits for it and
  // passes on what it throws. [any]
  void run(const std::function<void(clv_engine*)>& work);

  // Rise when facts were committed, and when anything else was (run): what was read before may be
  // old. [any]
  struct counts {
    std::uint64_t facts = 1, others = 1;
  };
  counts commits() const;
  std::int64_t rows_waiting() const;
  // Plenty: less than half the queue is taken; none: it would not take a batch of so many rows now.
  // [any]
  enum class space { plenty, little, none };
  space room_for(std::int64_t rows) const;
  // False: half the queue is free. Else `when_room` is called once, on the writer's thread, when it
  // is; it must be quick. [any]
  bool call_when_room(std::function<void()> when_room);

 private:
  struct waiting {
    keyed_rows batch;
    std::function<void(verdict)> done;
  };
  struct task {
    const std::function<void(clv_engine*)>* work = nullptr;
    std::exception_ptr thrown;
    bool finished = false;
  };

  void work();
  void commit_group(std::vector<waiting>& group);
  std::vector<waiting> next_group();
  // Without the lock:
  clv_engine* engine();
  void failed(const call_error& e);
  // With the lock held:
  bool fits(std::int64_t rows) const;
  bool half_is_free() const { return rows_waiting_ <= limits_.rows_waiting / 2; }
  void add(waiting more);

  engine_ptr engine_;  // of the writer's thread alone; null: to be opened again
  const std::function<engine_ptr()> open_again_;
  const writer_limits limits_;
  metrics& metrics_;
  server_state& server_;
  mutable std::mutex mutex_;  // guards what is below
  std::condition_variable wake_, finished_;
  std::deque<waiting> batches_;
  std::deque<task*> tasks_;
  std::vector<std::function<void()>> want_room_;
  std::int64_t rows_waiting_ = 0;
  counts commits_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace clvd

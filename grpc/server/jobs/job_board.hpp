// Long work: numbered, kept in the tenant's registry, run on threads of its own with low priority,
// watched, cancelled, interrupted when the server stops.
#pragma once

#include <clv/v1/job_service.pb.h>
#include <google/protobuf/any.pb.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "calls/caller.hpp"
#include "calls/producer.hpp"
#include "jobs/job_context.hpp"
#include "tenants/tenant.hpp"

namespace clvd {

class metrics;
class repeats;

// Fills the result; throws call_error. Runs on a job thread.
using job_work = std::function<void(job_context&, google::protobuf::Any& result)>;

struct job_order {
  std::string kind;        // "FitModel"
  std::string request_id;  // "": not keyed; a repeat with the same body gets the same job
  std::string body;        // of the request, deterministically serialized
  scope cancelled_by = scope::admin;
  // Two unfinished jobs of one tenant and lane do not go together: ABORTED with this reason, such
  // as FIT_IN_PROGRESS. "": any number.
  std::string lane_reason;
  // It reads one snapshot of the store to its end. Meanwhile the write-ahead log is not emptied.
  bool holds_log = false;
};

class job_board {
 public:
  job_board(unsigned threads, metrics& m);
  ~job_board();  // stops what runs and waits for it
  job_board(const job_board&) = delete;
  job_board& operator=(const job_board&) = delete;

  // A tenant that was just opened: what ran when the server stopped is INTERRUPTED now; what is
  // older than 30 days is forgotten.
  void adopt(tenant& of);

  // Throws call_error: ABORTED (the lane is taken), RESOURCE_EXHAUSTED (too many wait),
  // INVALID_ARGUMENT REQUEST_ID_REUSED, UNAVAILABLE (stopping). [any] from here on.
  clv::v1::Job start(tenant& of, job_order order, job_work work);
  clv::v1::Job get(tenant& of, const std::string& name);
  std::vector<clv::v1::Job> list(tenant& of,
                                 std::int64_t before,
                                 std::size_t limit,
                                 const std::string& kind);
  clv::v1::Job cancel(tenant& of, const caller& who, const std::string& name);
  // Takes a forgotten customer out of what jobs say in words, also of those that have not ended.
  bool forget(tenant& of, const std::string& customer);
  struct tally {
    std::int64_t queued = 0, running = 0;
  };
  tally unfinished();
  // WatchJobResponses: now, after each change, until it has ended.
  std::unique_ptr<producer> watch(tenant& of, const std::string& name);

  // Ends the tenant's jobs that keep its write-ahead log from being emptied. [any]
  void cut_log_holders(const tenant& of, std::int64_t log_bytes, std::int64_t limit);

  // Nothing starts any more; what waits is INTERRUPTED, what runs is asked to end at its next safe
  // point. Does not wait for that. [any]
  void stop_all();
  // Waits until all have ended, at most until then or until hurry(). After stop_all().
  void await_end(std::chrono::system_clock::time_point until);
  // Ends the waiting of await_end(), now or when it begins. [any]
  void hurry();

 private:
  struct entry;
  class watcher;

  static bool is_end(clv::v1::JobState state);
  void work();
  void run(entry& e);
  void progressed(entry& e, double fraction, const std::string& phase);
  // With the lock held:
  void check_lane(const tenant& of, const std::string& reason) const;
  void enter(const std::shared_ptr<entry>& e, const repeats& known);
  clv::v1::Job get_locked(tenant& of, std::int64_t number);
  void forget_old(tenant& of, std::int64_t now);
  void keep(entry& e);
  void end(entry& e, clv::v1::JobState state, std::unique_lock<std::mutex>& lock);
  void wake_watchers(entry& e, std::unique_lock<std::mutex>& lock);

  metrics& metrics_;
  std::mutex mutex_;  // guards all below, and the jobs of all entries
  std::condition_variable wake_, ended_;
  std::deque<std::shared_ptr<entry>> queue_;
  std::map<std::pair<tenant*, std::int64_t>, std::shared_ptr<entry>> live_;  // not ended
  std::map<tenant*, std::int64_t> forgot_us_;  // when what is old was deleted last
  bool stopping_ = false, hurried_ = false;
  std::vector<std::thread> threads_;
};

// "jobs/12" -> 12. Throws call_error NOT_FOUND.
std::int64_t job_number(const std::string& name);

}  // namespace clvd

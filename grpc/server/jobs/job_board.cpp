#include "jobs/job_board.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "calls/clock.hpp"
#include "calls/errors.hpp"
#include "calls/repeats.hpp"
#include "calls/timestamps.hpp"
#include "doors/answer.hpp"
#include "jobs/erased_words.hpp"
#include "ops/log.hpp"
#include "ops/metrics.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;
using clock = std::chrono::steady_clock;

constexpr std::size_t waiting_limit = 1000;
constexpr std::chrono::milliseconds report_every{200};
constexpr int low_priority = 10;
constexpr std::int64_t day_us = 24LL * 3600 * 1'000'000;
constexpr std::int64_t kept_us = 30 * day_us;

const char* name_of(v1::JobState state) {
  switch (state) {
    case v1::JOB_STATE_SUCCEEDED:
      return "succeeded";
    case v1::JOB_STATE_FAILED:
      return "failed";
    case v1::JOB_STATE_CANCELLED:
      return "cancelled";
    default:
      return "interrupted";
  }
}

std::string name_of(std::int64_t number) {
  return "jobs/" + std::to_string(number);
}

v1::Job parsed(const registry::job_row& row) {
  v1::Job job;
  if (!job.ParseFromString(row.bytes)) {
    throw call_error(grpc::StatusCode::DATA_LOSS, "STORE_CORRUPT", "a kept job cannot be read");
  }
  job.set_name(name_of(row.number));  // the server may have died before it was written
  return job;
}

call_error no_such_job() {
  return {grpc::StatusCode::NOT_FOUND, "JOB_UNKNOWN", "there is no such job"};
}

// Only this thread: fits must not starve calls.
void lower_priority() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), low_priority);
}

}  // namespace

std::int64_t job_number(const std::string& name) {
  constexpr std::string_view prefix = "jobs/";
  std::int64_t number = 0;
  if (name.starts_with(prefix)) {
    const char* end = name.data() + name.size();
    const auto read = std::from_chars(name.data() + prefix.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end && number > 0) return number;
  }
  throw no_such_job();
}

// A job that has not ended, or ended a moment ago.
struct job_board::entry {
  entry(job_board& board, tenant& owner, job_order o, job_work w)
      : of(owner),
        order(std::move(o)),
        work(std::move(w)),
        context([&board, this](double fraction, const std::string& phase) {
          board.progressed(*this, fraction, phase);
        }) {}

  tenant& of;
  const job_order order;
  job_work work;
  std::int64_t number = 0;
  v1::Job job;  // guarded by the board's mutex, as all below
  std::uint64_t version = 1;
  bool cancelled = false;
  std::vector<std::string> forgotten;  // customers, while it ran: it must not name them at its end
  clock::time_point reported{};
  std::map<const watcher*, std::function<void()>> woken;  // who waits for the next version
  job_context context;
};

// Says the job as it is whenever it has another version than the one said last.
class job_board::watcher final : public producer {
 public:
  watcher(job_board& board, std::shared_ptr<entry> e) : board_(board), entry_(std::move(e)) {}
  explicit watcher(job_board& board, v1::Job ended) : board_(board), ended_(std::move(ended)) {}
  // A job may run for hours, and its watchers come and go.
  ~watcher() override {
    if (!entry_) return;
    const std::lock_guard lock(board_.mutex_);
    entry_->woken.erase(this);
  }
  watcher(const watcher&) = delete;
  watcher& operator=(const watcher&) = delete;

  next advance(google::protobuf::Message& out) override {
    auto& response = static_cast<v1::WatchJobResponse&>(out);
    if (last_) return next::end;
    if (!entry_) {
      *response.mutable_job() = ended_;
      last_ = true;
      return next::message;
    }
    const std::lock_guard lock(board_.mutex_);
    if (entry_->version == said_) return next::wait;
    said_ = entry_->version;
    *response.mutable_job() = entry_->job;
    last_ = is_end(entry_->job.state());
    return next::message;
  }

  void when_ready(std::function<void()> wake) override {
    {
      const std::lock_guard lock(board_.mutex_);
      if (entry_->version == said_) {
        entry_->woken[this] = std::move(wake);
        return;
      }
    }
    wake();
  }

 private:
  job_board& board_;
  std::shared_ptr<entry> entry_;
  v1::Job ended_;
  std::uint64_t said_ = 0;
  bool last_ = false;
};

job_board::job_board(unsigned threads, metrics& m) : metrics_(m) {
  for (unsigned i = 0; i < std::max(1U, threads); ++i) {
    threads_.emplace_back([this] {
      lower_priority();
      work();
    });
  }
}

job_board::~job_board() {
  stop_all();
  for (std::thread& thread : threads_) thread.join();
}

bool job_board::is_end(v1::JobState state) {
  return state != v1::JOB_STATE_QUEUED && state != v1::JOB_STATE_RUNNING;
}

void job_board::adopt(tenant& of) {
  const std::int64_t now = server_now_us();
  for (const registry::job_row& row : of.kept().unfinished_jobs()) {
    v1::Job job = parsed(row);
    job.set_state(v1::JOB_STATE_INTERRUPTED);
    *job.mutable_update_time() = timestamp_of(now);
    of.kept().set_job({row.number, job.SerializeAsString(), true}, now);
  }
  of.kept().forget_before(now - kept_us);
  const std::lock_guard lock(mutex_);
  forgot_us_[&of] = now;
}

// A server may run for years. The lock is held.
void job_board::forget_old(tenant& of, std::int64_t now) {
  std::int64_t& last = forgot_us_[&of];
  if (now - last < day_us) return;
  last = now;
  of.kept().forget_before(now - kept_us);
}

v1::Job job_board::start(tenant& of, job_order order, job_work work) {
  const std::lock_guard lock(mutex_);
  const repeats known(of.kept(), order.kind, order.request_id, order.body);
  v1::Job before;
  if (known.find(before)) return get_locked(of, job_number(before.name()));
  if (stopping_) throw shutting_down();
  if (queue_.size() >= waiting_limit) throw queue_full();
  check_lane(of, order.lane_reason);
  const auto e = std::make_shared<entry>(*this, of, std::move(order), std::move(work));
  enter(e, known);
  queue_.push_back(e);
  wake_.notify_one();
  return e->job;
}

void job_board::check_lane(const tenant& of, const std::string& reason) const {
  if (reason.empty()) return;
  for (const auto& [key, e] : live_) {
    if (&e->of != &of || e->order.lane_reason != reason) continue;
    call_error error(grpc::StatusCode::ABORTED,
                     reason,
                     name_of(e->number) + " is not finished: watch or cancel it");
    error.metadata["job"] = name_of(e->number);
    throw error;
  }
}

// The job and its answer are kept together or not at all: a request that was refused leaves no job
// behind that nobody runs.
void job_board::enter(const std::shared_ptr<entry>& e, const repeats& known) {
  const std::int64_t now = server_now_us();
  registry& kept = e->of.kept();
  forget_old(e->of, now);
  e->job.set_kind(e->order.kind);
  e->job.set_state(v1::JOB_STATE_QUEUED);
  *e->job.mutable_create_time() = timestamp_of(now);
  *e->job.mutable_update_time() = timestamp_of(now);
  kept.together([&] {
    e->number = kept.add_job(e->order.kind, e->job.SerializeAsString(), now);
    e->job.set_name(name_of(e->number));
    known.keep(e->job);
  });
  live_[{&e->of, e->number}] = e;
}

v1::Job job_board::get_locked(tenant& of, std::int64_t number) {
  const auto live = live_.find({&of, number});
  if (live != live_.end()) return live->second->job;
  const auto kept = of.kept().job(number);
  if (!kept) throw no_such_job();
  return parsed(*kept);
}

v1::Job job_board::get(tenant& of, const std::string& name) {
  const std::int64_t number = job_number(name);
  const std::lock_guard lock(mutex_);
  return get_locked(of, number);
}

std::vector<v1::Job> job_board::list(tenant& of,
                                     std::int64_t before,
                                     std::size_t limit,
                                     const std::string& kind) {
  const std::lock_guard lock(mutex_);
  std::vector<v1::Job> jobs;
  for (const registry::job_row& row : of.kept().jobs(before, limit, kind)) {
    const auto live = live_.find({&of, row.number});
    jobs.push_back(live != live_.end() ? live->second->job : parsed(row));
  }
  return jobs;
}

v1::Job job_board::cancel(tenant& of, const caller& who, const std::string& name) {
  const std::int64_t number = job_number(name);
  std::shared_ptr<entry> e;
  {
    const std::lock_guard lock(mutex_);
    const auto live = live_.find({&of, number});
    if (live == live_.end() && who.may(scope::read)) return get_locked(of, number);
    if (live == live_.end()) {
      throw call_error(grpc::StatusCode::PERMISSION_DENIED,
                       "SCOPE_MISSING",
                       "the job has ended, and reading it needs the scope 'read'");
    }
    e = live->second;
    if (!who.may(e->order.cancelled_by)) {
      throw call_error(grpc::StatusCode::PERMISSION_DENIED,
                       "SCOPE_MISSING",
                       "a job is cancelled with the scope of the method that started it");
    }
    e->cancelled = true;
  }
  e->context.stop();
  {
    std::unique_lock lock(mutex_);
    const auto queued = std::find(queue_.begin(), queue_.end(), e);
    if (queued != queue_.end()) {
      queue_.erase(queued);
      end(*e, v1::JOB_STATE_CANCELLED, lock);
    }
  }
  return get(of, name);
}

bool job_board::forget(tenant& of, const std::string& customer) {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, e] : live_) {
    if (&e->of == &of) e->forgotten.push_back(customer);
  }
  return of.kept().rewrite_jobs(customer, [&](const std::string& bytes) {
    v1::Job job;
    if (!job.ParseFromString(bytes) || !erase_words(job, customer)) return bytes;
    return job.SerializeAsString();
  });
}

job_board::tally job_board::unfinished() {
  const std::lock_guard lock(mutex_);
  tally now;
  for (const auto& [key, e] : live_) {
    ++(e->job.state() == v1::JOB_STATE_QUEUED ? now.queued : now.running);
  }
  return now;
}

std::unique_ptr<producer> job_board::watch(tenant& of, const std::string& name) {
  const std::int64_t number = job_number(name);
  const std::lock_guard lock(mutex_);
  const auto live = live_.find({&of, number});
  if (live != live_.end()) return std::make_unique<watcher>(*this, live->second);
  return std::make_unique<watcher>(*this, get_locked(of, number));
}

void job_board::cut_log_holders(const tenant& of, std::int64_t log_bytes, std::int64_t limit) {
  call_error why(grpc::StatusCode::ABORTED,
                 "LOG_TOO_LARGE",
                 "the store's write-ahead log grew beyond its limit while the job, and perhaps "
                 "others, kept it from being emptied: start it when less is written, or raise "
                 "--wal-limit-mib");
  why.metadata = {{"bytes", std::to_string(log_bytes)}, {"limit", std::to_string(limit)}};
  const std::lock_guard lock(mutex_);
  for (const auto& [key, e] : live_) {
    if (&e->of != &of || !e->order.holds_log) continue;
    if (e->job.state() != v1::JOB_STATE_RUNNING) continue;
    log_error("log_holder_cut", {{"kind", e->order.kind}, {"bytes", log_bytes}, {"limit", limit}});
    e->context.cut(why);
  }
}

void job_board::stop_all() {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    for (const auto& [key, e] : live_) e->context.stop();
    while (!queue_.empty()) {
      const std::shared_ptr<entry> e = queue_.front();
      queue_.pop_front();
      end(*e, v1::JOB_STATE_INTERRUPTED, lock);
    }
  }
  wake_.notify_all();
}

void job_board::await_end(std::chrono::system_clock::time_point until) {
  std::unique_lock lock(mutex_);
  ended_.wait_until(lock, until, [this] { return live_.empty() || hurried_; });
}

void job_board::hurry() {
  const std::lock_guard lock(mutex_);
  hurried_ = true;
  ended_.notify_all();
}

void job_board::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    const std::shared_ptr<entry> e = queue_.front();
    queue_.pop_front();
    e->job.set_state(v1::JOB_STATE_RUNNING);
    keep(*e);
    wake_watchers(*e, lock);
    lock.unlock();
    run(*e);
    lock.lock();
  }
}

void job_board::run(entry& e) {
  google::protobuf::Any result;
  std::unique_ptr<call_error> error;
  try {
    e.work(e.context, result);
  } catch (...) {
    error = std::make_unique<call_error>(told(std::current_exception()));
  }
  e.work = nullptr;  // frees what it holds
  std::unique_lock lock(mutex_);
  for (const note& n : e.context.warnings()) e.job.add_warnings(n.message);
  v1::JobState state = v1::JOB_STATE_SUCCEEDED;
  if (!error) {
    *e.job.mutable_result() = std::move(result);
    e.job.set_progress(1);
  } else if (e.cancelled) {
    state = v1::JOB_STATE_CANCELLED;
  } else if (stopping_ && e.context.stopped()) {
    state = v1::JOB_STATE_INTERRUPTED;
  } else {
    state = v1::JOB_STATE_FAILED;
    e.job.mutable_error()->ParseFromString(to_status(*error).error_details());
  }
  end(e, state, lock);
}

// The lock is held, and given up for a moment.
void job_board::end(entry& e, v1::JobState state, std::unique_lock<std::mutex>& lock) {
  e.job.set_state(state);
  for (const std::string& customer : e.forgotten) erase_words(e.job, customer);
  keep(e);
  metrics_.count("clv_jobs_total", std::string("state=\"") + name_of(state) + "\"");
  log_info("job", {{"kind", e.order.kind}, {"state", name_of(state)}});
  const std::shared_ptr<entry> ended = live_.at({&e.of, e.number});
  live_.erase({&e.of, e.number});
  ended_.notify_all();
  wake_watchers(e, lock);
}

void job_board::keep(entry& e) {
  ++e.version;
  const std::int64_t now = server_now_us();
  *e.job.mutable_update_time() = timestamp_of(now);
  try {
    e.of.kept().set_job({e.number, e.job.SerializeAsString(), is_end(e.job.state())}, now);
  } catch (const call_error& failure) {  // the job is as it is; after a restart it is INTERRUPTED
    log_error("job_not_kept", {{"text", failure.hidden}});
  }
}

// Watchers take the board's lock themselves.
void job_board::wake_watchers(entry& e, std::unique_lock<std::mutex>& lock) {
  const auto woken = std::exchange(e.woken, {});
  lock.unlock();
  for (const auto& [who, wake] : woken) wake();
  lock.lock();
}

void job_board::progressed(entry& e, double fraction, const std::string& phase) {
  std::unique_lock lock(mutex_);
  const bool same_phase = e.job.phase() == phase;
  if (same_phase && clock::now() - e.reported < report_every) return;
  e.reported = clock::now();
  e.job.set_phase(phase);
  e.job.set_progress(std::max(e.job.progress(), fraction));
  ++e.version;
  wake_watchers(e, lock);
}

}  // namespace clvd

#include "calls/pool.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace clvd {

thread_local pool* pool::mine_ = nullptr;

pool::pool(unsigned workers, std::size_t queue_limit)
    : at_a_time_(std::max(workers, 1u)), queue_limit_(queue_limit) {
  for (unsigned i = 0; i < at_a_time_; ++i) {
    workers_.emplace_back([this] { work(); });
  }
}

pool::~pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  // A worker that still runs may bring another one.
  for (std::size_t next = 0;; ++next) {
    std::thread worker;
    {
      const std::lock_guard lock(mutex_);
      if (next == workers_.size()) return;
      worker = std::move(workers_[next]);
    }
    worker.join();
  }
}

bool pool::submit(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(task));
  }
  wake_.notify_one();
  return true;
}

void pool::work() {
  mine_ = this;
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    wake_.wait(lock,
               [this] { return (stopping_ && queue_.empty()) || (!queue_.empty() && has_turn()); });
    --idle_;
    if (queue_.empty()) {
      wake_.notify_all();  // who waited for a turn is done too
      return;
    }
    std::function<void()> task = std::move(queue_.front());
    queue_.pop_front();
    ++busy_;
    lock.unlock();
    task();
    task = nullptr;  // what it holds is freed outside the lock
    lock.lock();
    --busy_;
  }
}

// A thread more where all are busy or pause; those who pause are few and come back soon.
void pool::stand_in() {
  {
    const std::lock_guard lock(mutex_);
    --busy_;
    if (idle_ == 0 && workers_.size() < at_a_time_ + most_stand_ins) {
      try {
        workers_.emplace_back([this] { work(); });
      } catch (const std::system_error&) {
        // No thread to be had: the others do what there is.
      }
    }
  }
  wake_.notify_one();
}

pool::pause::pause() : of_(mine_) {
  if (of_ != nullptr) of_->stand_in();
}

pool::pause::~pause() {
  if (of_ == nullptr) return;
  const std::lock_guard lock(of_->mutex_);
  ++of_->busy_;
}

}  // namespace clvd

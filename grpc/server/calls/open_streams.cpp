#include "calls/open_streams.hpp"

#include <utility>

namespace clvd {

open_streams::~open_streams() {
  stop();
}

std::int64_t open_streams::add(const std::weak_ptr<held_stream>& stream) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) {
      open_[++last_] = stream;
      return last_;
    }
  }
  if (const auto alive = stream.lock()) alive->close();
  return 0;
}

void open_streams::remove(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  open_.erase(number);
  std::erase_if(named_, [number](const auto& one) { return one.second == number; });
}

void open_streams::give_name(std::int64_t number, const std::string& name) {
  std::weak_ptr<held_stream> before;
  {
    const std::lock_guard lock(mutex_);
    if (!open_.contains(number)) return;  // it is being closed
    const auto [at, is_new] = named_.try_emplace(name, number);
    if (is_new || at->second == number) return;
    before = open_.at(std::exchange(at->second, number));
  }
  if (const auto alive = before.lock()) alive->replaced();
}

open_streams::streams open_streams::all() {
  streams found;
  for (const auto& [number, stream] : open_) found.push_back(stream);
  return found;
}

void open_streams::close_all() {
  streams told;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    told = all();
  }
  for (const auto& stream : told) {
    if (const auto alive = stream.lock()) alive->close();
  }
}

void open_streams::look() {
  streams told;
  {
    const std::lock_guard lock(mutex_);
    told = all();
  }
  for (const auto& stream : told) {
    if (const auto alive = stream.lock()) alive->look();
  }
}

void open_streams::watch(std::chrono::milliseconds every) {
  thread_ = std::thread([this, every] {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, every, [this] { return stopping_; })) {
      lock.unlock();
      look();
      lock.lock();
    }
  });
}

void open_streams::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace clvd

// The streams in progress, so that a server that stops can ask each to end in order.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace clvd {

class open_streams {
 public:
  // `close` asks a stream to end soon; called at most once, from any thread, at once when close_all
  // was called before. Returns a number for remove. [any]
  std::int64_t add(std::function<void()> close) {
    {
      const std::lock_guard lock(mutex_);
      if (!closed_) {
        open_[++last_] = std::move(close);
        return last_;
      }
    }
    close();
    return 0;
  }

  // It may still be called for a moment. [any]
  void remove(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    open_.erase(number);
  }

  void close_all() {
    std::map<std::int64_t, std::function<void()>> all;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      all.swap(open_);
    }
    for (const auto& [number, close] : all) close();
  }

 private:
  std::mutex mutex_;
  std::map<std::int64_t, std::function<void()>> open_;
  std::int64_t last_ = 0;
  bool closed_ = false;
};

}  // namespace clvd

// The streams in progress: so that a server that stops can ask each to end in order, and none
// outlives its caller's right to it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace clvd {

// What the table below says to a stream, from any thread, without a lock of its own.
class held_stream {
 public:
  virtual ~held_stream() = default;
  // The server drains: end soon, in order.
  virtual void close() = 0;
  // Look whether the caller may still have it; else it ends with why not.
  virtual void look() = 0;
  // Another stream has its name now: end.
  virtual void replaced() {}
};

class open_streams {
 public:
  open_streams() = default;
  ~open_streams();  // stop()
  open_streams(const open_streams&) = delete;
  open_streams& operator=(const open_streams&) = delete;

  // Closed at once when close_all was called before. Returns a number for the others. [any]
  std::int64_t add(const std::weak_ptr<held_stream>& stream);
  // It may still be told something for a moment. [any]
  void remove(std::int64_t number);
  // One stream at a time has a name: who had it before is replaced. [any]
  void give_name(std::int64_t number, const std::string& name);

  // At most once each. [any]
  void close_all();
  // All of them look. [any]
  void look();

  // From now on they look on their own, so often. Once.
  void watch(std::chrono::milliseconds every);
  // Ends that; nothing is told to any stream after it.
  void stop();

 private:
  using streams = std::vector<std::weak_ptr<held_stream>>;
  streams all();  // with the lock held

  std::mutex mutex_;  // guards what is below
  std::condition_variable wake_;
  std::map<std::int64_t, std::weak_ptr<held_stream>> open_;
  std::map<std::string, std::int64_t> named_;
  std::int64_t last_ = 0;
  bool closed_ = false, stopping_ = false;
  std::thread thread_;
};

}  // namespace clvd

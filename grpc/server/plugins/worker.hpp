// One clv-plugin-host process as this side sees it: requests with a deadline, and why it ended.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "frame.hpp"
#include "memory.hpp"
#include "plugins/home.hpp"
#include "plugins/spawner.hpp"

namespace clvd::plugins {

// What a worker wrote, copied out of the shared memory before anything in it was believed.
class worker_reply {
 public:
  worker_reply(std::vector<std::byte> bytes, const clv::worker::frame& head);
  const clv::worker::frame& head() const { return head_; }
  bool has_table() const { return head_.first_size != 0; }
  // Throw std::runtime_error when they are no tables.
  std::span<const std::byte> table() const;
  std::span<const std::byte> notes() const;

 private:
  std::vector<std::byte> bytes_;
  clv::worker::frame head_;
};

class worker {
 public:
  // Throws plugin_failure{failed} when the program cannot be started.
  worker(spawner& starter, const std::string& program, const ticks& clock);
  ~worker();  // ends it
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  // Sends a batch and waits. Throws plugin_failure: crashed with what ended it, timeout and
  // cancelled after ending it, failed for an answer that breaks the protocol, after ending it, too.
  // [one]
  worker_reply ask(clv::worker::frame request, const clv_batch& batch, const patience& until);
  void ping(const patience& until);  // [one]
  bool alive() const;                // [one]
  home_usage usage() const;          // [one]
  int pid() const { return process_.pid; }
  void end() noexcept;  // SIGKILL, and waits until it is gone. [one]

 private:
  const ticks& clock_;
  started_process process_;
  std::uint64_t calls_ = 0;
  bool ended_ = false;

  clv::worker::parcel exchange(const clv::worker::frame& request,
                               int input,
                               int output,
                               const patience& until);
  void wait_readable(const patience& until);
  clv::worker::parcel receive(const clv::worker::frame& request);
  [[noreturn]] void gone();
  [[noreturn]] void give_up(fault why, const std::string& text);
};

// Bytes a worker may answer a batch of `rows` rows with.
std::size_t answer_room(std::int64_t rows);

}  // namespace clvd::plugins

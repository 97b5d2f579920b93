// What a full disk must not do: end the server for good, or keep even deletions from working.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace clvd {

class metrics;
class server_state;

struct disk_rules {
  std::string folder;              // where the stores are
  std::int64_t ballast_bytes = 0;  // of FOLDER/ballast; 0: none is kept
  // Free beside the ballast before anything is written again after the disk was full.
  std::int64_t room_bytes = std::int64_t{4} << 20;
};

// Keeps a file that is given up when the disk is full, so that deletions and checkpoints still have
// room; looks every half second whether there is room again, takes the file back first and only
// then lets calls write. No restart is needed, and one with a full disk succeeds.
class disk_guard {
 public:
  // Before the stores are opened: opening them may need room.
  disk_guard(disk_rules rules, server_state& state, metrics& m);
  ~disk_guard();
  disk_guard(const disk_guard&) = delete;
  disk_guard& operator=(const disk_guard&) = delete;

  // Starts to look. `largest_wal`: bytes; called on this object's thread. Once.
  void watch(std::function<std::int64_t()> largest_wal);

 private:
  bool hold();  // whether the ballast is there, or none is wanted
  void drop();
  std::int64_t free_bytes() const;
  void look();
  void look_at_disk();
  void look_at_wal();

  const disk_rules rules_;
  const std::string ballast_;
  server_state& state_;
  metrics& metrics_;
  bool was_full_ = false;  // of the last look, as all below: the thread's, once it runs
  bool held_ = false;
  bool wal_too_large_ = false;
  std::function<std::int64_t()> largest_wal_;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace clvd

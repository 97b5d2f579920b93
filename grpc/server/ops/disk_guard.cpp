#include "ops/disk_guard.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <chrono>
#include <limits>
#include <utility>

#include "ops/log.hpp"
#include "ops/metrics.hpp"
#include "ops/server_state.hpp"

namespace clvd {
namespace {

constexpr std::chrono::milliseconds between_looks{500};

// Blocks of its own for every byte: a sparse file would give nothing back.
bool make(const std::string& path, std::int64_t bytes) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return false;
  const auto size = static_cast<off_t>(bytes);
  const bool made = ftruncate(file, size) == 0 && posix_fallocate(file, 0, size) == 0;
  close(file);
  if (!made) unlink(path.c_str());
  return made;
}

}  // namespace

disk_guard::disk_guard(disk_rules rules, server_state& state, metrics& m)
    : rules_(std::move(rules)), ballast_(rules_.folder + "/ballast"), state_(state), metrics_(m) {
  // A server that was stopped with its ballast given up, or a disk that others filled meanwhile.
  struct stat found {};
  const bool there = stat(ballast_.c_str(), &found) == 0;
  const std::int64_t given_back = there ? static_cast<std::int64_t>(found.st_blocks) * 512 : 0;
  state_.disk_full = rules_.ballast_bytes > 0 &&
                     free_bytes() + given_back < rules_.ballast_bytes + rules_.room_bytes;
  look_at_disk();
}

disk_guard::~disk_guard() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void disk_guard::watch(std::function<std::int64_t()> largest_wal) {
  largest_wal_ = std::move(largest_wal);
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, between_looks, [this] { return stopping_; })) {
      lock.unlock();
      look_at_disk();
      look_at_wal();
      lock.lock();
    }
  });
}

void disk_guard::look_at_disk() {
  const bool full = state_.disk_full;
  if (full) {
    drop();
    if (!was_full_) log_error("disk_full", {{"text", "read-only until there is room again"}});
    was_full_ = true;
    // Another process may take the room meanwhile: hold() says whether it could be had.
    if (free_bytes() < rules_.ballast_bytes + rules_.room_bytes || !hold()) return;
    log_info("disk_has_room", {{"free_bytes", free_bytes()}});
    was_full_ = false;
    state_.disk_full = false;
  } else {
    hold();
  }
}

void disk_guard::look_at_wal() {
  const std::int64_t bytes = largest_wal_();
  const bool too_large = bytes > state_.wal_alarm_bytes;
  if (too_large == wal_too_large_) return;
  wal_too_large_ = too_large;
  if (too_large) {
    log_error("wal_too_large", {{"bytes", bytes}, {"alarm", state_.wal_alarm_bytes.load()}});
  } else {
    log_info("wal_is_small_again", {{"bytes", bytes}});
  }
}

bool disk_guard::hold() {
  if (rules_.ballast_bytes == 0 || held_) return true;
  held_ = make(ballast_, rules_.ballast_bytes);
  metrics_.set("clv_ballast_bytes", "", held_ ? static_cast<double>(rules_.ballast_bytes) : 0);
  return held_;
}

void disk_guard::drop() {
  if (rules_.ballast_bytes == 0) return;
  unlink(ballast_.c_str());
  held_ = false;
  metrics_.set("clv_ballast_bytes", "", 0);
}

std::int64_t disk_guard::free_bytes() const {
  struct statvfs disk {};
  if (statvfs(rules_.folder.c_str(), &disk) != 0) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
}

}  // namespace clvd

#include "ops/heap_guard.hpp"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fstream>

namespace clvd {
namespace {

constexpr std::chrono::seconds between_looks{5};
constexpr std::size_t worth_it = std::size_t{32} << 20;  // bytes

// Bytes that the process has and does not use. 0 where that cannot be told.
std::size_t kept() {
  std::ifstream sizes("/proc/self/statm");
  std::size_t all = 0, resident = 0, shared = 0;
  if (!(sizes >> all >> resident >> shared) || resident < shared) return 0;
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const auto heap = mallinfo2();
  const std::size_t own = (resident - shared) * page, used = heap.uordblks + heap.hblkhd;
  return own > used ? own - used : 0;
}

}  // namespace

heap_guard::heap_guard()
    : thread_([this] {
        std::unique_lock lock(mutex_);
        std::size_t left = 0;  // what the last trim could not give back
        while (!wake_.wait_for(lock, between_looks, [this] { return stopping_; })) {
          const std::size_t now = kept();
          left = std::min(left, now);
          if (now <= left + worth_it) continue;
          malloc_trim(0);
          left = kept();
        }
      }) {}

heap_guard::~heap_guard() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

}  // namespace clvd

// The monotonic clock of this room; tests have one that they move by hand.
#pragma once

#include <chrono>

namespace clvd::plugins {

using instant = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

class ticks {
 public:
  ticks() = default;
  ticks(const ticks&) = delete;
  ticks& operator=(const ticks&) = delete;
  virtual ~ticks() = default;
  virtual instant now() const { return std::chrono::steady_clock::now(); }  // [any]
};

}  // namespace clvd::plugins

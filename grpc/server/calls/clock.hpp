// The server's clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace clvd {

// Microseconds since 1970-01-01T00:00:00Z.
inline std::int64_t server_now_us() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count();
}

}  // namespace clvd

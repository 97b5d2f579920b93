// SHA-256 for the chain of receipts: whoever holds the last hash can tell whether an earlier
// receipt was changed, which a fast hash cannot promise. Source: FIPS 180-4 (2015), section 6.2.
// Ours because libclv.so may need no further library, and Boost 1.81 has SHA-1 only. [any]
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clv::math {

// Fed piece by piece: files that are larger than memory.
class sha256 {
 public:
  sha256();
  void add(std::string_view bytes);
  std::string hex() const;  // 64 lower-case digits, of what was added so far

 private:
  std::array<std::uint32_t, 8> state_;
  std::array<unsigned char, 64> rest_{};  // a block that is not full yet
  std::uint64_t bytes_ = 0;
};

// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace clv::math

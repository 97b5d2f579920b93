// SHA-256 for the chain of receipts: whoever holds the last hash can tell whether an earlier
// receipt was changed, which a fast hash cannot promise. Source: FIPS 180-4 (2015), section 6.2.
// Ours because libclv.so may need no further library, and Boost 1.81 has SHA-1 only. [any]
#pragma once

#include <string>
#include <string_view>

namespace clv::math {

// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace clv::math

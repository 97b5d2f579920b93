// Who is left alone on purpose, so that the lift can be measured. [any]
#pragma once

#include <cstdint>
#include <string_view>

namespace clv::retention {

// XXH64 (seed 0) of the bytes of the salt followed by those of the customer id.
std::uint64_t salted_hash(std::string_view salt, std::string_view customer);

// floor(share * 2^64) for a share in [0, 1). A share of 1 has no such number: see held_out.
// Exact: multiplying by a power of two rounds nothing.
std::uint64_t holdout_bar(double share);

// salted_hash < floor(share * 2^64), compared as integers: the same customers are held out by every
// host, in every run and in any order. share in [0, 1]; 0 holds nobody out, 1 everybody.
bool held_out(std::uint64_t salted_hash, double share);

}  // namespace clv::retention

#include "retention/experiments/holdout.hpp"

#include <cassert>
#include <cmath>
#include <string>

#include "math/hash.hpp"

namespace clv::retention {

std::uint64_t salted_hash(std::string_view salt, std::string_view customer) {
  std::string bytes;
  bytes.reserve(salt.size() + customer.size());
  bytes.append(salt).append(customer);
  return math::hash64(bytes);
}

std::uint64_t holdout_bar(double share) {
  assert(share >= 0 && share < 1);
  return static_cast<std::uint64_t>(std::ldexp(share, 64));
}

bool held_out(std::uint64_t salted_hash, double share) {
  return share >= 1 || salted_hash < holdout_bar(share);
}

}  // namespace clv::retention

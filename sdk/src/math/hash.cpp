#include "math/hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <new>

namespace clv::math {

std::uint64_t hash64(std::string_view bytes) {
  return XXH64(bytes.data(), bytes.size(), 0);
}

fingerprint_builder::fingerprint_builder() : state_(XXH3_createState()) {
  if (state_ == nullptr) throw std::bad_alloc();
  XXH3_128bits_reset(static_cast<XXH3_state_t*>(state_));
}

fingerprint_builder::~fingerprint_builder() {
  XXH3_freeState(static_cast<XXH3_state_t*>(state_));
}

void fingerprint_builder::add(std::string_view bytes) {
  add(bytes.data(), bytes.size());
}

void fingerprint_builder::add(const void* data, std::size_t size) {
  XXH3_128bits_update(static_cast<XXH3_state_t*>(state_), data, size);
}

std::string fingerprint_builder::hex() const {
  const XXH128_hash_t digest = XXH3_128bits_digest(static_cast<const XXH3_state_t*>(state_));
  std::string text;
  for (const std::uint64_t word : {digest.high64, digest.low64}) {
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(word >> shift) & 15U];
  }
  return text;
}

}  // namespace clv::math

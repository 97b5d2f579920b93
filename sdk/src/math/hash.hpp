// Hashes that are the same in every process, host and language. [any]
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace clv::math {

// XXH64 (seed 0): the salted holdouts use it because every host language has it.
std::uint64_t hash64(std::string_view bytes);

// XXH3, 128 bits, fed piece by piece: fingerprints of tables.
class fingerprint_builder {
 public:
  fingerprint_builder();
  ~fingerprint_builder();
  fingerprint_builder(const fingerprint_builder&) = delete;
  fingerprint_builder& operator=(const fingerprint_builder&) = delete;
  void add(std::string_view bytes);
  void add(const void* data, std::size_t size);
  std::string hex() const;  // 32 digits

 private:
  void* state_;
};

}  // namespace clv::math

// Growth rule one, for the reader: structs that begin with `uint32_t struct_size`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "clv/error.hpp"
#include "guard.hpp"

namespace clv::abi {

// More than any option struct will ever need; a larger size is an uninitialised struct, and
// reading that many bytes behind it would be the crash it warns of.
inline constexpr std::uint32_t largest_struct = 4096;

// A true sizeof() is a multiple of the alignment; anything else would cut a field in two.
inline void check_struct_size(std::uint32_t size, std::size_t alignment, const char* name) {
  if (size >= alignment && size <= largest_struct && size % alignment == 0) return;
  throw error(status::invalid,
              "struct_size of '" + std::string(name) + "' is " + std::to_string(size) +
                  ", which is no size of that struct",
              "initialise the struct with CLV_SIZED, or zero it and set struct_size to its sizeof");
}

inline void check_tail(const unsigned char* bytes,
                       std::size_t from,
                       std::size_t to,
                       const char* name) {
  for (std::size_t i = from; i < to; ++i) {
    if (bytes[i] == 0) continue;
    throw error(status::unsupported,
                "byte " + std::to_string(i) + " of '" + name +
                    "' is set, which this version of libclv does not know",
                "update libclv, or leave the newer option out");
  }
}

// A whole T from the caller's, shorter or longer one. Bytes the caller does not have are zero;
// bytes we do not know must be zero. NULL gives all defaults.
template <typename T>
T read_sized(const T* in, const char* name) {
  T value{};
  value.struct_size = static_cast<std::uint32_t>(sizeof(T));
  if (in == nullptr) return value;
  std::uint32_t size = 0;
  std::memcpy(&size, in, sizeof size);
  check_struct_size(size, alignof(T), name);
  check_tail(reinterpret_cast<const unsigned char*>(in), sizeof(T), size, name);
  std::memcpy(&value, in, std::min<std::size_t>(size, sizeof(T)));
  return value;
}

// Fills as much of *out as the caller has; a longer tail stays as the caller set it.
template <typename T>
void write_sized(T* out, T value, const char* name) {
  required(out, name);
  std::uint32_t size = 0;
  std::memcpy(&size, out, sizeof size);
  check_struct_size(size, alignof(T), name);
  value.struct_size = size;
  std::memcpy(out, &value, std::min<std::size_t>(size, sizeof(T)));
}

inline void check_zero(std::uint64_t word, const char* name) {
  if (word == 0) return;
  throw error(status::unsupported,
              "'" + std::string(name) + "' is " + std::to_string(word) + "; it must be 0");
}

inline void check_flags(std::uint32_t flags, std::uint32_t known) {
  if ((flags & ~known) == 0) return;
  throw error(status::unsupported,
              "flags has the unknown bits " + std::to_string(flags & ~known),
              "this version of libclv knows " + std::to_string(known));
}

}  // namespace clv::abi

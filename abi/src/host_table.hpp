// The host's table as a plugin gets it: that of this library, or of an older minor version that the
// host pretends to be, so that an author can try an old host without having one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "clv/error.hpp"
#include "clv_plugin.h"

namespace clv::abi {

inline constexpr std::uint32_t own_abi = CLV_ABI_PACK(CLV_ABI_MAJOR, CLV_ABI_MINOR);

inline std::string dotted(std::uint32_t abi) {
  return std::to_string(abi >> 16) + "." + std::to_string(abi & 0xFFFFU);
}

// Bytes of clv_plugin_host in minor 0, 1, ...
inline constexpr std::array<std::uint32_t, CLV_ABI_MINOR + 1> host_bytes{
    offsetof(clv_plugin_host, get_service) + sizeof(clv_plugin_host::get_service)};
static_assert(host_bytes.back() == sizeof(clv_plugin_host), "say how long the new minor's is");

// The version that a host with this clv_plugin_options.abi_cap behaves like. Throws
// error{unsupported}.
inline std::uint32_t capped_abi(std::uint32_t cap) {
  if (cap == 0) return own_abi;
  if (cap >> 16 == CLV_ABI_MAJOR && cap <= own_abi) return cap;
  throw error(status::unsupported,
              "abi_cap is plugin ABI " + dotted(cap) + "; this library can behave like " +
                  dotted(CLV_ABI_PACK(CLV_ABI_MAJOR, 0)) + " to " + dotted(own_abi),
              "give one of these by CLV_ABI_PACK, or 0");
}

// Behind the table is no memory of ours but bytes that are no address and no sensible number: a
// plugin that calls what it was not offered dies in its author's test, not at a customer's.
class host_table {
 public:
  host_table(clv_plugin_host full, std::uint32_t abi) {
    full.abi = abi;
    full.struct_size = host_bytes[abi & 0xFFFFU];
    std::memset(bytes_, 0xEE, sizeof bytes_);
    std::memcpy(bytes_, &full, full.struct_size);
  }
  const clv_plugin_host* get() const { return reinterpret_cast<const clv_plugin_host*>(bytes_); }

 private:
  static constexpr std::size_t poison = 64;  // bytes, of eight newer functions
  alignas(clv_plugin_host) unsigned char bytes_[sizeof(clv_plugin_host) + poison];
};

}  // namespace clv::abi

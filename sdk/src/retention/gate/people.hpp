// Customer ids of several tables as dense numbers. [one] while adding, then [any]
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace clv::retention {

// Open addressing; ids are borrowed from the tables, which must live on.
class people {
 public:
  static constexpr std::uint32_t nobody = 0xFFFFFFFFU;

  std::uint32_t add(std::string_view id);         // its number, a new one where it was not known
  std::uint32_t find(std::string_view id) const;  // or nobody
  std::uint32_t size() const { return static_cast<std::uint32_t>(ids_.size()); }
  std::string_view id(std::uint32_t number) const { return ids_[number]; }

 private:
  struct slot {
    std::uint32_t mark = 0;  // the upper half of the hash, so that most misses cost no look at ids
    std::uint32_t number = nobody;
  };
  std::size_t place_of(std::string_view id, std::uint64_t hash) const;
  void grow();

  std::vector<slot> slots_;  // a power of two of them, or none
  std::vector<std::string_view> ids_;
};

}  // namespace clv::retention

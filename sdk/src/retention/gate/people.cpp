#include "retention/gate/people.hpp"

#include "math/hash.hpp"

namespace clv::retention {
namespace {

constexpr std::uint32_t mark_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32U);
}

}  // namespace

// Of that id, or the empty slot where it belongs.
std::size_t people::place_of(std::string_view id, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const slot& s = slots_[at];
    if (s.number == nobody || (s.mark == mark_of(hash) && ids_[s.number] == id)) return at;
  }
}

void people::grow() {
  slots_.assign(slots_.empty() ? 1024 : 2 * slots_.size(), {});
  for (std::uint32_t number = 0; number < size(); ++number) {
    const std::uint64_t hash = math::hash64(ids_[number]);
    slots_[place_of(ids_[number], hash)] = {mark_of(hash), number};
  }
}

std::uint32_t people::add(std::string_view id) {
  if (2 * ids_.size() >= slots_.size()) grow();
  const std::uint64_t hash = math::hash64(id);
  slot& s = slots_[place_of(id, hash)];
  if (s.number == nobody) {
    s = {mark_of(hash), size()};
    ids_.push_back(id);
  }
  return s.number;
}

std::uint32_t people::find(std::string_view id) const {
  if (slots_.empty()) return nobody;
  return slots_[place_of(id, math::hash64(id))].number;
}

}  // namespace clv::retention

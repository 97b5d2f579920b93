#include "data/customer_index.hpp"

#include <cstring>
#include <utility>

#include "math/hash.hpp"

namespace clv::data {
namespace {

constexpr std::size_t short_id = 8;

std::uint64_t key_of(std::string_view id) {
  if (id.size() > short_id) return math::hash64(id);
  std::uint64_t key = 0;
  std::memcpy(&key, id.data(), id.size());
  return key;
}

// The finaliser of MurmurHash3: digits in a padded key differ in a few bits only.
std::size_t spread(std::uint64_t key) {
  key = (key ^ (key >> 33U)) * 0xFF51AFD7ED558CCDU;
  key = (key ^ (key >> 33U)) * 0xC4CEB9FE1A85EC53U;
  return key ^ (key >> 33U);
}

}  // namespace

std::uint32_t customer_index::number_of(std::size_t row) {
  const std::string_view text = ids_.text(row);
  const std::uint64_t key = key_of(text);
  const auto length = static_cast<std::uint32_t>(text.size());
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = spread(key) & mask;; at = (at + 1) & mask) {
    slot& s = slots_[at];
    if (s.length == 0) {
      const auto number = static_cast<std::uint32_t>(first_rows_.size());
      s = {key, number, length};
      first_rows_.push_back(row);
      if (first_rows_.size() * 2 > slots_.size()) grow();
      return number;
    }
    if (s.key == key && s.length == length && (length <= short_id || id(s.number) == text)) {
      return s.number;
    }
  }
}

void customer_index::expect(std::size_t row) const {
  __builtin_prefetch(&slots_[spread(key_of(ids_.text(row))) & (slots_.size() - 1)]);
}

void customer_index::grow() {
  std::vector<slot> old(slots_.size() * 2);
  std::swap(old, slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const slot& s : old) {
    if (s.length == 0) continue;
    std::size_t at = spread(s.key) & mask;
    while (slots_[at].length != 0) at = (at + 1) & mask;
    slots_[at] = s;
  }
}

}  // namespace clv::data

#include "models/distinct_times.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace clv {
namespace {

// Numbers its keys 0, 1, 2, ... in the order they first come.
class numbering {
 public:
  explicit numbering(std::size_t most)
      : bits_(static_cast<unsigned>(std::bit_width(2 * most)) + 1),
        slots_(std::size_t{1} << bits_, none) {}

  std::uint32_t of(double key) {
    std::size_t slot = std::bit_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15u >> (64 - bits_);
    for (;; slot = (slot + 1) & (slots_.size() - 1)) {
      const std::uint32_t found = slots_[slot];
      if (found == none) break;
      if (keys_[found] == key) return found;
    }
    slots_[slot] = static_cast<std::uint32_t>(keys_.size());
    keys_.push_back(key);
    return slots_[slot];
  }
  const std::vector<double>& keys() const { return keys_; }

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  unsigned bits_;
  std::vector<std::uint32_t> slots_;
  std::vector<double> keys_;
};

}  // namespace

distinct_times::distinct_times(const tuples& t, std::size_t first, std::size_t last) {
  numbering numbers(2 * (last - first) + 1);
  numbers.of(0.0);
  t_x.reserve(last - first);
  T.reserve(last - first);
  for (std::size_t i = first; i < last; ++i) {
    const bool again = i > first && t.t_x[i] == t.t_x[i - 1];
    t_x.push_back(again ? t_x.back() : numbers.of(t.t_x[i]));
    T.push_back(numbers.of(t.T[i]));
  }
  std::vector<std::uint32_t> order(numbers.keys().size()), rank(order.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t k) { return numbers.keys()[k]; });
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = i;
    at.push_back(numbers.keys()[order[i]]);
  }
  for (auto& k : t_x) k = rank[k];
  for (auto& k : T) k = rank[k];
}

}  // namespace clv

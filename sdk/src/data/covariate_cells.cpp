#include "data/covariate_cells.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace clv::data {
namespace {

// Cells by their values, numbered as they appear: open addressing over the values themselves. [one]
class cell_index {
 public:
  explicit cell_index(std::size_t covariates) : width_(covariates), slots_(1024) {}

  std::uint32_t number_of(std::span<const double> values) {
    if (2 * count_ >= slots_.size()) grow();
    std::uint32_t& slot = slots_[slot_of(values)];
    if (slot == 0) {
      values_.insert(values_.end(), values.begin(), values.end());
      slot = ++count_;
    }
    return slot - 1;
  }
  std::size_t size() const { return count_; }
  std::span<const double> at(std::size_t cell) const {
    return std::span<const double>(values_).subspan(cell * width_, width_);
  }

 private:
  std::size_t slot_of(std::span<const double> values) const {
    std::uint64_t h = 0;
    for (const double v : values) {
      // splitmix64's odd multipliers; the high bits of a product are the well mixed ones.
      h = (h ^ std::bit_cast<std::uint64_t>(v)) * 0xbf58476d1ce4e5b9ULL;
      h = (h ^ (h >> 31)) * 0x94d049bb133111ebULL;
    }
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = (h ^ (h >> 32)) & mask;
    while (slots_[slot] != 0 && !std::ranges::equal(at(slots_[slot] - 1), values)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
  void grow() {
    slots_.assign(4 * slots_.size(), 0);
    for (std::uint32_t cell = 0; cell < count_; ++cell) slots_[slot_of(at(cell))] = cell + 1;
  }

  std::size_t width_;
  std::uint32_t count_ = 0;
  std::vector<double> values_;
  std::vector<std::uint32_t> slots_;  // number + 1; 0: empty
};

}  // namespace

cells find_cells(const summary_rows& from, std::span<const std::size_t> rows) {
  const std::size_t width = from.covariates();
  cell_index index(width);
  cells out;
  out.of_key.reserve(rows.size());
  std::vector<double> values(width);
  for (const std::size_t row : rows) {
    for (std::size_t i = 0; i < width; ++i) values[i] = from.covariate(row, i);
    out.of_key.push_back(index.number_of(values));
  }
  std::vector<std::uint32_t> order(index.size()), place(index.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
    return std::ranges::lexicographical_compare(index.at(a), index.at(b));
  });
  for (std::uint32_t c = 0; c < order.size(); ++c) {
    place[order[c]] = c;
    const auto of_cell = index.at(order[c]);
    out.values.insert(out.values.end(), of_cell.begin(), of_cell.end());
  }
  out.first.assign(index.size() + 1, 0);
  for (std::uint32_t& c : out.of_key) {
    c = place[c];
    ++out.first[c + 1];
  }
  std::partial_sum(out.first.begin(), out.first.end(), out.first.begin());
  return out;
}

void cells::bring_together(std::vector<weighted_key>& keys) const {
  std::vector<weighted_key> together(keys.size());
  std::vector<std::size_t> next(first.begin(), first.end());
  for (std::size_t i = 0; i < keys.size(); ++i) together[next[of_key[i]]++] = keys[i];
  keys = std::move(together);
}

}  // namespace clv::data

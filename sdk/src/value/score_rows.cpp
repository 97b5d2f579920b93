#include "value/score_rows.hpp"

#include <algorithm>
#include <bit>

#include "clv/error.hpp"

namespace clv {
namespace {

std::uint64_t mixed(double x, double t_x, double T) {
  // Odd multipliers (splitmix64's); the high bits of the product are the well mixed ones.
  std::uint64_t h = std::bit_cast<std::uint64_t>(x) * 0xbf58476d1ce4e5b9ULL;
  h = (h ^ (h >> 31) ^ std::bit_cast<std::uint64_t>(t_x)) * 0x94d049bb133111ebULL;
  h = (h ^ (h >> 29) ^ std::bit_cast<std::uint64_t>(T)) * 0x9e3779b97f4a7c15ULL;
  return h ^ (h >> 32);
}

bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace

row_index::row_index(const table& summary)
    : summary_(summary),
      x_(summary.numbers("x")),
      t_x_(summary.numbers("t_x")),
      T_(summary.numbers("T")),
      slots_(1024) {
  tuple_of_.reserve(summary.rows());
  for (const char* name : {"x", "t_x", "T"}) {
    if (!summary.find(name)->all_present()) distinct(summary, tuple_key::purchases);
  }
}

void row_index::grow() {
  slots_.assign(slots_.size() * 4, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    std::size_t slot = mixed(found_.x[i], found_.t_x[i], found_.T[i]) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

std::uint32_t row_index::place(double x, double t_x, double T) {
  if (2 * found_.size() >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = mixed(x, t_x, T) & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const std::size_t i = slots_[slot] - 1;
    if (same(found_.x[i], x) && same(found_.t_x[i], t_x) && same(found_.T[i], T)) {
      return slots_[slot] - 1;
    }
  }
  found_.x.push_back(x);
  found_.t_x.push_back(t_x);
  found_.T.push_back(T);
  slots_[slot] = static_cast<std::uint32_t>(found_.size());
  return slots_[slot] - 1;
}

bool row_index::read(std::size_t count) {
  const std::size_t first = tuple_of_.size();
  const std::size_t last = std::min(first + count, x_.size());
  for (std::size_t row = first; row < last; ++row) {
    // + 0.0 makes -0 and 0 one key.
    tuple_of_.push_back(place(x_[row] + 0.0, t_x_[row] + 0.0, T_[row] + 0.0));
  }
  if (last < x_.size()) return false;
  check();
  return true;
}

// Whether a row is possible depends on its three numbers alone, so distinct() need only see each
// once. When it refuses, the whole summary is read again for the number of the row.
void row_index::check() const {
  table once;
  once.add("x", type::f64).adopt(found_.x);
  once.add("t_x", type::f64).adopt(found_.t_x);
  once.add("T", type::f64).adopt(found_.T);
  try {
    distinct(once, tuple_key::purchases);
  } catch (const error&) {
    distinct(summary_, tuple_key::purchases);
    throw;
  }
}

}  // namespace clv

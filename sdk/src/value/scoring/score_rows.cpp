#include "value/scoring/score_rows.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "clv/error.hpp"
#include "math/parallel.hpp"

namespace clv {
namespace {

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace

row_index::row_index(const table& summary, history_key key)
    : key_(std::move(key)),
      rows_(summary, key_.key, key_.covariates),
      width_(key_.covariates.size()),
      slots_(1024) {
  history_of_.reserve(summary.rows());
  if (key_.litt && !rows_.has_litt()) {
    throw error({.code = status::invalid,
                 .column = "litt",
                 .message = "log_likelihood needs column 'litt' (with a value in every row), "
                            "because the model's k is above 1",
                 .hint = "summarise the log again, or ask for other quantities"});
  }
}

// -0 and 0 are one: summary_rows hands out no -0.
observation row_index::read_row(std::size_t row, std::span<double> covariates) const {
  observation o{.x = rows_.x(row), .T = rows_.T(row)};
  if (key_.key == tuple_key::renewals) {
    o.t_x = o.x;
    o.T = std::min(o.T, o.x + 1.0);
  } else {
    o.t_x = rows_.t_x(row, o.x, o.T);
  }
  if (key_.litt) o.litt = rows_.litt(row, o.x);
  for (std::size_t i = 0; i < width_; ++i) covariates[i] = rows_.covariate(row, i);
  return o;
}

std::uint64_t row_index::hash_of(const observation& o, values covariates) const {
  // Odd multipliers (splitmix64's); the high bits of the product are the well mixed ones.
  std::uint64_t h = std::bit_cast<std::uint64_t>(o.x) * 0xbf58476d1ce4e5b9ULL;
  h = (h ^ (h >> 31) ^ std::bit_cast<std::uint64_t>(o.t_x)) * 0x94d049bb133111ebULL;
  h = (h ^ (h >> 29) ^ std::bit_cast<std::uint64_t>(o.T)) * 0x9e3779b97f4a7c15ULL;
  if (key_.litt) h = (h ^ (h >> 30) ^ std::bit_cast<std::uint64_t>(o.litt)) * 0xbf58476d1ce4e5b9ULL;
  for (const double v : covariates) {
    h = (h ^ (h >> 31) ^ std::bit_cast<std::uint64_t>(v)) * 0x94d049bb133111ebULL;
  }
  return h ^ (h >> 32);
}

bool row_index::same(std::size_t i, const observation& o, values covariates) const {
  const observation& f = found_[i];
  if (!same_bits(f.x, o.x) || !same_bits(f.t_x, o.t_x) || !same_bits(f.T, o.T)) return false;
  if (key_.litt && !same_bits(f.litt, o.litt)) return false;
  for (std::size_t c = 0; c < width_; ++c) {
    if (!same_bits(covariates_[i * width_ + c], covariates[c])) return false;
  }
  return true;
}

void row_index::grow() {
  slots_.assign(slots_.size() * 4, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    std::size_t slot = hash_of(found_[i], covariates_of(i)) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

std::uint32_t row_index::place(const observation& o, values covariates, std::uint64_t hash) {
  if (2 * found_.size() >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    if (same(slots_[slot] - 1, o, covariates)) return slots_[slot] - 1;
  }
  found_.push_back(o);
  covariates_.insert(covariates_.end(), covariates.begin(), covariates.end());
  slots_[slot] = static_cast<std::uint32_t>(found_.size());
  return slots_[slot] - 1;
}

bool row_index::read(std::size_t count, unsigned threads) {
  const std::size_t first = history_of_.size();
  const std::size_t rows = std::min(count, rows_.size() - first);
  slice_.histories.resize(rows);
  slice_.hashes.resize(rows);
  slice_.covariates.resize(rows * width_);
  const std::span<double> all(slice_.covariates);
  math::for_blocks(rows, threads, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::span<double> own = all.subspan(i * width_, width_);
      slice_.histories[i] = read_row(first + i, own);
      slice_.hashes[i] = hash_of(slice_.histories[i], own);
    }
  });
  constexpr std::size_t soon = 8;
  for (std::size_t i = 0; i < rows; ++i) {
    if (i + soon < rows) __builtin_prefetch(&slots_[slice_.hashes[i + soon] & (slots_.size() - 1)]);
    history_of_.push_back(
        place(slice_.histories[i], all.subspan(i * width_, width_), slice_.hashes[i]));
  }
  return first + rows == rows_.size();
}

}  // namespace clv

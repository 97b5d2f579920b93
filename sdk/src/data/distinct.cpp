#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "clv/error.hpp"
#include "clv/summary.hpp"
#include "data/limits.hpp"

namespace clv {
namespace {

std::string shortest(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

[[noreturn]] void fail(std::size_t row, const char* column, double value, const std::string& why) {
  throw error({.code = status::numeric,
               .row = static_cast<std::int64_t>(row),
               .column = column,
               .message = "row " + std::to_string(row + 1) + ", column '" + column +
                          "': " + shortest(value) + " " + why,
               .hint = "correct the row, or summarise the log again"});
}

// The columns of a summary that a key needs, checked row by row.
class rows {
 public:
  rows(const table& summary, tuple_key key) : x_(summary.get("x", type::f64)) {
    if (key == tuple_key::purchases) {
      t_x_ = &summary.get("t_x", type::f64);
      T_ = &summary.get("T", type::f64);
    } else {
      mean_spend_ = &summary.get("mean_spend", type::f64);
    }
    if (summary.find("weight") != nullptr) weight_ = &summary.get("weight", type::f64);
  }

  std::size_t size() const { return x_.size(); }
  // The checked number. -0 becomes 0, so that equal keys have equal bits.
  double x(std::size_t row) const {
    const double v = number(x_, row);
    if (v < 0) fail(row, "x", v, "is negative");
    if (v != std::floor(v)) fail(row, "x", v, "is not a whole number of repeat purchases");
    if (v > data::largest_count) fail(row, "x", v, "is above 1e15");
    return v;
  }
  double T(std::size_t row) const {
    const double v = number(*T_, row);
    if (v < 0) fail(row, "T", v, "is negative");
    if (v > data::largest_count) fail(row, "T", v, "is above 1e15");
    return v;
  }
  double t_x(std::size_t row, double x, double T) const {
    const double v = number(*t_x_, row);
    if (v < 0) fail(row, "t_x", v, "is negative");
    if (v > T) fail(row, "t_x", v, "is after the end of observation, T = " + shortest(T));
    if (x > 0 && v == 0) fail(row, "t_x", v, "does not go with x = " + shortest(x));
    if (x == 0 && v > 0) fail(row, "t_x", v, "does not go with x = 0 (it must be 0)");
    return v;
  }
  double mean_spend(std::size_t row) const {
    if (!mean_spend_->present(row)) return 0.0;
    const double v = number(*mean_spend_, row);
    if (v < 0) fail(row, "mean_spend", v, "is negative");
    if (v > 0 && !data::is_scale(v)) {
      fail(row, "mean_spend", v, "is neither 0 nor from 1e-100 to 1e100");
    }
    return v;
  }
  double weight(std::size_t row) const {
    if (weight_ == nullptr) return 1.0;
    const double v = number(*weight_, row);
    if (v <= 0) fail(row, "weight", v, "is not positive");
    if (v != std::floor(v)) fail(row, "weight", v, "is not a whole number of customers");
    if (v > data::largest_count) fail(row, "weight", v, "is above 1e15");
    return v;
  }

 private:
  static double number(const column& c, std::size_t row) {
    const double v = c.numbers()[row];
    if (!std::isfinite(v)) fail(row, c.name().c_str(), v, "is not a finite number");
    if (!c.present(row)) fail(row, c.name().c_str(), v, "stands for an empty value");
    return v + 0.0;
  }

  const column& x_;
  const column* t_x_ = nullptr;
  const column* T_ = nullptr;
  const column* mean_spend_ = nullptr;
  const column* weight_ = nullptr;
};

struct entry {
  std::array<double, 3> key;
  double weight;
};

std::vector<entry> read_entries(const rows& from, tuple_key key) {
  std::vector<entry> entries;
  entries.reserve(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double x = from.x(i);
    const double weight = from.weight(i);
    if (key == tuple_key::purchases) {
      const double T = from.T(i);
      entries.push_back({{x, from.t_x(i, x, T), T}, weight});
    } else if (const double spend = from.mean_spend(i); x >= 1 && spend > 0) {
      entries.push_back({{x, spend, 0.0}, weight});
    }
  }
  return entries;
}

// The same entries as whole numbers side by side in 64 bits, ready for a radix sort.
struct packed {
  std::uint64_t key;
  double weight;
};

struct packing {
  double scale;                  // ages are multiples of 1 / scale
  std::array<unsigned, 3> bits;  // of x, t_x and T
  unsigned total() const { return bits[0] + bits[1] + bits[2]; }
};

constexpr double largest_packed = 4294967295.0;

// Ages are days, or days / 7: then a million rows sort in a tenth of the time. Nothing when some
// value is not exactly a multiple, or the three do not fit.
std::optional<packing> packing_of(const std::vector<entry>& entries, double scale) {
  std::array<double, 3> most{};
  for (const entry& e : entries) {
    for (std::size_t i = 0; i < 3; ++i) {
      const double times = i == 0 ? 1.0 : scale;
      const double whole = std::floor(e.key[i] * times + 0.5);
      if (!(whole <= largest_packed) || whole / times != e.key[i]) return std::nullopt;
      most[i] = std::max(most[i], whole);
    }
  }
  packing found{.scale = scale, .bits = {}};
  for (std::size_t i = 0; i < 3; ++i) {
    found.bits[i] = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(most[i])));
  }
  return found.total() < 64 ? std::optional(found) : std::nullopt;  // 64 would shift by 64
}

void radix_sort(std::vector<packed>& items, unsigned bits) {
  constexpr unsigned digit_bits = 11;
  constexpr std::uint64_t mask = (1U << digit_bits) - 1;
  std::vector<packed> sorted(items.size());
  for (unsigned shift = 0; shift < bits; shift += digit_bits) {
    std::array<std::size_t, mask + 1> place{};
    for (const packed& p : items) ++place[(p.key >> shift) & mask];
    std::exclusive_scan(place.begin(), place.end(), place.begin(), std::size_t{0});
    for (const packed& p : items) sorted[place[(p.key >> shift) & mask]++] = p;
    items.swap(sorted);
  }
}

void sort_packed(std::vector<entry>& entries, const packing& how) {
  std::vector<packed> items;
  items.reserve(entries.size());
  const auto whole = [&](double age) { return static_cast<std::uint64_t>(age * how.scale + 0.5); };
  for (const entry& e : entries) {
    const std::uint64_t ages = whole(e.key[1]) << how.bits[2] | whole(e.key[2]);
    const auto x = static_cast<std::uint64_t>(e.key[0]);
    items.push_back({x << (how.bits[1] + how.bits[2]) | ages, e.weight});
  }
  radix_sort(items, how.total());
  const auto field = [&](std::uint64_t key, unsigned shift, unsigned bits) {
    return bits == 0 ? 0.0 : static_cast<double>(key >> shift & (~std::uint64_t{0} >> (64 - bits)));
  };
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint64_t key = items[i].key;
    entries[i] = {{field(key, how.bits[1] + how.bits[2], how.bits[0]),
                   field(key, how.bits[2], how.bits[1]) / how.scale,
                   field(key, 0, how.bits[2]) / how.scale},
                  items[i].weight};
  }
}

void sort_entries(std::vector<entry>& entries, tuple_key key) {
  if (key == tuple_key::purchases) {
    for (const double scale : {1.0, 7.0}) {
      if (const auto how = packing_of(entries, scale)) return sort_packed(entries, *how);
    }
  }
  std::ranges::sort(entries, [](const entry& a, const entry& b) {
    if (a.key[0] != b.key[0]) return a.key[0] < b.key[0];
    if (a.key[1] != b.key[1]) return a.key[1] < b.key[1];
    return a.key[2] < b.key[2];
  });
}

}  // namespace

tuples distinct(const table& summary, tuple_key key) {
  std::vector<entry> entries = read_entries(rows(summary, key), key);
  sort_entries(entries, key);
  tuples out;
  for (std::size_t i = 0; i < entries.size();) {
    const auto& values = entries[i].key;
    double weight = 0;
    for (; i < entries.size() && entries[i].key == values; ++i) weight += entries[i].weight;
    out.x.push_back(values[0]);
    if (key == tuple_key::purchases) {
      out.t_x.push_back(values[1]);
      out.T.push_back(values[2]);
    } else {
      out.mean_spend.push_back(values[1]);
    }
    out.weight.push_back(weight);
    out.customers += weight;
  }
  return out;
}

}  // namespace clv

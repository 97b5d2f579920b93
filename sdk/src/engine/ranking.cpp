#include "engine/ranking.hpp"

#include <algorithm>

namespace clv::detail {
namespace {

constexpr std::size_t items_a_run = 1U << 14U;

}  // namespace

bool ranking::before(std::uint32_t a, std::uint32_t b) const {
  const int compared = text_(a).compare(text_(b));
  return compared != 0 ? compared < 0 : a < b;
}

double ranking::sort_some() {
  const std::size_t first = sorted_;
  sorted_ = std::min(order_.size(), first + items_a_run);
  const auto at = [this](std::size_t i) { return order_.begin() + static_cast<std::ptrdiff_t>(i); };
  const auto less = [this](std::uint32_t a, std::uint32_t b) { return before(a, b); };
  if (!std::is_sorted(at(first), at(sorted_), less)) std::sort(at(first), at(sorted_), less);
  const bool follows = first > 0 && first < sorted_ && before(order_[first - 1], order_[first]);
  if (follows) {
    runs_.back().second = sorted_;
  } else if (first < sorted_) {
    runs_.emplace_back(first, sorted_);
  }
  if (sorted_ < order_.size()) {
    return static_cast<double>(sorted_) / static_cast<double>(order_.size());
  }
  std::ranges::make_heap(runs_, [this](const auto& a, const auto& b) {
    return before(order_[b.first], order_[a.first]);
  });
  return 1.0;
}

std::uint32_t ranking::next() {
  const auto later = [this](const auto& a, const auto& b) {
    return before(order_[b.first], order_[a.first]);
  };
  if (runs_.size() == 1) return order_[runs_.front().first++];
  std::ranges::pop_heap(runs_, later);
  auto& run = runs_.back();
  const std::uint32_t item = order_[run.first];
  if (++run.first == run.second) {
    runs_.pop_back();
  } else {
    std::ranges::push_heap(runs_, later);
  }
  return item;
}

}  // namespace clv::detail

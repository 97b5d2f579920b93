#include "features/crowd.hpp"

#include <algorithm>
#include <numeric>

namespace clv::features {

std::uint32_t crowd::add(std::string_view id) {
  if (const auto known = numbers_.find(id); known != numbers_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(ids_.size());
  ids_.emplace_back(id);
  numbers_.emplace(std::string(id), number);
  return number;
}

void crowd::settle() {
  std::vector<std::uint32_t> order(ids_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
    return ids_[a] < ids_[b];
  });
  std::vector<std::string> sorted(ids_.size());
  ranks_.assign(ids_.size(), 0);
  for (std::uint32_t rank = 0; rank < order.size(); ++rank) {
    ranks_[order[rank]] = rank;
    sorted[rank] = std::move(ids_[order[rank]]);
  }
  ids_ = std::move(sorted);
}

std::optional<std::uint32_t> crowd::find(std::string_view id) const {
  const auto known = numbers_.find(id);
  if (known == numbers_.end()) return std::nullopt;
  return ranks_[known->second];
}

std::optional<std::size_t> seen_events::first_row(std::string_view id, std::size_t row) {
  if (id.empty()) return std::nullopt;
  if (const auto known = rows_.find(id); known != rows_.end()) return known->second;
  rows_.emplace(std::string(id), row);
  return std::nullopt;
}

}  // namespace clv::features

#include "retention/allocation/allocate.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace clv::retention {
namespace {

// (net - from.net) / (cost - from.cost); free profit comes before everything that costs.
double slope(double from_cost, double from_net, const choice& to) {
  const double cost = to.cost - from_cost;
  if (cost <= 0) return std::numeric_limits<double>::infinity();
  return (to.net - from_net) / cost;
}

bool cheaper_then_better(const choice& a, const choice& b) {
  if (a.cost != b.cost) return a.cost < b.cost;
  if (a.net != b.net) return a.net > b.net;
  return a.id < b.id;
}

}  // namespace

allocation::allocation(std::optional<double> budget) : budget_(budget) {
  assert(!budget || *budget >= 0);
}

bool allocation::goes_later(const step& a, const step& b) {
  if (a.slope != b.slope) return a.slope < b.slope;
  if (a.key != b.key) return a.key > b.key;
  return a.customer > b.customer;
}

void allocation::push_next(std::uint32_t customer) {
  const std::size_t point = first_[customer] + taken_[customer];
  if (point == first_[customer + 1]) return;
  const bool at_start = taken_[customer] == 0;
  const double from_cost = at_start ? 0 : hull_[point - 1].cost;
  const double from_net = at_start ? 0 : hull_[point - 1].net;
  queue_.push_back({slope(from_cost, from_net, hull_[point]), keys_[customer], customer});
  std::push_heap(queue_.begin(), queue_.end(), goes_later);
}

void allocation::add(std::span<const choice> choices, std::uint64_t tie_key, bool competes) {
  scratch_.clear();
  for (const choice& c : choices) {
    assert(c.cost >= 0);
    if (c.net > 0) scratch_.push_back(c);
  }
  std::sort(scratch_.begin(), scratch_.end(), cheaper_then_better);
  const std::size_t base = hull_.size();
  for (const choice& c : scratch_) {
    if (hull_.size() > base && c.net <= hull_.back().net) continue;  // dearer and no better
    // Slopes must fall: a point under the line from its predecessor to the new one is dropped.
    while (hull_.size() > base) {
      const bool alone = hull_.size() - base == 1;
      const choice from = alone ? choice{} : hull_[hull_.size() - 2];
      if (slope(from.cost, from.net, hull_.back()) > slope(from.cost, from.net, c)) break;
      hull_.pop_back();
    }
    hull_.push_back(c);
  }
  const auto customer = static_cast<std::uint32_t>(keys_.size());
  first_.push_back(hull_.size());
  taken_.push_back(0);
  keys_.push_back(tie_key);
  if (competes) push_next(customer);
}

bool allocation::advance(std::size_t increments) {
  for (std::size_t i = 0; i < increments && !queue_.empty(); ++i) {
    std::pop_heap(queue_.begin(), queue_.end(), goes_later);
    const step best = queue_.back();
    queue_.pop_back();
    const std::size_t point = first_[best.customer] + taken_[best.customer];
    const choice from = taken_[best.customer] == 0 ? choice{} : hull_[point - 1];
    const double cost = hull_[point].cost - from.cost;
    if (budget_ && spent_ + cost > *budget_ * (1 + 1e-9)) {
      shadow_price_ = best.slope;
      queue_.clear();
      break;
    }
    spent_ += cost;
    profit_ += hull_[point].net - from.net;
    ++taken_[best.customer];
    push_next(best.customer);
  }
  return queue_.empty();
}

std::optional<std::uint32_t> allocation::chosen(std::size_t customer) const {
  if (taken_[customer] == 0) return std::nullopt;
  return hull_[first_[customer] + taken_[customer] - 1].id;
}

std::optional<std::uint32_t> allocation::would_choose(std::size_t customer) const {
  std::optional<std::uint32_t> best;
  choice from;
  for (std::size_t point = first_[customer]; point < first_[customer + 1]; ++point) {
    if (slope(from.cost, from.net, hull_[point]) <= shadow_price_) break;
    from = hull_[point];
    best = from.id;
  }
  return best;
}

double allocation::profit_bound() const {
  if (!budget_) return profit_;
  return profit_ + shadow_price_ * std::max(0.0, *budget_ - spent_);
}

}  // namespace clv::retention

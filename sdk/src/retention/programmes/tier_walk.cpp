#include "retention/programmes/tier_walk.hpp"

#include <algorithm>

#include "clv/time.hpp"

namespace clv::retention {

std::int64_t tier_walk::review_us() const {
  return rules_.review_days * us_per_day;
}

std::int64_t tier_walk::sum_at(std::int64_t time) {
  const std::int64_t start = time - rules_.window_days * us_per_day;
  while (!window_.empty() && window_.begin()->first <= start) {
    sum_ -= window_.begin()->second;
    window_.erase(window_.begin());
  }
  return sum_;
}

std::size_t tier_walk::earned_at(std::int64_t time) {
  const std::int64_t sum = sum_at(time);
  std::size_t earned = 0;
  while (earned + 1 < rules_.levels.size() && sum >= rules_.levels[earned + 1].threshold) ++earned;
  return earned;
}

std::size_t tier_walk::after_review(std::size_t earned) const {
  if (earned >= level_ || !rules_.soft_landing) return earned;
  return std::max(earned, level_ - 1);
}

void tier_walk::review_until(std::int64_t time) {
  while (next_review_ <= time) {
    level_ = after_review(earned_at(next_review_));
    next_review_ += review_us();
  }
}

void tier_walk::count(std::int64_t time, std::int64_t of, std::int64_t amount) {
  review_until(time);
  if (next_review_ == INT64_MAX && amount > 0) next_review_ = time + review_us();
  sum_at(time);  // lets go of what has left the window
  if (of <= time - rules_.window_days * us_per_day) return;
  window_.emplace(of, amount);
  sum_ += amount;
  const std::size_t earned = earned_at(time);
  if (earned <= level_) return;
  level_ = earned;
  next_review_ = time + review_us();
}

}  // namespace clv::retention

// Which tier one member has as time goes by. Up at once, down at reviews only: programme.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "retention/programmes/programme.hpp"

namespace clv::retention {

// Calls must come in rising time. [one]
class tier_walk {
 public:
  // `rules` must outlive this. Reviews are counted from the first amount that counts.
  explicit tier_walk(const tier_rules& rules) : rules_(rules) {}

  // Carries out the reviews that are due up to `time`.
  void review_until(std::int64_t time);
  // `amount` counts for the window by the time `of` it, which is that of the order when it is taken
  // back (then negative). Raises the tier at once; a fall waits for the review.
  void count(std::int64_t time, std::int64_t of, std::int64_t amount);

  std::size_t level() const { return level_; }
  std::int64_t next_review() const { return next_review_; }  // INT64_MAX: nothing counted yet
  // The sum of the window that ends at `time`, and the tier it is enough for.
  std::int64_t sum_at(std::int64_t time);
  std::size_t earned_at(std::int64_t time);
  // Where a review would take the member from `level`, given what the sum is enough for.
  std::size_t after_review(std::size_t earned) const;

 private:
  std::int64_t review_us() const;

  const tier_rules& rules_;
  std::multimap<std::int64_t, std::int64_t> window_;  // time of -> amount
  std::int64_t sum_ = 0, next_review_ = INT64_MAX;
  std::size_t level_ = 0;
};

}  // namespace clv::retention

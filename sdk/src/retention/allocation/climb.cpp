#include "retention/allocation/climb.hpp"

#include <algorithm>
#include <limits>

namespace clv::retention {

climb::climb(const option_book& book, std::size_t resource) : book_(book), resource_(resource) {
  for (std::size_t p = 0; p < book.customers(); ++p) {
    if (!book.competes(p)) continue;
    const step s = steepest(p, option_book::none);
    if (s.to != option_book::none) queue_.push_back(s);
  }
  std::make_heap(queue_.begin(), queue_.end(), goes_later);
}

bool climb::goes_later(const step& a, const step& b) {
  if (a.slope != b.slope) return a.slope < b.slope;
  return a.position > b.position;
}

// The next corner of the hull: of all options above `from` the one in the steepest direction, and
// of equally steep ones the nearest. Options come by rising rank and, none being matched by
// another, by rising use.
climb::step climb::steepest(std::size_t position, option_book::index from) const {
  step best{-1, static_cast<std::uint32_t>(position), from, option_book::none};
  const double rank = book_.rank(from), use = book_.used(from, resource_);
  const option_book::index above = from == option_book::none ? book_.first(position) : from + 1;
  for (option_book::index o = above; o < book_.last(position); ++o) {
    const double more = book_.used(o, resource_) - use;
    const double slope =
        more > 0 ? (book_.rank(o) - rank) / more : std::numeric_limits<double>::infinity();
    if (slope > best.slope) {
      best.slope = slope;
      best.to = o;
    }
  }
  return best;
}

climb::increment climb::next() const {
  const step& s = queue_.front();
  return {s.slope,
          book_.rank(s.to) - book_.rank(s.from),
          book_.used(s.to, resource_) - book_.used(s.from, resource_),
          s.position,
          s.to};
}

void climb::take() {
  std::pop_heap(queue_.begin(), queue_.end(), goes_later);
  const step s = steepest(queue_.back().position, queue_.back().to);
  if (s.to == option_book::none) {
    queue_.pop_back();
  } else {
    queue_.back() = s;
    std::push_heap(queue_.begin(), queue_.end(), goes_later);
  }
}

}  // namespace clv::retention

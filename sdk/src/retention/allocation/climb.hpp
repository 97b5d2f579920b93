// One limited resource: every customer climbs the upper hull of (use, rank), the steepest increment
// of all goes first. The prefix of the sequence solves the linear relaxation of any limit.
// Source: Sinha & Zoltners (1979), Oper. Res. 27(3); Kellerer, Pferschy & Pisinger (2004), ch. 11.
// O(nK + t log n) for t increments taken. [one]
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "retention/allocation/option_book.hpp"

namespace clv::retention {

class climb {
 public:
  // `book` is arranged and outlives this.
  climb(const option_book& book, std::size_t resource);

  struct increment {
    double slope;  // rank per use, infinite where nothing more is used
    double rank, use;
    std::size_t position;
    option_book::index to;
  };
  std::size_t resource() const { return resource_; }
  bool finished() const { return queue_.empty(); }
  // The steepest; of equals the one at the lower position.
  increment next() const;
  void take();

 private:
  struct step {
    double slope;
    std::uint32_t position;
    option_book::index from, to;
  };
  static bool goes_later(const step& a, const step& b);
  step steepest(std::size_t position, option_book::index from) const;

  const option_book& book_;
  std::size_t resource_;
  std::vector<step> queue_;
};

}  // namespace clv::retention

// From prices to a plan that fits: customers who take what is overdrawn give up where that costs
// least, what is left over is filled by the best of what fits, and the closest calls are tried in
// pairs. Every move is chosen in an order that depends on the customers' keys only. [one]
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "retention/allocation/option_book.hpp"

namespace clv::retention {

class settlement {
 public:
  using index = option_book::index;

  // `taken`: of each position an option or none. `prices`: per resource, what makes moves
  // comparable. `bound`: no total is above it. The book outlives this.
  settlement(const option_book& book,
             std::vector<index> taken,
             std::vector<double> prices,
             double bound);

  // One piece of the work: one look at all customers and a sort. True: finished.
  bool advance();

  index taken(std::size_t position) const { return taken_[position]; }
  double used(std::size_t resource) const { return used_[resource]; }
  double total() const { return total_; }

 private:
  struct move {
    double score;  // the higher the better
    std::uint32_t position;
    index to;
  };
  static bool goes_before(const move& a, const move& b);
  void make(std::size_t position, index to);
  bool over(std::size_t resource) const { return used_[resource] > book_.room(resource); }
  bool fits(index from, index to) const;
  void open_room(double part);
  void shed(std::size_t resource);
  move least_loss(std::size_t position, std::size_t resource) const;
  bool fill();
  move best_gain(std::size_t position) const;
  void gather_close_calls();
  bool exchange();
  bool fits_together(const move& a, const move& b);
  void add_up();

  const option_book& book_;
  std::vector<index> taken_;
  std::vector<double> prices_, used_;
  std::vector<double> room_;    // how far a resource may be used at this stage
  std::vector<double> scarce_;  // prices_, and a little more where little is left
  double bound_, total_ = 0;
  std::size_t resource_ = 0;  // the next to be looked at
  int fills_ = 0, exchanges_ = 0;
  enum class stage { shed, fill, close_calls, exchange, done } stage_ = stage::shed;
  std::vector<move> moves_;
  std::vector<std::uint32_t> close_;  // positions of close calls
  std::vector<double> change_;        // scratch, per resource
};

}  // namespace clv::retention

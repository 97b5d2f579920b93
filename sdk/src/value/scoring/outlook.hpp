// What lies ahead of one (x, t_x, T): everything about value that does not depend on own spend.
#pragma once

#include <memory>
#include <vector>

#include "clv/model.hpp"
#include "value/scoring/future.hpp"

namespace clv {

class future_table;

struct outlook {
  double log_likelihood = 0;
  double p_alive = 0;
  double expected_purchases = 0;
  double no_purchase = 0;
  double discounted = 0;             // expected purchases, each times exp(-delta s)
  future given_purchase;             // of ln S_N - ln S_1
  double z10 = 0, z50 = 0, z90 = 0;  // normal quantiles, see interval.hpp
};

// Which of the first four are wanted; the others follow horizon::discounted and ::distribution.
struct outlook_parts {
  bool log_likelihood = true, p_alive = true, expected_purchases = true, no_purchase = true;
};

// One set of parameters made ready for any number of customers. The future of a customer is looked
// up in a future_table where the model allows it (see there), else computed: which of the two is a
// matter of the model and x and T, never of the other customers. z10, z50 and z90 come from the
// average of no_purchase over the parameter points. [any]
class outlooks {
 public:
  // `tabulate`: worth a table; false for parameters that only a customer or two have.
  outlooks(future_maker maker, outlook_parts parts, bool tabulate);
  ~outlooks();
  outlooks(outlooks&&) noexcept;
  outlook of(const observation& o, std::vector<double>& scratch) const;

 private:
  future future_of(const observation& o, std::vector<double>& scratch) const;
  double average_no_purchase(const observation& o, double at_estimates) const;

  future_maker maker_;
  outlook_parts parts_;
  std::unique_ptr<const future_table> table_;
};

}  // namespace clv

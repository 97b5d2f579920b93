// What customers of a desk bought, and when. [any] Immutable.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "desk/desk_view.hpp"
#include "desk/tickets/identity.hpp"

namespace clv::desk {

// A customer's past at one moment.
struct purchase_past {
  double orders = 0;
  double recency_days = 0, tenure_days = 0;  // since the last and the first order
  double spend = 0;                          // mean, in major units
};

class purchase_book {
 public:
  // Rows of schema transactions up to and including `now` that are purchases (kind empty or
  // purchase, the amount above 0), by the customer behind the address.
  purchase_book(const table& transactions, const identity_map& who, std::int64_t now);

  // Before that moment; nullopt when there was no order.
  std::optional<purchase_past> before(std::string_view customer, std::int64_t when) const;
  // Whether the customer bought in (from, to].
  bool bought_within(std::string_view customer, std::int64_t from, std::int64_t to) const;

 private:
  struct order {
    std::int64_t time;
    double amount;
  };
  by_text<std::vector<order>> orders_;  // by time, then amount
};

}  // namespace clv::desk

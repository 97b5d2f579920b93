// One member's events through the programme's rules: the rows of the ledger, and the tier.
#pragma once

#include <string>
#include <vector>

#include "retention/programmes/loyalty_log.hpp"
#include "retention/programmes/points_account.hpp"
#include "retention/programmes/tier_walk.hpp"

namespace clv::retention {

// A refund takes back the same share of the points that its order earned and was paid with as it
// takes back of the order's amount, refund after refund: what all parts so far are due, rounded
// down, less what was done; so the parts of a full refund add up to all points, exactly once.
// [one] Appends to `rows` and `exceptions`, which must outlive it, as must the others.
class member_ledger {
 public:
  member_ledger(const programme& rules,
                const loyalty_member& member,
                std::vector<ledger_row>& rows,
                std::vector<loyalty_exception>& exceptions);

  void run(std::int64_t as_of);

 private:
  // What became of one purchase.
  struct order_state {
    std::int64_t earned = 0, reversed = 0, burned = 0, restored = 0, refunded = 0;
    std::vector<lot_piece> pieces;  // that paid for it and have not been given back
  };

  void redeem(const loyalty_event& e);
  void purchase(const loyalty_event& e, order_state& order);
  void refund(const loyalty_event& e);
  void give_back(const loyalty_event& e, order_state& order, std::int64_t points);
  void except(const loyalty_event& e, std::string what);

  const programme& rules_;
  const loyalty_member& member_;
  std::vector<loyalty_exception>& exceptions_;
  points_account account_;
  tier_walk tier_;
  std::vector<order_state> orders_;  // by position of the purchase
};

}  // namespace clv::retention

#include "retention/programmes/member_ledger.hpp"

#include <algorithm>
#include <utility>

namespace clv::retention {

member_ledger::member_ledger(const programme& rules,
                             const loyalty_member& member,
                             std::vector<ledger_row>& rows,
                             std::vector<loyalty_exception>& exceptions)
    : rules_(rules),
      member_(member),
      exceptions_(exceptions),
      account_(rules, member.customer, rows),
      tier_(rules.tiers),
      orders_(member.events.size()) {}

void member_ledger::except(const loyalty_event& e, std::string what) {
  exceptions_.push_back({e.id, member_.customer, std::move(what)});
}

void member_ledger::redeem(const loyalty_event& e) {
  const std::int64_t balance = account_.balance();
  if (e.points > balance || e.points < rules_.burn.minimum) {
    const bool few = e.points < rules_.burn.minimum;
    except(e,
           "redemption of " + std::to_string(e.points) + " points refused: " +
               (few ? "the least is " + std::to_string(rules_.burn.minimum)
                    : "the balance was " + std::to_string(balance)));
    return;
  }
  account_.touch(e.time);
  auto pieces = account_.burn(e.time, e.id, e.order, e.points);
  if (e.at == loyalty_event::none) return;
  order_state& order = orders_[e.at];
  order.burned += e.points;
  std::move(pieces.begin(), pieces.end(), std::back_inserter(order.pieces));
}

void member_ledger::purchase(const loyalty_event& e, order_state& order) {
  tier_.review_until(e.time);
  const std::int64_t paid = rules_.earn.before_redemption ? rules_.value_of(order.burned) : 0;
  order.earned =
      rules_.points_for(e.amount + paid, e.rate, rules_.tiers.levels[tier_.level()].multiplier);
  if (order.earned > 0) account_.touch(e.time);
  account_.earn(e.time, e.id, order.earned);
  tier_.count(e.time, e.time, rules_.tiers.by == tier_basis::spend ? e.amount : order.earned);
}

// The pieces that were taken last come back last: they are given back in the order of their
// burning.
void member_ledger::give_back(const loyalty_event& e, order_state& order, std::int64_t points) {
  order.restored += points;
  while (points > 0) {
    lot_piece& first = order.pieces.front();
    const std::int64_t part = std::min(points, first.points);
    account_.restore(e.time, e.id, e.order, {first.lot, part});
    first.points -= part;
    points -= part;
    if (first.points == 0) order.pieces.erase(order.pieces.begin());
  }
}

void member_ledger::refund(const loyalty_event& e) {
  order_state& order = orders_[e.at];
  const loyalty_event& bought = member_.events[e.at];
  // An order of which no money counts can only come back whole: it was paid with points.
  const std::int64_t whole = std::max<std::int64_t>(bought.amount, 1);
  const std::int64_t part = bought.amount == 0 ? 1 : e.amount;
  const std::int64_t done = std::min(whole, order.refunded + part);
  if (order.refunded + part > whole) {
    except(e,
           order.refunded == whole
               ? "refunds '" + e.order + "' again: no points move"
               : "refunds more than '" + e.order + "' was: only the rest moves");
  }
  const std::int64_t amount = done - order.refunded;
  order.refunded = done;
  give_back(e, order, share_of(order.burned, done, whole) - order.restored);
  const std::int64_t due = share_of(order.earned, done, whole) - order.reversed;
  const std::int64_t taken = rules_.refunds.reverse ? due : 0;
  if (taken > 0) account_.reverse(e.time, e.id, e.order, taken);
  order.reversed += taken;
  const bool spend = rules_.tiers.by == tier_basis::spend;
  const std::int64_t uncounted = spend ? (bought.amount == 0 ? 0 : amount) : taken;
  if (uncounted > 0) tier_.count(e.time, bought.time, -uncounted);
}

void member_ledger::run(std::int64_t as_of) {
  for (std::size_t i = 0; i < member_.events.size(); ++i) {
    const loyalty_event& e = member_.events[i];
    account_.expire_until(e.time);
    switch (e.kind) {
      case loyalty_event::what::redemption:
        redeem(e);
        break;
      case loyalty_event::what::purchase:
        purchase(e, orders_[i]);
        break;
      case loyalty_event::what::refund:
        refund(e);
        break;
    }
  }
  account_.expire_until(as_of);
}

}  // namespace clv::retention

#include "retention/programmes/tier_standing.hpp"

#include <algorithm>
#include <utility>

#include "clv/error.hpp"

namespace clv::retention {
namespace {

struct counted {
  std::int64_t time, of, amount;
};

// Reversals count at the time of the order that they take back.
std::vector<counted> counts_of(const member_lines& m) {
  std::vector<counted> out;
  std::map<std::string_view, std::int64_t> ordered;
  for (const ledger_line& l : m.lines) {
    if (l.kind == ledger_kind::earn) {
      ordered.emplace(l.order, l.time);
      out.push_back({l.time, l.time, l.points});
    }
    if (l.kind != ledger_kind::reverse) continue;
    const auto at = ordered.find(l.order);
    if (at != ordered.end()) out.push_back({l.time, at->second, l.points});
  }
  return out;
}

std::vector<counted> counts_of(const loyalty_member& m) {
  std::vector<counted> out;
  std::vector<std::int64_t> refunded(m.events.size());
  for (const loyalty_event& e : m.events) {
    if (e.kind == loyalty_event::what::purchase) out.push_back({e.time, e.time, e.amount});
    if (e.kind != loyalty_event::what::refund) continue;
    const loyalty_event& bought = m.events[e.at];
    const std::int64_t part = std::min(e.amount, bought.amount - refunded[e.at]);
    refunded[e.at] += part;
    if (part > 0) out.push_back({e.time, bought.time, -part});
  }
  return out;
}

tier_standing standing_of(const std::vector<counted>& counts, const standing_request& asked) {
  tier_walk walk(asked.rules.tiers);
  for (const counted& c : counts) {
    if (c.time <= asked.as_of) walk.count(c.time, c.of, c.amount);
  }
  walk.review_until(asked.as_of);
  const std::size_t earned = walk.earned_at(asked.as_of);
  return {.level = walk.level(),
          .earned = earned,
          .after_review = walk.after_review(earned),
          .sum = walk.sum_at(asked.as_of),
          .next_review = walk.next_review()};
}

}  // namespace

std::map<std::string, tier_standing> tier_standings(const report_inputs& in,
                                                    const std::vector<member_lines>& ledger,
                                                    const standing_request& asked) {
  std::map<std::string, tier_standing> out;
  if (asked.rules.tiers.by == tier_basis::points) {
    for (const member_lines& m : ledger) out.emplace(m.customer, standing_of(counts_of(m), asked));
    return out;
  }
  if (!in.has("transactions")) {
    throw error(status::invalid,
                "report '" + std::string(asked.report) +
                    "': the programme's tiers count spend, and table 'transactions' is missing",
                "give the table that the ledger was made from");
  }
  report_inputs orders;
  orders.tables["transactions"] = in.tables.find("transactions")->second;
  const loyalty_log log = read_loyalty_log(
      orders,
      {.report = asked.report, .rules = asked.rules, .as_of = "", .time_zone = asked.time_zone});
  for (const loyalty_member& m : log.members) {
    if (m.events.front().time > asked.as_of) continue;  // not a member yet
    out.emplace(m.customer, standing_of(counts_of(m), asked));
  }
  for (const member_lines& m : ledger) out.try_emplace(m.customer, standing_of({}, asked));
  return out;
}

}  // namespace clv::retention

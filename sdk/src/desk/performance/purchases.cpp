#include "desk/performance/purchases.hpp"

#include <algorithm>

#include "clv/time.hpp"
#include "features/cells.hpp"

namespace clv::desk {

purchase_book::purchase_book(const table& transactions, const identity_map& who, std::int64_t now) {
  const column& customer = transactions.get("customer", type::utf8);
  const column& time = transactions.get("time", type::time);
  const column& amount = transactions.get("amount", type::money);
  const column* kind = transactions.find("kind");
  const column* ids = transactions.find("event_id");
  features::seen_events seen;
  for (std::size_t row = 0; row < transactions.rows(); ++row) {
    const std::string word = kind == nullptr ? std::string() : features::text_at(*kind, row);
    const auto value = features::number_at(amount, row);
    const bool purchase = (word.empty() || word == "purchase") && value && *value > 0;
    if (!purchase || !time.present(row) || time.integers()[row] > now) continue;
    if (ids != nullptr && seen.first_row(features::text_at(*ids, row), row)) continue;
    const std::string own = features::text_at(customer, row);
    orders_[std::string(who.customer_of(own))].push_back({time.integers()[row], *value});
  }
  for (auto& [id, orders] : orders_) {
    std::ranges::sort(orders, [](const order& a, const order& b) {
      return a.time != b.time ? a.time < b.time : a.amount < b.amount;
    });
  }
}

std::optional<purchase_past> purchase_book::before(std::string_view customer,
                                                   std::int64_t when) const {
  const auto found = orders_.find(customer);
  if (found == orders_.end() || found->second.front().time >= when) return std::nullopt;
  const auto days = [&](std::int64_t since) {
    return static_cast<double>(when - since) / static_cast<double>(us_per_day);
  };
  purchase_past past{.tenure_days = days(found->second.front().time)};
  double sum = 0;
  for (const order& o : found->second) {
    if (o.time >= when) break;
    past.orders += 1;
    past.recency_days = days(o.time);
    sum += o.amount;
  }
  past.spend = sum / past.orders;
  return past;
}

bool purchase_book::bought_within(std::string_view customer,
                                  std::int64_t from,
                                  std::int64_t to) const {
  const auto found = orders_.find(customer);
  if (found == orders_.end()) return false;
  return std::ranges::any_of(found->second,
                             [&](const order& o) { return from < o.time && o.time <= to; });
}

}  // namespace clv::desk

#include "retention/gate/money_rules.hpp"

#include <cmath>
#include <string>

#include "clv/error.hpp"
#include "retention/number_text.hpp"

namespace clv::retention {
namespace {

std::string percent(double share) {
  return number_text(std::round(1000 * share) / 10) + " %";
}

// Whether the proposal lowers a price. A benefit of a kind that is not said may well do so.
bool gives_discount(const gate_question& asked) {
  if (asked.discount_share > 0 || asked.benefit_kind == "discount") return true;
  return asked.benefit_kind.empty() && asked.benefit > 0;
}

}  // namespace

money_rules::money_rules(const table* customers, const policy& rules, const money_words& money)
    : rules_(rules), money_(money), per_major_(std::pow(10.0, money.exponent())) {
  if (customers == nullptr) return;
  const fact_rows rows(*customers, "customers");
  if (rules_.margin_floor) read_floor(rows);
  if (rules_.deal_seeker) read_deals(rows);
}

const column* money_rules::amounts(const fact_rows& rows, std::string_view name) const {
  const column* c = rows.find(name, type::money);
  if (c == nullptr) return nullptr;
  if (!c->unit().empty() && !money_.currency().empty() && c->unit() != money_.currency()) {
    throw error(status::data,
                "table 'customers', column '" + std::string(name) + "' is in " + c->unit() +
                    " but the decision is in " + money_.currency(),
                "currencies are never summed: convert one of the two first");
  }
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    if (!c->present(row) || c->integers()[row] >= 0) continue;
    rows.refuse(name, row, std::to_string(c->integers()[row]) + " is below 0", "correct it");
  }
  return c;
}

void money_rules::read_floor(const fact_rows& rows) {
  value_ = amounts(rows, "order_value");
  cost_ = amounts(rows, "order_cost");
  shipping_ = amounts(rows, "order_shipping");
  discount_ = rows.find("running_discount", type::f64);
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const double share = rows.number(discount_, row, 0);
    if (share > 1) {
      rows.refuse("running_discount",
                  row,
                  number_text(share) + " is not a share from 0 to 1",
                  "write 0.2 for 20 %");
    }
  }
}

void money_rules::read_deals(const fact_rows& rows) {
  orders_ = rows.find("orders", type::f64);
  discounted_ = rows.find("discounted_orders", type::f64);
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const double orders = rows.number(orders_, row, 0);
    const double discounted = rows.number(discounted_, row, 0);
    if (discounted <= orders) continue;
    rows.refuse("discounted_orders",
                row,
                number_text(discounted) + " are more than the orders, " + number_text(orders),
                "correct one of the two");
  }
}

double money_rules::major(const column* c, std::uint32_t row) const {
  if (c == nullptr || !c->present(row)) return 0;
  return static_cast<double>(c->integers()[row]) / per_major_;
}

std::optional<refusal> money_rules::check_floor(std::uint32_t row,
                                                const gate_question& asked) const {
  const bool gives = asked.benefit > 0 || asked.discount_share > 0;
  if (value_ == nullptr || row >= value_->size() || !gives || !value_->present(row)) {
    return std::nullopt;
  }
  const double value = major(value_, row);
  const double running =
      discount_ != nullptr && discount_->present(row) ? discount_->numbers()[row] : 0;
  const double benefit = asked.discount_share > 0 ? 0 : asked.benefit;
  const double out = major(cost_, row) + major(shipping_, row);
  const double left = value * (1 - running - asked.discount_share) - out - benefit;
  const double floor = *rules_.margin_floor * value;
  // 100 (1 - .1 - .2) - 65 is a hair below 5: what is equal in exact numbers must pass.
  if (left >= floor - 1e-9 * (value + out + benefit)) return std::nullopt;
  return refusal{reason_code::margin_floor,
                 "Of an order of " + money_(value) + " there would be " + money_(left) +
                     " left after discounts of " + percent(running + asked.discount_share) +
                     ", a benefit of " + money_(benefit) + " and " + money_(out) +
                     " for goods and shipping; the floor is " + money_(floor) + "."};
}

std::optional<refusal> money_rules::check_deal_seeker(std::uint32_t row,
                                                      const gate_question& asked) const {
  if (orders_ == nullptr || discounted_ == nullptr || row >= orders_->size()) return std::nullopt;
  if (!gives_discount(asked) || !orders_->present(row) || !discounted_->present(row)) {
    return std::nullopt;
  }
  const deal_seeker_rule& rule = *rules_.deal_seeker;
  const double orders = orders_->numbers()[row], discounted = discounted_->numbers()[row];
  if (orders < rule.orders || discounted < rule.share * orders) return std::nullopt;
  return refusal{reason_code::deal_seeker,
                 number_text(discounted) + " of " + number_text(orders) +
                     " orders were bought at a discount: another one would be spent on buying "
                     "cheaper, not more."};
}

std::optional<refusal> money_rules::check_worst_case(const gate_question& asked) const {
  if (!rules_.worst_case_limit || asked.worst_case <= *rules_.worst_case_limit) {
    return std::nullopt;
  }
  return refusal{reason_code::worst_case_spend,
                 "It can cost " + money_(asked.worst_case) + " at worst; the limit is " +
                     money_(*rules_.worst_case_limit) + "."};
}

}  // namespace clv::retention

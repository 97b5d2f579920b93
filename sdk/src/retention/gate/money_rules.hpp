// What is left of an order after every discount, who buys only on discount, and the worst case.
// [any] once made.
#pragma once

#include <cstdint>
#include <optional>

#include "retention/gate/fact_rows.hpp"
#include "retention/gate/gatekeeper.hpp"

namespace clv::retention {

class money_rules {
 public:
  // `customers` may be nullptr: then only the worst case is known. Reads and checks the columns
  // that the policy's rules need: amounts and counts of 0 or more, shares in [0, 1], no more
  // discounted orders than orders, one currency. The policy outlives this.
  money_rules(const table* customers, const policy& rules, const money_words& money);

  // `row`: of the customer in the table, or customer_facts::no_row.
  std::optional<refusal> check_floor(std::uint32_t row, const gate_question& asked) const;
  std::optional<refusal> check_deal_seeker(std::uint32_t row, const gate_question& asked) const;
  std::optional<refusal> check_worst_case(const gate_question& asked) const;

 private:
  void read_floor(const fact_rows& rows);
  void read_deals(const fact_rows& rows);
  const column* amounts(const fact_rows& rows, std::string_view name) const;
  double major(const column* c, std::uint32_t row) const;  // absent: 0

  const policy& rules_;
  money_words money_;
  double per_major_ = 100;
  const column *value_ = nullptr, *cost_ = nullptr, *shipping_ = nullptr, *discount_ = nullptr;
  const column *orders_ = nullptr, *discounted_ = nullptr;
};

}  // namespace clv::retention

// Rows that say who may get what, by customer. [one]
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace clv::retention {

class choice_rows {
 public:
  // The customer of each row.
  explicit choice_rows(std::vector<std::string> customer_of_row);

  // In the order in which they come first.
  std::size_t customers() const { return first_row_.size(); }
  const std::string& customer(std::size_t i) const { return customer_of_row_[first_row_[i]]; }
  std::uint64_t tie_key(std::size_t i) const;  // a hash of the customer
  // f(row) for the rows of a customer, in their order.
  template <class function>
  void each_row(std::size_t i, const function& f) const {
    for (std::uint32_t row = first_row_[i]; row != end; row = next_[row]) f(row);
  }

 private:
  static constexpr std::uint32_t end = 0xffffffff;
  std::vector<std::string> customer_of_row_;
  std::vector<std::uint32_t> first_row_;  // of a customer
  std::vector<std::uint32_t> next_;       // row of the same customer
};

}  // namespace clv::retention

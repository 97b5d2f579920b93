// One row of a transaction log as the event it is for a summary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "clv/summary.hpp"
#include "clv/table.hpp"
#include "clv/time.hpp"

namespace clv::data {

enum class event_kind { ignored, purchase, refund };

struct event {
  event_kind kind = event_kind::ignored;
  std::int32_t day = 0;
  std::int64_t time = 0;    // microseconds UTC
  std::int64_t amount = 0;  // minor units, never negative
};

// Sorts out currencies, days, refunds and what lies after as_of. Not thread-safe.
class log_reader {
 public:
  // Throws error{invalid} for a missing column, an unknown zone or currency.
  log_reader(const table& log, const summarize_options& options);

  // Throws error{data} naming the row for an empty cell, an unknown kind, a time or an amount out
  // of range, or a purchase of a negative amount.
  event read(std::size_t row);
  // After the last row. Throws error{data} when there are several currencies and none was chosen,
  // or when the chosen one does not occur.
  void check_currencies() const;

  const column& customers() const { return customer_; }
  std::span<const std::int64_t> amounts() const { return amount_.integers(); }
  const std::string& currency() const { return currency_; }  // "XXX" when the log names none
  std::int32_t last_day() const { return last_day_; }        // the last day observed

 private:
  bool other_currency(std::size_t row);
  void check_cells(std::size_t row) const;
  bool is_refund(std::size_t row, std::int64_t amount) const;

  const column& customer_;
  const column& time_;
  const column& amount_;
  const column* kind_;
  const column* code_;
  zone zone_;
  bool drop_zero_value_;
  bool open_end_;  // as_of is the day of the last event
  bool all_present_;
  std::string currency_;
  bool currency_chosen_;
  std::vector<std::string> seen_;
  std::int32_t last_day_ = 0;
};

}  // namespace clv::data

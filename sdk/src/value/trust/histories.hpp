// The purchase days of every customer of a log: what reports about time need of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "clv/summary.hpp"
#include "data/customer_index.hpp"
#include "data/log_reader.hpp"

namespace clv {

struct histories {
  std::vector<std::size_t> begin;  // customer c has days[begin[c]] up to days[begin[c + 1]]
  std::vector<std::int32_t> days;  // civil days since 1970-01-01; each once, rising, at least one
  std::int32_t last_day = 0;       // the last day observed
  std::size_t size() const { return begin.empty() ? 0 : begin.size() - 1; }
  std::span<const std::int32_t> of(std::size_t customer) const {
    return std::span(days).subspan(begin[customer], begin[customer + 1] - begin[customer]);
  }
};

// Reads the log by the rules of summarize(): refunds are no purchases, what is after as_of does not
// exist, purchases of one day are one. Customers without a purchase are left out; the others come
// in an order that says nothing. [one]
class history_reader {
 public:
  history_reader(std::shared_ptr<const table> log, const summarize_options& options);
  double advance();  // fraction done; throws error{data} as summarize() does
  histories take() { return std::move(out_); }

 private:
  bool read_rows();
  void gather();
  bool merge_days();

  std::shared_ptr<const table> log_;
  data::log_reader reader_;
  data::customer_index customers_;
  std::size_t row_ = 0, customer_ = 0;
  std::vector<std::uint32_t> number_;  // of the customer, per purchase
  std::vector<std::int32_t> day_;      // per purchase
  std::vector<std::size_t> bucket_;    // where a customer's purchases begin
  std::vector<std::int32_t> sorted_;   // their days, customer by customer
  histories out_;
};

}  // namespace clv

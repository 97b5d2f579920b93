// A stored table read once, for as long as nothing newer was committed, with a way to a customer.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "calls/handles.hpp"

namespace clvd {

class cached_table {
 public:
  explicit cached_table(result_ptr rows) : rows_(std::move(rows)) {}

  const clv_result& rows() const { return *rows_; }
  std::int64_t size() const { return clv_result_rows(rows_.get()); }
  std::string fingerprint() const { return clv_result_fingerprint(rows_.get()); }
  // Row of the customer, -1: not there. The first call builds the index. [any]
  std::int64_t row_of(std::string_view customer) const;

 private:
  const result_ptr rows_;
  mutable std::once_flag indexed_;
  mutable std::unordered_map<std::string_view, std::int64_t> by_customer_;  // texts are the table's
};

}  // namespace clvd

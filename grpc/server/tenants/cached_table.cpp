#include "tenants/cached_table.hpp"

namespace clvd {

std::int64_t cached_table::row_of(std::string_view customer) const {
  std::call_once(indexed_, [this] {
    const std::int32_t column = clv_result_find(rows_.get(), "customer");
    const std::int64_t n = column < 0 ? 0 : size();
    by_customer_.reserve(static_cast<std::size_t>(n));
    for (std::int64_t row = 0; row < n; ++row) {
      std::int64_t length = 0;
      const char* id = clv_result_text(rows_.get(), column, row, &length);
      if (id == nullptr) continue;
      by_customer_.emplace(std::string_view(id, static_cast<std::size_t>(length)), row);
    }
  });
  const auto found = by_customer_.find(customer);
  return found == by_customer_.end() ? -1 : found->second;
}

}  // namespace clvd

#include "retention/allocation/choice_rows.hpp"

#include <string_view>
#include <unordered_map>

#include "math/hash.hpp"

namespace clv::retention {

choice_rows::choice_rows(std::vector<std::string> customer_of_row)
    : customer_of_row_(std::move(customer_of_row)), next_(customer_of_row_.size(), end) {
  std::unordered_map<std::string_view, std::uint32_t> last_row;
  for (std::uint32_t row = 0; row < next_.size(); ++row) {
    const auto [at, is_new] = last_row.try_emplace(customer_of_row_[row], row);
    if (is_new) {
      first_row_.push_back(row);
    } else {
      next_[at->second] = row;
      at->second = row;
    }
  }
}

std::uint64_t choice_rows::tie_key(std::size_t i) const {
  return math::hash64(customer(i));
}

}  // namespace clv::retention

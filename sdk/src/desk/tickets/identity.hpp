// One customer behind many addresses: which identity belongs to whom, as it is known at a moment.
// reference: sdk/DESK.md, Tickets. [any] Immutable once read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "clv/table.hpp"
#include "features/crowd.hpp"

namespace clv::desk {

class identity_map {
 public:
  identity_map() = default;
  // Schema identities, rows up to and including `as_of`. Of the rows of one (customer, identity)
  // the last one counts: `linked` 1 joins them from the beginning of the log on, 0 undoes that
  // entirely. An identity that stands with several customers is of the one linked last. The order
  // of rows changes nothing. Throws error{data} naming row, column and value for an empty cell, a
  // `linked` that is neither 0 nor 1, and links in a circle.
  identity_map(const table& links, std::int64_t as_of);

  // The customer at the end of the chain; `id` itself when it is linked to nobody. The view is of
  // this map or of `id`.
  std::string_view customer_of(std::string_view id) const;
  std::size_t size() const { return customers_.size(); }

 private:
  std::unordered_map<std::string, std::string, features::text_hash, std::equal_to<>> customers_;
};

}  // namespace clv::desk

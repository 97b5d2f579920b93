// The granted columns of some rows, as a plugin sees them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "clv/table.hpp"
#include "clv_base.h"

namespace clv::abi {

// Points into the table; a column that the table lacks has every row absent.
class lent_batch {
 public:
  lent_batch(const table& t,
             const std::vector<std::string>& names,
             std::size_t first,
             std::size_t last);
  lent_batch(const lent_batch&) = delete;
  lent_batch& operator=(const lent_batch&) = delete;
  const clv_batch* get() const { return &batch_; }

 private:
  std::deque<column> blanks_;  // views point into them
  std::vector<std::vector<std::uint8_t>> validity_;
  std::vector<clv_column> columns_;
  clv_batch batch_;
};

}  // namespace clv::abi

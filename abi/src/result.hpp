// clv_result: an immutable table and how C sees it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "clv.h"
#include "clv/table.hpp"
#include "handle.hpp"

struct clv_result : clv::abi::handle<clv::abi::handle_kind::result> {
  explicit clv_result(std::shared_ptr<const clv::table> of);

  std::shared_ptr<const clv::table> table;
  std::vector<clv_column> view;  // what clv_result_batch lends

  // Text of one row with a NUL behind it. The core keeps texts without one, so the first call for
  // a column makes a second copy of its texts; most results are never asked.
  const char* text(std::size_t column, std::size_t row) const;

 private:
  struct ended_texts {
    std::atomic<const std::string*> chars{nullptr};
    std::unique_ptr<const std::string> owned;
  };
  mutable std::mutex lock_;
  mutable std::vector<ended_texts> ended_;
};

namespace clv::abi {

inline clv_result* new_result(std::shared_ptr<const table> of) {
  return new clv_result(std::move(of));
}

}  // namespace clv::abi

// Appends the decisions of one run to the log of all decisions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "store/fact_writer.hpp"

namespace clv::detail {

// Inside the caller's write transaction; `decisions` must outlive it. [one]
class decision_appender {
 public:
  // Throws error{data} when the log's amounts are in another currency.
  decision_appender(store::connection& db,
                    const table& decisions,
                    std::int64_t run,
                    std::int64_t now_us);
  double append(std::size_t rows);  // how much is done, in [0, 1]

 private:
  std::size_t rows_, next_ = 0;
  table beside_;  // the columns that all decisions of a run have alike
  store::fact_writer writer_;
};

}  // namespace clv::detail

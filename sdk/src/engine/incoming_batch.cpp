#include "engine/incoming_batch.hpp"

#include <algorithm>
#include <utility>

#include "engine/fact_batch.hpp"
#include "engine/transaction_batch.hpp"

namespace clv::detail {

void refused_rows::refuse(issue why, std::string_view reason) {
  if (!one_by_one_) {
    if (reason == conflicting_duplicate) why.message += "; nothing was stored";
    throw error(std::move(why));
  }
  const auto row = static_cast<std::size_t>(why.row);
  if (out_.size() <= row) out_.resize(row + 1);
  out_[row] = true;
  rows_.push_back({why.row, std::move(why.column), reason, std::move(why.message)});
}

std::vector<refused_rows::one> refused_rows::take() {
  std::ranges::sort(rows_, {}, &one::row);
  return std::exchange(rows_, {});
}

std::unique_ptr<incoming_batch> make_batch(std::string_view name,
                                           std::shared_ptr<const table> rows,
                                           ingest_options o,
                                           bool one_by_one) {
  if (name == log_name) {
    return std::make_unique<transaction_batch>(std::move(rows), std::move(o), one_by_one);
  }
  return std::make_unique<fact_batch>(name, *rows, std::move(o), one_by_one);
}

}  // namespace clv::detail

#include "engine/fact_batch.hpp"

#include <algorithm>

namespace clv::detail {

double fact_batch::after(std::size_t row) {
  next_ = row;
  const std::size_t all = rows_.rows().rows();
  if (next_ < all) return static_cast<double>(next_) / static_cast<double>(all);
  next_ = 0;
  return 1.0;
}

double fact_batch::check() {
  const std::size_t last = std::min(rows_.rows().rows(), next_ + rows_a_unit);
  for (std::size_t row = next_; row < last; ++row) {
    try {
      rows_.check(row);
    } catch (const error& wrong) {
      refused_.refuse(wrong.details(), invalid_row);
    }
  }
  return after(last);
}

double fact_batch::store(core& c) {
  if (!writer_) {
    writer_.emplace(c.sql(),
                    store::fact_batch{.what = &rows_.what(),
                                      .rows = &rows_.rows(),
                                      .source = options_.source,
                                      .currency = rows_.currency()});
  }
  const std::size_t last = std::min(rows_.rows().rows(), next_ + rows_a_unit);
  for (std::size_t row = next_; row < last; ++row) {
    if (!refused_.contains(row)) store_row(row);
  }
  return after(last);
}

void fact_batch::store_row(std::size_t row) {
  using outcome = store::fact_writer::outcome;
  const outcome what = writer_->add(row);
  if (what == outcome::other) {
    refused_.refuse(writer_->conflict(row), conflicting_duplicate);
    return;
  }
  ++(what == outcome::added ? accepted_ : duplicates_);
  erased_ += what == outcome::erased ? 1 : 0;
}

void fact_batch::finish() {
  if (accepted_ > 0) writer_->finish();
  writer_.reset();
}

}  // namespace clv::detail

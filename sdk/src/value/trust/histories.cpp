#include "value/trust/histories.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace clv {
namespace {

constexpr std::size_t rows_a_unit = 1U << 16U;
constexpr std::size_t customers_a_unit = 1U << 16U;

}  // namespace

history_reader::history_reader(std::shared_ptr<const table> log, const summarize_options& options)
    : log_(std::move(log)), reader_(*log_, options), customers_(reader_.customers()) {}

double history_reader::advance() {
  const auto share = [](std::size_t part, std::size_t whole) {
    return 0.5 * static_cast<double>(part) / static_cast<double>(std::max<std::size_t>(1, whole));
  };
  if (bucket_.empty()) {
    if (!read_rows()) return share(row_, log_->rows());
    gather();
    return 0.5;
  }
  if (!merge_days()) return 0.5 + share(customer_, bucket_.size());
  return 1.0;
}

bool history_reader::read_rows() {
  const std::size_t stop = std::min(log_->rows(), row_ + rows_a_unit);
  for (; row_ < stop; ++row_) {
    const data::event e = reader_.read(row_);
    if (e.kind != data::event_kind::purchase) continue;
    number_.push_back(customers_.number_of(row_));
    day_.push_back(e.day);
  }
  if (row_ < log_->rows()) return false;
  reader_.check_currencies();
  return true;
}

void history_reader::gather() {
  bucket_.assign(customers_.size() + 2, 0);
  for (const std::uint32_t c : number_) ++bucket_[c + 2];
  std::partial_sum(bucket_.begin(), bucket_.end(), bucket_.begin());
  sorted_.resize(day_.size());
  for (std::size_t i = 0; i < day_.size(); ++i) sorted_[bucket_[number_[i] + 1]++] = day_[i];
  bucket_.pop_back();
  number_ = {};
  day_ = {};
  out_.begin.push_back(0);
  out_.last_day = reader_.last_day();
}

bool history_reader::merge_days() {
  const std::size_t stop = std::min(bucket_.size() - 1, customer_ + customers_a_unit);
  for (; customer_ < stop; ++customer_) {
    const auto first = sorted_.begin() + static_cast<std::ptrdiff_t>(bucket_[customer_]);
    const auto last = sorted_.begin() + static_cast<std::ptrdiff_t>(bucket_[customer_ + 1]);
    if (first == last) continue;
    std::sort(first, last);
    std::unique_copy(first, last, std::back_inserter(out_.days));
    out_.begin.push_back(out_.days.size());
  }
  return customer_ + 1 == bucket_.size();
}

}  // namespace clv

#include "engine/transaction_batch.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace clv::detail {
namespace {

constexpr std::size_t checked_a_unit = 1U << 14U;
constexpr std::int64_t forgotten = 0;  // in place of a customer's number

}  // namespace

transaction_batch::transaction_batch(std::shared_ptr<const table> transactions,
                                     ingest_options o,
                                     bool one_by_one,
                                     std::int64_t rows_before)
    : incoming_batch(std::move(o), one_by_one),
      rows_before_(rows_before),
      rows_(std::move(transactions), options_, rows_before),
      customers_(rows_.customers()) {
  number_.reserve(rows_.size());
}

void transaction_batch::abandon() {
  erased_customers_.reset();
  writer_.reset();
}

// How much of `end` is done; at 1 the next stage begins at 0.
double transaction_batch::done(std::size_t end) {
  if (next_ < end) return static_cast<double>(next_) / static_cast<double>(end);
  next_ = 0;
  return 1.0;
}

// ---- checking

double transaction_batch::check() {
  if (!numbered_) {
    numbered_ = number_rows() >= 1.0;
    return numbered_ ? 0.5 : 0.5 * static_cast<double>(next_) / static_cast<double>(rows_.size());
  }
  return 0.5 + 0.5 * ranking_->sort_some();
}

double transaction_batch::number_rows() {
  const std::size_t last = std::min(rows_.size(), next_ + checked_a_unit);
  for (; next_ < last; ++next_) note_row(next_);
  if (const double part = done(rows_.size()); part < 1.0) return part;
  std::vector<std::uint32_t> all(customers_.size());
  std::iota(all.begin(), all.end(), 0U);
  ranking_.emplace(std::move(all), [this](std::uint32_t i) { return customers_.id(i); });
  ids_.resize(customers_.size());
  known_.resize(rows_.size());
  return 1.0;
}

void transaction_batch::note_row(std::size_t row) {
  try {
    rows_.check(row);
  } catch (const error& wrong) {
    refused_.refuse(wrong.details(), invalid_row);
    number_.push_back(left_out);
    return;
  }
  number_.push_back(customers_.number_of(row));
  bucket_.resize(customers_.size());
  ++bucket_[number_.back()];
  if (rows_.has_event(row)) events_.push_back(static_cast<std::uint32_t>(row));
}

// ---- storing

double transaction_batch::store(core& c) {
  static constexpr std::array<stage, 6> stages{&transaction_batch::begin,
                                               &transaction_batch::store_customers,
                                               &transaction_batch::rank_events,
                                               &transaction_batch::store_events,
                                               &transaction_batch::order,
                                               &transaction_batch::store_rows};
  const double part = (this->*stages[stage_])(c);
  if (part >= 1.0) ++stage_;
  const double before = static_cast<double>(stage_) + (part >= 1.0 ? 0.0 : part);
  return before / static_cast<double>(stages.size());
}

double transaction_batch::begin(core& c) {
  writer_.emplace(c.sql(), options_.source);
  erased_customers_.emplace(c.sql());
  if (refused_.one_by_one()) newest_before_ = store::newest_customer(c.sql());
  return 1.0;
}

double transaction_batch::store_customers(core& /*c*/) {
  const std::size_t last = std::min(customers_.size(), next_ + rows_a_unit);
  std::vector<std::uint32_t> kept;
  std::vector<std::string_view> names;
  for (; next_ < last; ++next_) {
    const std::uint32_t customer = ranking_->next();
    ranked_.push_back(customer);
    ids_[customer] = forgotten;
    if (erased_customers_->contains(customers_.id(customer))) continue;
    kept.push_back(customer);
    names.push_back(customers_.id(customer));
  }
  const std::vector<std::int64_t> numbers = writer_->customer_ids_of(names);
  for (std::size_t i = 0; i < kept.size(); ++i) ids_[kept[i]] = numbers[i];
  if (const double part = done(customers_.size()); part < 1.0) return part;
  std::size_t start = 0;
  for (const std::uint32_t customer : ranked_) {
    start += std::exchange(bucket_[customer], start);
  }
  sorted_.resize(start);
  ranking_.emplace(std::move(events_), [this](std::uint32_t row) { return rows_.event_id(row); });
  return 1.0;
}

double transaction_batch::rank_events(core& /*c*/) {
  return ranking_->sort_some();
}

double transaction_batch::store_events(core& /*c*/) {
  const std::size_t last = std::min(ranking_->size(), next_ + rows_a_unit);
  std::vector<std::uint32_t> asked;
  for (; next_ < last; ++next_) {
    const std::uint32_t row = ranking_->next();
    if (ids_[number_[row]] == forgotten) continue;
    writer_->queue_event(rows_.at(row), ids_[number_[row]], row);
    asked.push_back(row);
  }
  for (const std::uint32_t row : asked) store_event(row);
  const double part = done(ranking_->size());
  if (part >= 1.0) ranking_.reset();
  return part;
}

void transaction_batch::store_event(std::size_t row) {
  using outcome = store::log_writer::event::outcome;
  const store::log_row r = rows_.at(row);
  const auto found = writer_->queued_event(r);
  if (found.what == outcome::added) return;
  known_[row] = true;
  if (found.what == outcome::same) {
    ++duplicates_;
    return;
  }
  conflicts_ = true;
  const std::int64_t told = rows_before_ + static_cast<std::int64_t>(row);
  refused_.refuse({.code = status::data,
                   .row = told,
                   .column = "event_id",
                   .message = "row " + std::to_string(told + 1) + ", column 'event_id': '" +
                              std::string(r.event_id) + "' of source '" + options_.source +
                              "' is " + other_event(found.place, r),
                   .hint = "give a correction an event id of its own, such as a refund"},
                  conflicting_duplicate);
}

// Where the other event of that id is, and both contents. A negative place is of a row before this
// batch.
std::string transaction_batch::other_event(std::int64_t place, const store::log_row& here) {
  const bool told_before = rows_before_ + place >= 0;
  return (told_before ? "in row " + std::to_string(rows_before_ + place + 1)
                      : std::string("stored")) +
         " with other content: there (" +
         (place >= 0 ? store::describe(rows_.at(static_cast<std::size_t>(place)))
                     : writer_->stored_event(here.event_id)) +
         "), here (" + store::describe(here) + ")";
}

// A counting sort by customer; the rows of one keep their order.
double transaction_batch::order(core& /*c*/) {
  const std::size_t last = std::min(rows_.size(), next_ + 4 * checked_a_unit);
  for (; next_ < last; ++next_) {
    if (number_[next_] == left_out) continue;
    sorted_[bucket_[number_[next_]]++] = static_cast<std::uint32_t>(next_);
  }
  return done(rows_.size());
}

double transaction_batch::store_rows(core& c) {
  const std::size_t last = std::min(sorted_.size(), next_ + rows_a_unit);
  for (; next_ < last; ++next_) {
    const std::size_t row = sorted_[next_];
    if (ids_[number_[row]] == forgotten) {
      ++erased_;
      ++duplicates_;
      continue;
    }
    if (known_[row]) continue;
    writer_->add(rows_.at(row), ids_[number_[row]], static_cast<std::int64_t>(row));
    ++accepted_;
  }
  const double part = done(sorted_.size());
  // A customer whose only rows were refused is none.
  if (part >= 1.0 && conflicts_) store::remove_customers_without_rows(c.sql(), newest_before_);
  return part;
}

void transaction_batch::finish() {
  writer_->finish(static_cast<std::int64_t>(rows_.size()));
  abandon();
}

}  // namespace clv::detail

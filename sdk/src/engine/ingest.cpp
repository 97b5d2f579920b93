// transactions -> the log. All rows are taken, or none.
#include <algorithm>
#include <numeric>
#include <vector>

#include "data/customer_index.hpp"
#include "engine/core.hpp"
#include "engine/incoming.hpp"
#include "engine/notes.hpp"
#include "engine/ranking.hpp"

namespace clv {
namespace detail {
namespace {

constexpr std::size_t checked_a_unit = 1U << 14U;
constexpr std::int64_t forgotten = 0;  // in place of a customer's number

// Customers and events are stored in the order of their ids, and rows customer by customer: in the
// order of its file a large batch would touch every page of the store again and again.
class ingest_work {
 public:
  ingest_work(std::shared_ptr<core> owner,
              std::shared_ptr<const table> transactions,
              ingest_options o,
              std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        rows_(std::move(transactions), o),
        options_(std::move(o)),
        result_(std::move(result)),
        customers_(rows_.customers()) {
    number_.reserve(rows_.size());
  }

  double check();
  double rank() { return ranking_->sort_some(); }
  double store_customers();
  double store_events();
  double order();
  double store_rows();
  double commit();
  void abandon() {
    erased_.reset();
    writer_.reset();
    all_or_nothing_.reset();
  }

 private:
  void store_event(std::size_t row);
  double done() const {
    return static_cast<double>(next_) / static_cast<double>(std::max<std::size_t>(1, rows_.size()));
  }
  // True when the phase is over; the next one begins at 0.
  bool over(std::size_t end) {
    if (next_ < end) return false;
    next_ = 0;
    return true;
  }

  lease engine_;  // released last
  incoming_rows rows_;
  ingest_options options_;
  std::shared_ptr<outcome> result_;
  data::customer_index customers_;
  std::optional<ranking> ranking_;     // of the customers, then of the rows with an event id
  std::vector<std::uint32_t> number_;  // of the customer, per row
  std::vector<std::size_t> bucket_;    // rows per customer, then where the next one goes
  std::vector<std::uint32_t> sorted_;  // rows, customer by customer
  std::vector<bool> known_;            // rows whose event is stored already
  std::vector<std::int64_t> ids_;      // of the customers in the store
  std::vector<std::uint32_t> ranked_;  // the customers by id
  std::size_t next_ = 0;
  std::vector<std::uint32_t> events_;  // rows with an event id
  std::int64_t accepted_ = 0, duplicates_ = 0, forgotten_rows_ = 0;
  std::optional<store::transaction> all_or_nothing_;
  std::optional<store::log_writer> writer_;  // destroyed before the transaction
  std::optional<store::erased_customers> erased_;
};

double ingest_work::check() {
  const std::size_t last = std::min(rows_.size(), next_ + checked_a_unit);
  for (; next_ < last; ++next_) {
    rows_.check(next_);
    number_.push_back(customers_.number_of(next_));
    bucket_.resize(customers_.size());
    ++bucket_[number_.back()];
    if (rows_.has_event(next_)) events_.push_back(static_cast<std::uint32_t>(next_));
  }
  if (!over(rows_.size())) return done();
  std::vector<std::uint32_t> all(customers_.size());
  std::iota(all.begin(), all.end(), 0U);
  ranking_.emplace(std::move(all), [this](std::uint32_t i) { return customers_.id(i); });
  ids_.resize(customers_.size());
  known_.resize(rows_.size());
  return 1.0;
}

double ingest_work::store_customers() {
  if (!all_or_nothing_) {
    all_or_nothing_.emplace(engine_->sql());
    writer_.emplace(engine_->sql(), options_.source);
    erased_.emplace(engine_->sql());
  }
  const std::size_t last = std::min(customers_.size(), next_ + rows_a_unit);
  for (; next_ < last; ++next_) {
    const std::uint32_t customer = ranking_->next();
    ids_[customer] = erased_->contains(customers_.id(customer))
                         ? forgotten
                         : writer_->customer_id(customers_.id(customer));
    ranked_.push_back(customer);
  }
  if (!over(customers_.size())) return done();
  std::size_t start = 0;
  for (const std::uint32_t customer : ranked_) {
    start += std::exchange(bucket_[customer], start);
  }
  sorted_.resize(rows_.size());
  ranking_.emplace(std::move(events_), [this](std::uint32_t row) { return rows_.event_id(row); });
  return 1.0;
}

double ingest_work::store_events() {
  const std::size_t last = std::min(ranking_->size(), next_ + rows_a_unit);
  for (; next_ < last; ++next_) store_event(ranking_->next());
  if (!over(ranking_->size())) return done();
  ranking_.reset();
  return 1.0;
}

void ingest_work::store_event(std::size_t row) {
  if (ids_[number_[row]] == forgotten) return;
  using outcome = store::log_writer::event::outcome;
  const store::log_row r = rows_.at(row);
  const auto found = writer_->add_event(r, ids_[number_[row]], static_cast<std::int64_t>(row));
  if (found.what == outcome::added) return;
  if (found.what == outcome::same) {
    known_[row] = true;
    ++duplicates_;
    return;
  }
  const bool in_batch = found.place >= 0;
  throw error(
      {.code = status::data,
       .row = static_cast<std::int64_t>(row),
       .column = "event_id",
       .message = "row " + std::to_string(row + 1) + ", column 'event_id': '" +
                  std::string(r.event_id) + "' of source '" + options_.source + "' is " +
                  (in_batch ? "in row " + std::to_string(found.place + 1) : std::string("stored")) +
                  " with other content: there (" +
                  (in_batch ? store::describe(rows_.at(static_cast<std::size_t>(found.place)))
                            : writer_->stored_event(r.event_id)) +
                  "), here (" + store::describe(r) + "); nothing was stored",
       .hint = "give a correction an event id of its own, such as a refund"});
}

// A counting sort by customer; the rows of one keep their order.
double ingest_work::order() {
  const std::size_t last = std::min(rows_.size(), next_ + 4 * checked_a_unit);
  for (; next_ < last; ++next_) {
    sorted_[bucket_[number_[next_]]++] = static_cast<std::uint32_t>(next_);
  }
  return over(rows_.size()) ? 1.0 : done();
}

double ingest_work::store_rows() {
  const std::size_t last = std::min(rows_.size(), next_ + rows_a_unit);
  for (; next_ < last; ++next_) {
    const std::size_t row = sorted_[next_];
    if (ids_[number_[row]] == forgotten) {
      ++forgotten_rows_;
      continue;
    }
    if (known_[row]) continue;
    writer_->add(rows_.at(row), ids_[number_[row]], static_cast<std::int64_t>(row));
    ++accepted_;
  }
  return over(rows_.size()) ? 1.0 : done();
}

// A batch of nothing but duplicates changes nothing: what was computed from the log stays fresh.
double ingest_work::commit() {
  if (accepted_ > 0) {
    writer_->finish(static_cast<std::int64_t>(rows_.size()));
    store::add_run(engine_->sql(), "ingest", rows_.fingerprint());
    writer_.reset();
    all_or_nothing_->commit();
  }
  abandon();
  note_erased(forgotten_rows_, result_->notes);
  auto counts = std::make_shared<table>();
  counts->add("accepted", type::i64).push(accepted_);
  counts->add("duplicates", type::i64).push(duplicates_ + forgotten_rows_);
  counts->seal("ingest|" + options_.source + "|" + rows_.fingerprint());
  result_->tables[""] = std::move(counts);
  return 1.0;
}

}  // namespace
}  // namespace detail

job engine::ingest(std::shared_ptr<const table> transactions, ingest_options o) {
  using detail::ingest_work;
  detail::require_ready(*impl_->core, "ingest");
  auto result = std::make_shared<outcome>();
  const auto work =
      std::make_shared<ingest_work>(impl_->core, std::move(transactions), std::move(o), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("check", work, &ingest_work::check));
  phases.push_back(detail::phase_of("rank customers", work, &ingest_work::rank));
  phases.push_back(detail::phase_of("customers", work, &ingest_work::store_customers));
  phases.push_back(detail::phase_of("rank events", work, &ingest_work::rank));
  phases.push_back(detail::phase_of("events", work, &ingest_work::store_events));
  phases.push_back(detail::phase_of("order", work, &ingest_work::order));
  phases.push_back(detail::phase_of("store", work, &ingest_work::store_rows));
  phases.push_back(detail::phase_of("commit", work, &ingest_work::commit));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

// transactions from a source -> the log, batch after batch in one transaction. What is held does
// not grow with the number of batches.
#include "engine/core.hpp"
#include "engine/memory_need.hpp"
#include "engine/notes.hpp"
#include "engine/transaction_batch.hpp"
#include "math/hash.hpp"

namespace clv {
namespace detail {
namespace {

// Complaints of one batch's rows say its own numbers; people know the row of the whole.
[[noreturn]] void throw_counted(issue why, std::int64_t rows_before) {
  if (why.row < 0 || rows_before == 0) throw error(std::move(why));
  const std::string own = "row " + std::to_string(why.row + 1);
  why.row += rows_before;
  if (why.message.starts_with(own + ",")) {
    why.message.replace(0, own.size(), "row " + std::to_string(why.row + 1));
  }
  throw error(std::move(why));
}

class source_work {
 public:
  source_work(std::shared_ptr<core> owner,
              std::shared_ptr<row_source> from,
              ingest_options o,
              std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        from_(std::move(from)),
        options_(std::move(o)),
        result_(std::move(result)) {}

  double take();
  double commit();
  void tell(const std::string& fingerprint);
  void abandon() {
    if (batch_) batch_->abandon();
    all_or_nothing_.reset();
  }

 private:
  bool ask();
  void check() { checked_ = batch_->check() >= 1.0; }
  void store();
  void settle();

  lease engine_;  // released last
  std::shared_ptr<row_source> from_;
  ingest_options options_;
  std::shared_ptr<outcome> result_;
  std::optional<store::transaction> all_or_nothing_;
  std::optional<transaction_batch> batch_;  // its writer is destroyed before the transaction
  bool checked_ = false;
  std::int64_t batches_ = 0, rows_ = 0, rows_of_batch_ = 0;
  std::int64_t accepted_ = 0, duplicates_ = 0, erased_ = 0;
  math::fingerprint_builder of_all_;
};

// How many rows are still to come nobody knows: half of what is left is said to be done.
double source_work::take() {
  if (!batch_) {
    if (!ask()) return 1.0;
  } else if (!checked_) {
    check();
  } else {
    store();
  }
  return 1.0 - 1.0 / static_cast<double>(1 + batches_);
}

bool source_work::ask() {
  try {
    std::shared_ptr<const table> rows = from_->next(
        [this](std::int64_t wanted) { require_memory_for_rows(*engine_, "ingest", wanted); });
    if (!rows) return false;
    if (rows->rows() == 0) return true;
    rows_of_batch_ = static_cast<std::int64_t>(rows->rows());
    require_memory_for_rows(*engine_, "ingest", rows_of_batch_);
    batch_.emplace(std::move(rows), options_, false, rows_);
    checked_ = false;
  } catch (const error& e) {
    throw_counted(e.details(), rows_);
  }
  return true;
}

void source_work::store() {
  if (!all_or_nothing_) all_or_nothing_.emplace(engine_->sql());
  if (batch_->store(*engine_) >= 1.0) settle();
}

void source_work::settle() {
  batch_->finish();
  accepted_ += batch_->accepted();
  duplicates_ += batch_->duplicates();
  erased_ += batch_->erased();
  of_all_.add(batch_->fingerprint());
  rows_ += rows_of_batch_;
  ++batches_;
  batch_.reset();
}

double source_work::commit() {
  const std::string fingerprint = of_all_.hex();
  if (accepted_ > 0) {
    store::add_run(engine_->sql(), "ingest", fingerprint);
  }
  tell(fingerprint);  // before the commit: nothing may fail afterwards
  if (accepted_ > 0) all_or_nothing_->commit();
  abandon();
  return 1.0;
}

void source_work::tell(const std::string& fingerprint) {
  note_erased(erased_, result_->notes);
  auto counts = std::make_shared<table>();
  counts->add("accepted", type::i64).push(accepted_);
  counts->add("duplicates", type::i64).push(duplicates_);
  counts->seal("ingest|" + options_.source + "|" + fingerprint);
  result_->tables[""] = std::move(counts);
}

}  // namespace
}  // namespace detail

job engine::ingest(std::shared_ptr<row_source> transactions, ingest_options o) {
  using detail::source_work;
  detail::require_ready(*impl_->core, "ingest");
  auto result = std::make_shared<outcome>();
  const auto work =
      std::make_shared<source_work>(impl_->core, std::move(transactions), std::move(o), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("store", work, &source_work::take));
  phases.push_back(detail::phase_of("commit", work, &source_work::commit));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

// facts -> their tables. All rows are taken, or none.
#include <algorithm>

#include "engine/core.hpp"
#include "engine/incoming_facts.hpp"
#include "engine/notes.hpp"
#include "store/fact_writer.hpp"

namespace clv {
namespace detail {
namespace {

class record_work {
 public:
  record_work(std::shared_ptr<core> owner,
              std::string_view name,
              const table& rows,
              ingest_options o,
              std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        rows_(name, rows, o),
        options_(std::move(o)),
        result_(std::move(result)) {}

  double check();
  double store();
  double commit();
  void abandon() {
    writer_.reset();
    all_or_nothing_.reset();
  }

 private:
  double after(std::size_t row);

  lease engine_;  // released last
  incoming_facts rows_;
  ingest_options options_;
  std::shared_ptr<outcome> result_;
  std::size_t next_ = 0;
  std::int64_t accepted_ = 0, duplicates_ = 0, erased_ = 0;
  std::optional<store::transaction> all_or_nothing_;
  std::optional<store::fact_writer> writer_;  // destroyed before the transaction
};

double record_work::after(std::size_t row) {
  next_ = row;
  const std::size_t all = rows_.rows().rows();
  if (next_ < all) return static_cast<double>(next_) / static_cast<double>(all);
  next_ = 0;
  return 1.0;
}

double record_work::check() {
  const std::size_t last = std::min(rows_.rows().rows(), next_ + rows_a_unit);
  for (std::size_t row = next_; row < last; ++row) rows_.check(row);
  return after(last);
}

double record_work::store() {
  if (!all_or_nothing_) {
    all_or_nothing_.emplace(engine_->sql());
    writer_.emplace(engine_->sql(),
                    store::fact_batch{.what = &rows_.what(),
                                      .rows = &rows_.rows(),
                                      .source = options_.source,
                                      .currency = rows_.currency()});
  }
  using outcome = store::fact_writer::outcome;
  const std::size_t last = std::min(rows_.rows().rows(), next_ + rows_a_unit);
  for (std::size_t row = next_; row < last; ++row) {
    const outcome what = writer_->add(row);
    ++(what == outcome::added ? accepted_ : duplicates_);
    erased_ += what == outcome::erased ? 1 : 0;
  }
  return after(last);
}

// A batch of nothing but duplicates changes nothing.
double record_work::commit() {
  if (accepted_ > 0) {
    writer_->finish();
    store::add_run(engine_->sql(), "record", rows_.rows().fingerprint());
    writer_.reset();
    all_or_nothing_->commit();
  }
  abandon();
  note_erased(erased_, result_->notes);
  auto counts = std::make_shared<table>();
  counts->add("accepted", type::i64).push(accepted_);
  counts->add("duplicates", type::i64).push(duplicates_);
  counts->seal("record|" + options_.source + "|" + rows_.rows().fingerprint());
  result_->tables[""] = std::move(counts);
  return 1.0;
}

}  // namespace
}  // namespace detail

job engine::record(std::string_view name, std::shared_ptr<const table> rows, ingest_options o) {
  using detail::record_work;
  detail::require_ready(*impl_->core, "record");
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<record_work>(impl_->core, name, *rows, std::move(o), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("check", work, &record_work::check));
  phases.push_back(detail::phase_of("store", work, &record_work::store));
  phases.push_back(detail::phase_of("commit", work, &record_work::commit));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

// facts -> their tables. All rows are taken, or none.
#include "engine/core.hpp"
#include "engine/fact_batch.hpp"
#include "engine/notes.hpp"

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
      : engine_(std::move(owner)), batch_(name, rows, std::move(o)), result_(std::move(result)) {}

  double check() { return batch_.check(); }
  double store();
  double commit();
  void abandon() {
    batch_.abandon();
    all_or_nothing_.reset();
  }

 private:
  lease engine_;  // released last
  std::optional<store::transaction> all_or_nothing_;
  fact_batch batch_;  // its writer is destroyed before the transaction
  std::shared_ptr<outcome> result_;
};

double record_work::store() {
  if (!all_or_nothing_) all_or_nothing_.emplace(engine_->sql());
  return batch_.store(*engine_);
}

// A batch of nothing but duplicates changes nothing.
double record_work::commit() {
  if (batch_.accepted() > 0) {
    batch_.finish();
    store::add_run(engine_->sql(), "record", batch_.rows().fingerprint());
    all_or_nothing_->commit();
  }
  abandon();
  note_erased(batch_.erased(), result_->notes);
  auto counts = std::make_shared<table>();
  counts->add("accepted", type::i64).push(batch_.accepted());
  counts->add("duplicates", type::i64).push(batch_.duplicates());
  counts->seal("record|" + batch_.source() + "|" + batch_.rows().fingerprint());
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

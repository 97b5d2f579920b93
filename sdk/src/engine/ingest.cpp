// transactions -> the log, facts -> their tables. All rows are taken, or none.
#include "engine/core.hpp"
#include "engine/fact_batch.hpp"
#include "engine/memory_need.hpp"
#include "engine/notes.hpp"
#include "engine/transaction_batch.hpp"

namespace clv {
namespace detail {
namespace {

class take_work {
 public:
  take_work(std::shared_ptr<core> owner,
            std::string_view verb,
            std::unique_ptr<incoming_batch> batch,
            std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        verb_(verb),
        batch_(std::move(batch)),
        result_(std::move(result)) {}

  double check() { return batch_->check(); }
  double store();
  double commit();
  void tell();
  void abandon() {
    batch_->abandon();
    all_or_nothing_.reset();
  }

 private:
  lease engine_;  // released last
  std::string_view verb_;
  std::optional<store::transaction> all_or_nothing_;
  std::unique_ptr<incoming_batch> batch_;  // its writer is destroyed before the transaction
  std::shared_ptr<outcome> result_;
};

double take_work::store() {
  if (!all_or_nothing_) all_or_nothing_.emplace(engine_->sql());
  return batch_->store(*engine_);
}

// A batch of nothing but duplicates changes nothing: what was computed from earlier rows stays
// fresh.
double take_work::commit() {
  if (batch_->accepted() > 0) {
    batch_->finish();
    store::add_run(engine_->sql(), verb_, batch_->fingerprint());
  }
  tell();  // before the commit: what needs memory may fail, and nothing may fail afterwards
  if (batch_->accepted() > 0) all_or_nothing_->commit();
  abandon();
  return 1.0;
}

void take_work::tell() {
  note_erased(batch_->erased(), result_->notes);
  auto counts = std::make_shared<table>();
  counts->add("accepted", type::i64).push(batch_->accepted());
  counts->add("duplicates", type::i64).push(batch_->duplicates());
  counts->seal(std::string(verb_) + "|" + batch_->source() + "|" + batch_->fingerprint());
  result_->tables[""] = std::move(counts);
}

job take(const std::shared_ptr<core>& owner,
         std::string_view verb,
         std::unique_ptr<incoming_batch> batch) {
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<take_work>(owner, verb, std::move(batch), result);
  std::vector<phase> phases;
  phases.push_back(phase_of("check", work, &take_work::check));
  phases.push_back(phase_of("store", work, &take_work::store));
  phases.push_back(phase_of("commit", work, &take_work::commit));
  return {std::move(phases), std::move(result)};
}

}  // namespace
}  // namespace detail

job engine::ingest(std::shared_ptr<const table> transactions, ingest_options o) {
  using namespace detail;
  require_ready(*impl_->core, "ingest");
  require_memory_for_rows(*impl_->core, "ingest", static_cast<std::int64_t>(transactions->rows()));
  return take(impl_->core,
              "ingest",
              std::make_unique<transaction_batch>(std::move(transactions), std::move(o)));
}

job engine::record(std::string_view name, std::shared_ptr<const table> rows, ingest_options o) {
  using namespace detail;
  require_ready(*impl_->core, "record");
  require_memory_for_rows(*impl_->core, "record", static_cast<std::int64_t>(rows->rows()));
  return take(impl_->core, "record", std::make_unique<fact_batch>(name, *rows, std::move(o)));
}

}  // namespace clv

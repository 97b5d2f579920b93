// recorded events -> without those that happened before a moment.
#include "store/prune.hpp"

#include "data/report_tables.hpp"
#include "engine/answered.hpp"
#include "engine/core.hpp"

namespace clv {
namespace detail {
namespace {

class prune_work {
 public:
  prune_work(std::shared_ptr<core> owner,
             std::string name,
             std::int64_t before_us,
             std::optional<request_answer> answer,
             std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        name_(std::move(name)),
        pruner_(engine_->sql(), name_, before_us),
        answer_(std::move(answer)),
        result_(std::move(result)) {}

  double find() { return pruner_.find(); }
  double erase();
  double commit();
  void abandon() {
    if (!all_or_nothing_) return;
    all_or_nothing_.reset();
    store::wipe_deleted(engine_->sql(), false);
  }
  ~prune_work() {
    try {
      abandon();
    } catch (...) {  // the setting alone; the transaction is rolled back
    }
  }

 private:
  lease engine_;  // released last
  std::string name_;
  store::pruner pruner_;
  std::optional<request_answer> answer_;
  std::shared_ptr<outcome> result_;
  std::optional<store::transaction> all_or_nothing_;
};

double prune_work::erase() {
  if (!all_or_nothing_) {
    store::wipe_deleted(engine_->sql(), true);
    all_or_nothing_.emplace(engine_->sql());
  }
  return pruner_.erase();
}

// What was computed from the events stays as it is until its verb runs again.
double prune_work::commit() {
  if (pruner_.rows() > 0) store::add_run(engine_->sql(), "prune", "");
  report_writer out({{"table", type::utf8}, {"rows", type::i64}});
  out.row(name_, pruner_.rows());
  result_->tables[""] = out.sealed("prune");
  keep(*engine_, answer_, pruner_.rows());
  all_or_nothing_->commit();
  try {
    abandon();
    if (pruner_.rows() > 0) store::empty_log(engine_->sql());
  } catch (...) {  // the setting and the log's size alone: the rows are deleted
  }
  return 1.0;
}

}  // namespace
}  // namespace detail

job engine::prune(std::string name, std::int64_t before_us, std::optional<request_answer> answer) {
  using detail::prune_work;
  detail::require_ready(*impl_->core, "prune");
  detail::require_unanswered(*impl_->core, answer);
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<prune_work>(
      impl_->core, std::move(name), before_us, std::move(answer), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("find", work, &prune_work::find));
  phases.push_back(detail::phase_of("erase", work, &prune_work::erase));
  phases.push_back(detail::phase_of("commit", work, &prune_work::commit));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

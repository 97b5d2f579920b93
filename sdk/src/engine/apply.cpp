// stored tables -> a report on them, and what it says is to be recorded -> facts.
#include <algorithm>

#include "engine/core.hpp"
#include "engine/fact_batch.hpp"
#include "engine/notes.hpp"
#include "engine/stored_report.hpp"

namespace clv {
namespace detail {
namespace {

// The engine is the file's only writer and this job its only one, so that between what the report
// has read and what is recorded nothing changes: of two claims of one ticket the second sees the
// first.
class apply_work {
 public:
  apply_work(std::shared_ptr<core> owner,
             const clv::report& what,
             report_inputs given,
             std::string options_json,
             ingest_options o,
             std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        what_(&what),
        report_(*engine_, what, std::move(given), std::move(options_json)),
        options_(std::move(o)),
        result_(std::move(result)) {}

  double load() { return report_.load(*engine_); }
  double report() { return report_.run(*result_); }
  double check();
  double store();
  double commit();
  void abandon() {
    for (fact_batch& b : batches_) b.abandon();
    all_or_nothing_.reset();
  }

 private:
  void make_batches();
  double part(std::size_t done, double inside) const {
    return (static_cast<double>(done) + inside) / static_cast<double>(batches_.size());
  }

  lease engine_;  // released last
  const clv::report* what_;
  stored_report report_;
  ingest_options options_;
  std::shared_ptr<outcome> result_;
  bool made_ = false;
  std::optional<store::transaction> all_or_nothing_;
  std::vector<std::string> facts_;  // of each batch
  std::vector<fact_batch> batches_;
  std::size_t next_ = 0;
};

void apply_work::make_batches() {
  made_ = true;
  for (const report_output& o : what_->outputs) {
    if (o.records.empty()) continue;
    const auto found = result_->tables.find(o.name);
    if (found == result_->tables.end() || found->second->rows() == 0) continue;
    facts_.emplace_back(o.records);
    batches_.emplace_back(o.records, *found->second, options_);
  }
}

double apply_work::check() {
  if (!made_) make_batches();
  if (next_ == batches_.size()) return 1.0;
  const double inside = batches_[next_].check();
  if (inside < 1.0) return part(next_, inside);
  return part(++next_, 0);
}

double apply_work::store() {
  if (!all_or_nothing_) {
    all_or_nothing_.emplace(engine_->sql());
    next_ = 0;
  }
  if (next_ == batches_.size()) return 1.0;
  const double inside = batches_[next_].store(*engine_);
  if (inside < 1.0) return part(next_, inside);
  batches_[next_].finish();  // another batch of the same facts goes on from here
  return part(++next_, 0);
}

double apply_work::commit() {
  std::int64_t accepted = 0, erased = 0;
  auto counts = std::make_shared<table>();
  column& facts = counts->add("facts", type::utf8);
  column& taken = counts->add("accepted", type::i64);
  column& known = counts->add("duplicates", type::i64);
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    accepted += batches_[i].accepted();
    erased += batches_[i].erased();
    facts.push(std::string_view(facts_[i]));
    taken.push(batches_[i].accepted());
    known.push(batches_[i].duplicates());
  }
  if (accepted > 0) {
    store::add_run(engine_->sql(), "record", result_->tables.at("")->fingerprint());
    all_or_nothing_->commit();
  }
  abandon();
  note_erased(erased, result_->notes);
  counts->seal("apply|" + std::string(what_->name) + "|" + options_.source);
  result_->tables["recorded"] = std::move(counts);
  return 1.0;
}

void require_recording(const clv::report& what) {
  if (std::ranges::any_of(what.outputs, [](const auto& o) { return !o.records.empty(); })) return;
  std::string known;
  for (const clv::report* r : reports()) {
    if (std::ranges::all_of(r->outputs, [](const auto& o) { return o.records.empty(); })) continue;
    known += (known.empty() ? "" : ", ") + std::string(r->name);
  }
  throw error(status::invalid,
              "report '" + std::string(what.name) + "' records nothing, there is nothing to apply",
              "ask for the report itself; these record: " + known);
}

}  // namespace
}  // namespace detail

job engine::apply(std::string_view name,
                  report_inputs more,
                  std::string options_json,
                  ingest_options o) {
  using detail::apply_work;
  const clv::report& what = find_report(name);
  detail::require_recording(what);
  detail::require_ready(*impl_->core, "apply");
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<apply_work>(
      impl_->core, what, std::move(more), std::move(options_json), std::move(o), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("load", work, &apply_work::load));
  phases.push_back(detail::phase_of("report", work, &apply_work::report));
  phases.push_back(detail::phase_of("check", work, &apply_work::check));
  phases.push_back(detail::phase_of("store", work, &apply_work::store));
  phases.push_back(detail::phase_of("commit", work, &apply_work::commit));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

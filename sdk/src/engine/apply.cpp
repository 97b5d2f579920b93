// stored tables -> a report on them, and what it says is to be recorded -> facts.
#include <algorithm>
#include <map>

#include "engine/recorder.hpp"
#include "engine/stored_report.hpp"
#include "engine/unstored.hpp"
#include "store/fact_tables.hpp"

namespace clv {
namespace detail {
namespace {

using tables_by_name = std::map<std::string, std::shared_ptr<const table>, std::less<>>;

// Facts as a report read them, by the names of their tables.
using facts_seen = std::map<std::string, store::fact_state>;

facts_seen facts_read(core& c, const clv::report& what, const report_inputs& given) {
  facts_seen seen;
  for (const report_input& i : what.inputs) {
    const bool same = i.schema.empty() || i.schema == i.name;
    if (!same || given.has(i.name) || store::find_fact_table(i.name) == nullptr) continue;
    seen.emplace(i.name, store::read_fact_state(c.sql(), i.name));
  }
  return seen;
}

// Of two claims of one ticket the second must see the first.
void require_same_facts(core& c, const clv::report& what, const facts_seen& seen) {
  for (const auto& [name, state] : seen) {
    const store::fact_state now = store::read_fact_state(c.sql(), name);
    if (now.rows == state.rows && now.last_seq == state.last_seq &&
        now.checksum == state.checksum) {
      continue;
    }
    throw error(status::conflict,
                c.sql().label() + ": since this " + std::string(what.name) + " began, " + name +
                    " that it read has changed",
                "apply it again");
  }
}

// What a report on a reading engine says, on its way into the file of another engine.
struct reported {
  const clv::report* what;
  ingest_options options;
  tables_by_name tables;
  std::shared_ptr<const fitted_model> model;
  facts_seen facts;
  past seen;
};

class adopt_records_work {
 public:
  adopt_records_work(std::shared_ptr<core> owner,
                     const reported& r,
                     std::optional<request_answer> answer,
                     std::shared_ptr<outcome> told)
      : engine_(std::move(owner)), recorder_(*engine_, *r.what, r.options, std::move(told)) {
    recorder_.keep(std::move(answer));
  }
  double check() { return recorder_.check(); }
  double store() { return recorder_.store(); }
  double commit() { return recorder_.commit(); }
  void abandon() { recorder_.abandon(); }

 private:
  lease engine_;  // released last
  recorder recorder_;
};

class unstored_records final : public unstored {
 public:
  explicit unstored_records(reported what) : reported_(std::move(what)) {}

  job store_in(std::shared_ptr<core> writer, std::optional<request_answer> answer) const override {
    require_adoptable(*writer, reported_.seen, "apply");
    require_same_facts(*writer, *reported_.what, reported_.facts);
    auto result = std::make_shared<outcome>();
    result->tables = reported_.tables;
    result->model = reported_.model;
    using work_type = adopt_records_work;
    const auto work =
        std::make_shared<work_type>(std::move(writer), reported_, std::move(answer), result);
    std::vector<phase> phases;
    phases.push_back(phase_of("check", work, &work_type::check));
    phases.push_back(phase_of("store", work, &work_type::store));
    phases.push_back(phase_of("commit", work, &work_type::commit));
    return {std::move(phases), std::move(result)};
  }

 private:
  reported reported_;
};

// On an engine that writes, this job is the only one, so that between what the report has read and
// what is recorded nothing changes; on one that only reads, adopting sees to it.
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
        seen_(*engine_),
        past_(past_of(*engine_)),
        facts_(facts_read(*engine_, what, given)),
        report_(*engine_, what, std::move(given), std::move(options_json)),
        options_(o),
        result_(result),
        recorder_(*engine_, what, std::move(o), std::move(result)) {}

  double load() {
    const double done = report_.load(*engine_);
    if (done >= 1.0) seen_.end();
    return done;
  }
  double report() { return report_.run(*result_); }
  double check() { return recorder_.check(); }
  double store() { return recorder_.store(); }
  double commit() { return recorder_.commit(); }
  double keep();
  void abandon() {
    recorder_.abandon();
    seen_.end();
  }

 private:
  lease engine_;  // released last
  const clv::report* what_;
  snapshot seen_;
  past past_;
  facts_seen facts_;
  stored_report report_;
  ingest_options options_;
  std::shared_ptr<outcome> result_;
  recorder recorder_;
};

double apply_work::keep() {
  result_->unstored = std::make_shared<unstored_records>(reported{.what = what_,
                                                                  .options = options_,
                                                                  .tables = result_->tables,
                                                                  .model = result_->model,
                                                                  .facts = facts_,
                                                                  .seen = past_});
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
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<apply_work>(
      impl_->core, what, std::move(more), std::move(options_json), std::move(o), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("load", work, &apply_work::load));
  phases.push_back(detail::phase_of("report", work, &apply_work::report));
  phases.push_back(detail::phase_of("check", work, &apply_work::check));
  if (impl_->core->store.read_only()) {
    phases.push_back(detail::phase_of("keep", work, &apply_work::keep));
  } else {
    phases.push_back(detail::phase_of("store", work, &apply_work::store));
    phases.push_back(detail::phase_of("commit", work, &apply_work::commit));
  }
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

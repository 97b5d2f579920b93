// stored scores, segments, facts and the plugins' proposals -> decisions and their log.
#include "engine/decide_run.hpp"
#include "engine/decision_inputs.hpp"
#include "engine/decision_log.hpp"
#include "engine/given_proposals.hpp"
#include "engine/memory_need.hpp"
#include "engine/result_writer.hpp"
#include "engine/segment_sources.hpp"

namespace clv {
namespace detail {
namespace {

// What a decision leaves beside its tables. Holds statements from the first call to the last.
class decision_record {
 public:
  decision_record(std::shared_ptr<const table> decisions, const decide_options& o, std::string from)
      : decisions_(std::move(decisions)),
        options_(to_json(o)),
        inputs_(std::move(from)),
        previous_(o.previous_hash),
        now_us_(o.now_us) {}

  double store(core& c, std::int64_t run) {
    if (!log_) {
      add_decide_run(c.sql(), {.run = run, .options = options_, .inputs = inputs_});
      log_.emplace(c.sql(), *decisions_, run, now_us_);
    }
    const double done = log_->append(rows_a_unit);
    if (done >= 1.0) log_.reset();
    return done;
  }
  // The chain of receipts goes on from the last one that the decision knew.
  void require_last_link(core& c) const {
    if (last_link(c.sql()) == previous_) return;
    throw error(status::conflict,
                c.sql().label() + ": since this decide began, another decision was stored",
                "run decide again");
  }

 private:
  std::shared_ptr<const table> decisions_;
  std::string options_, inputs_, previous_;
  std::int64_t now_us_;
  std::optional<decision_appender> log_;
};

class decide_work {
 public:
  decide_work(std::shared_ptr<core> owner,
              std::vector<proposer*> proposers,
              std::vector<feature_maker*> makers,
              std::optional<decide_options> o,
              std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        proposers_(std::move(proposers)),
        makers_(std::move(makers)),
        result_(std::move(result)),
        options_(std::move(o)),
        seen_(*engine_),
        inputs_(*engine_, options_ ? options_->facts : decision_facts()),
        writer_(*engine_, options_ ? "decide" : "propose", result_) {
    require_decidable(*engine_, result_->notes);
    require_memory(*engine_, options_ ? "decide" : "propose", rows_to_decide());
    if (!options_) return;
    find_model();
    options_->previous_hash = last_link(engine_->sql());
    if (!options_->proposals) return;
    given_.emplace(options_->proposals);
    proposers_.push_back(&*given_);
  }

  double load_scores() { return inputs_.load_scores(); }
  double load_segments() { return inputs_.load_segments(); }
  double load_facts() {
    const double done = inputs_.load_facts();
    if (done >= 1.0) seen_.end();
    return done;
  }
  double propose();
  double decide();
  double store() { return writer_.advance(); }
  void abandon() {
    writer_.abandon();
    seen_.end();
  }

 private:
  row_counts rows_to_decide();
  void find_model();
  void store_results();

  lease engine_;  // released last
  std::vector<proposer*> proposers_;
  std::vector<feature_maker*> makers_;
  std::shared_ptr<outcome> result_;
  std::optional<decide_options> options_;  // nullopt: propose only
  snapshot seen_;
  decision_inputs inputs_;
  std::shared_ptr<const table> proposals_;
  std::optional<given_proposals> given_;  // asked after the others
  inner_job inner_;
  result_writer writer_;
};

// A plugin proposes to a customer once, as a rule.
row_counts decide_work::rows_to_decide() {
  row_counts n{.customers = rows_of_table(*engine_, "scores"), .rows = inputs_.rows_of_facts()};
  n.proposals = n.customers * static_cast<std::int64_t>(proposers_.size());
  if (options_ && options_->proposals) {
    n.proposals += static_cast<std::int64_t>(options_->proposals->rows());
  }
  return n;
}

void decide_work::find_model() {
  if (options_->model) return;
  const std::string& name = options_->model_name;
  const numbered_model with =
      name.empty() ? model_of_table(*engine_, "scores") : named_model(*engine_, name);
  options_->model = with.model;
  writer_.made_with(with.number);
}

double decide_work::propose() {
  if (given_) given_->check_currency(*inputs_.customers());
  const double done =
      inner_.step([this] { return clv::propose(inputs_.customers(), proposers_, makers_); });
  if (done < 1.0) return done;
  proposals_ = with_segment_sources(inner_.main_table(), inputs_.segment_sources());
  inner_.finish(*result_);
  writer_.add("proposals", proposals_);
  if (!options_) result_->tables[""] = proposals_;
  return 1.0;
}

double decide_work::decide() {
  options_->facts = inputs_.facts();
  const double done =
      inner_.step([this] { return clv::decide(inputs_.customers(), proposals_, *options_); });
  if (done < 1.0) return done;
  result_->tables = inner_.result().tables;
  inner_.finish(*result_);
  store_results();
  result_->tables["proposals"] = proposals_;
  return 1.0;
}

void decide_work::store_results() {
  for (const auto& [name, rows] : result_->tables) {
    writer_.add(name.empty() ? "decisions" : name, rows);
  }
  const auto record = std::make_shared<decision_record>(
      result_->tables.at(""), *options_, fingerprints_of(inputs_, *proposals_, *options_->model));
  writer_.add([record](core& c, std::int64_t run) { return record->store(c, run); });
  writer_.require([record](core& c) { record->require_last_link(c); });
}

std::vector<phase> phases_of(const std::shared_ptr<decide_work>& work, bool decides, bool stores) {
  std::vector<phase> phases;
  phases.push_back(phase_of("load", work, &decide_work::load_scores));
  phases.push_back(phase_of("join", work, &decide_work::load_segments));
  phases.push_back(phase_of("facts", work, &decide_work::load_facts));
  phases.push_back(phase_of("propose", work, &decide_work::propose));
  if (decides) phases.push_back(phase_of("decide", work, &decide_work::decide));
  if (stores) phases.push_back(phase_of("store", work, &decide_work::store));
  return phases;
}

}  // namespace
}  // namespace detail

job engine::propose(std::vector<proposer*> proposers, std::vector<feature_maker*> makers) {
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<detail::decide_work>(
      impl_->core, std::move(proposers), std::move(makers), std::nullopt, result);
  return {detail::phases_of(work, false, true), std::move(result)};
}

job engine::decide(std::vector<proposer*> proposers,
                   decide_options o,
                   bool what_if,
                   std::vector<feature_maker*> makers) {
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<detail::decide_work>(
      impl_->core, std::move(proposers), std::move(makers), std::move(o), result);
  return {detail::phases_of(work, true, !what_if), std::move(result)};
}

}  // namespace clv

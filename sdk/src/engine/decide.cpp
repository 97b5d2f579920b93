// stored scores, segments, facts and the plugins' proposals -> decisions and their log.
#include "engine/core.hpp"
#include "engine/decide_run.hpp"
#include "engine/decision_inputs.hpp"
#include "engine/decision_log.hpp"

namespace clv {
namespace detail {
namespace {

class decide_work {
 public:
  decide_work(std::shared_ptr<core> owner,
              std::vector<proposer*> proposers,
              std::optional<decide_options> o,
              std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        proposers_(std::move(proposers)),
        result_(std::move(result)),
        options_(std::move(o)),
        inputs_(*engine_, options_ ? options_->facts : decision_facts()),
        writer_(*engine_, options_ ? "decide" : "propose") {
    if (!options_) return;
    if (!options_->model) options_->model = read_model(*engine_);
    options_->previous_hash = last_link(engine_->sql());
  }

  double load_scores() { return inputs_.load_scores(); }
  double load_segments() { return inputs_.load_segments(); }
  double load_facts() { return inputs_.load_facts(); }
  double propose();
  double decide();
  double store() { return writer_.advance(); }
  void abandon() {
    writer_.abandon();
    log_.reset();
  }

 private:
  void store_results();

  lease engine_;  // released last
  std::vector<proposer*> proposers_;
  std::shared_ptr<outcome> result_;
  std::optional<decide_options> options_;  // nullopt: propose only
  decision_inputs inputs_;
  std::shared_ptr<const table> proposals_;
  inner_job inner_;
  std::optional<decision_appender> log_;
  result_writer writer_;
};

double decide_work::propose() {
  const double done = inner_.step([this] { return clv::propose(inputs_.customers(), proposers_); });
  if (done < 1.0) return done;
  proposals_ = inner_.main_table();
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
  writer_.add([this](std::int64_t run) {
    if (!log_) {
      const std::string inputs = fingerprints_of(inputs_, *proposals_, *options_->model);
      add_decide_run(engine_->sql(), {.run = run, .options = to_json(*options_), .inputs = inputs});
      log_.emplace(engine_->sql(), *result_->tables.at(""), run, options_->now_us);
    }
    const double done = log_->append(rows_a_unit);
    if (done >= 1.0) log_.reset();
    return done;
  });
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

job engine::propose(std::vector<proposer*> proposers) {
  detail::require_ready(*impl_->core, "propose");
  detail::require_decidable(*impl_->core);
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<detail::decide_work>(
      impl_->core, std::move(proposers), std::nullopt, result);
  return {detail::phases_of(work, false, true), std::move(result)};
}

job engine::decide(std::vector<proposer*> proposers, decide_options o, bool what_if) {
  if (!what_if) detail::require_ready(*impl_->core, "decide");
  detail::require_decidable(*impl_->core);
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<detail::decide_work>(
      impl_->core, std::move(proposers), std::move(o), result);
  return {detail::phases_of(work, true, !what_if), std::move(result)};
}

}  // namespace clv

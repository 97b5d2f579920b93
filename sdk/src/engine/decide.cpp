// stored scores, segments and the plugins' proposals -> decisions.
#include "engine/core.hpp"

namespace clv {
namespace detail {
namespace {

class decide_work {
 public:
  decide_work(std::shared_ptr<core> owner,
              std::vector<proposer*> proposers,
              std::string verb,
              std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        proposers_(std::move(proposers)),
        result_(std::move(result)),
        segmented_(store::is_stored(engine_->sql(), "segments")),
        writer_(*engine_, std::move(verb)) {}
  void decide_with(decide_options o);

  double load_scores() { return scores_.step(*engine_, "scores"); }
  double load_segments();
  double propose();
  double decide();
  double store() { return writer_.advance(); }
  void abandon() { writer_.abandon(); }

 private:
  lease engine_;  // released last
  std::vector<proposer*> proposers_;
  std::shared_ptr<outcome> result_;
  bool segmented_;
  std::optional<decide_options> options_;  // nullopt: propose only
  stored_input scores_, segments_;
  std::shared_ptr<const table> customers_;  // scores with their segment
  std::shared_ptr<const table> proposals_;
  inner_job inner_;
  result_writer writer_;
};

void decide_work::decide_with(decide_options o) {
  options_ = std::move(o);
  if (!options_->model) options_->model = read_model(*engine_);
}

double decide_work::load_segments() {
  if (segmented_) {
    const double done = segments_.step(*engine_, "segments");
    if (done < 1.0) return done;
  }
  customers_ = segmented_ ? with_segments(scores_.rows(), *segments_.rows()) : scores_.rows();
  scores_.clear();
  segments_.clear();
  return 1.0;
}

double decide_work::propose() {
  const double done = inner_.step([this] { return clv::propose(customers_, proposers_); });
  if (done < 1.0) return done;
  proposals_ = inner_.main_table();
  inner_.finish(*result_);
  writer_.add("proposals", proposals_);
  if (!options_) result_->tables[""] = proposals_;
  return 1.0;
}

double decide_work::decide() {
  const double done =
      inner_.step([this] { return clv::decide(customers_, proposals_, *options_); });
  if (done < 1.0) return done;
  result_->tables = inner_.result().tables;
  inner_.finish(*result_);
  writer_.add("decisions", result_->tables.at(""));
  writer_.add("refusals", result_->tables.at("refusals"));
  writer_.add("budget", result_->tables.at("budget"));
  result_->tables["proposals"] = proposals_;
  return 1.0;
}

// Segments are not needed to decide, but those there are must be those of the scores.
void require_inputs(core& c, std::string_view verb) {
  require_ready(c, verb);
  require_fresh(c, {"ingest", "fit", "score"});
  if (store::is_stored(c.sql(), "segments")) {
    require_fresh(c, {"ingest", "fit", "score", "segment"});
  }
}

std::vector<phase> phases_of(const std::shared_ptr<decide_work>& work, bool decides, bool stores) {
  std::vector<phase> phases;
  phases.push_back(phase_of("load", work, &decide_work::load_scores));
  phases.push_back(phase_of("join", work, &decide_work::load_segments));
  phases.push_back(phase_of("propose", work, &decide_work::propose));
  if (decides) phases.push_back(phase_of("decide", work, &decide_work::decide));
  if (stores) phases.push_back(phase_of("store", work, &decide_work::store));
  return phases;
}

}  // namespace
}  // namespace detail

job engine::propose(std::vector<proposer*> proposers) {
  detail::require_inputs(*impl_->core, "propose");
  auto result = std::make_shared<outcome>();
  const auto work =
      std::make_shared<detail::decide_work>(impl_->core, std::move(proposers), "propose", result);
  return {detail::phases_of(work, false, true), std::move(result)};
}

job engine::decide(std::vector<proposer*> proposers, decide_options o, bool what_if) {
  detail::require_inputs(*impl_->core, "decide");
  auto result = std::make_shared<outcome>();
  const auto work =
      std::make_shared<detail::decide_work>(impl_->core, std::move(proposers), "decide", result);
  work->decide_with(std::move(o));
  return {detail::phases_of(work, true, !what_if), std::move(result)};
}

}  // namespace clv

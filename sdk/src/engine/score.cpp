// the latest model and the stored summary -> scores.
#include "engine/core.hpp"

namespace clv {
namespace detail {
namespace {

class score_work {
 public:
  score_work(std::shared_ptr<core> owner, score_options o, std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        options_(std::move(o)),
        result_(std::move(result)),
        model_(read_model(*engine_)),
        writer_(*engine_, "score") {
    if (options_.threads == 0) options_.threads = engine_->threads;
  }

  double load() { return summary_.step(*engine_, "summary"); }
  double score();
  double store() { return writer_.advance(); }
  void abandon() { writer_.abandon(); }

 private:
  lease engine_;  // released last
  score_options options_;
  std::shared_ptr<outcome> result_;
  std::shared_ptr<const fitted_model> model_;
  stored_input summary_;
  inner_job inner_;
  result_writer writer_;
};

double score_work::score() {
  const double done = inner_.step([this] { return clv::score(model_, summary_.rows(), options_); });
  if (done < 1.0) return done;
  result_->tables[""] = inner_.main_table();
  inner_.finish(*result_);
  writer_.add("scores", result_->tables[""]);
  return 1.0;
}

}  // namespace
}  // namespace detail

job engine::score(score_options o) {
  using detail::score_work;
  detail::require_ready(*impl_->core, "score");
  detail::require_fresh(*impl_->core, {"ingest", "fit"});
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<score_work>(impl_->core, std::move(o), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("load", work, &score_work::load));
  phases.push_back(detail::phase_of("score", work, &score_work::score));
  phases.push_back(detail::phase_of("store", work, &score_work::store));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

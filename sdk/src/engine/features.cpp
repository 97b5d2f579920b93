// stored scores, segments and the customers' own columns -> what feature makers make of them.
#include "engine/decision_inputs.hpp"
#include "engine/memory_need.hpp"

namespace clv {
namespace detail {
namespace {

class features_work {
 public:
  features_work(std::shared_ptr<core> owner,
                std::vector<feature_maker*> makers,
                std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        makers_(std::move(makers)),
        result_(std::move(result)),
        seen_(*engine_),
        inputs_(*engine_, {}, decision_inputs::facts_wanted::customers) {
    require_decidable(*engine_, result_->notes);
    require_memory(
        *engine_,
        "features",
        {.customers = rows_of_table(*engine_, "scores"), .rows = inputs_.rows_of_facts()});
  }

  double load() { return inputs_.load_scores(); }
  double join() { return inputs_.load_segments(); }
  double load_customers() {
    const double done = inputs_.load_facts();
    if (done >= 1.0) seen_.end();
    return done;
  }
  double make();
  void abandon() { seen_.end(); }

 private:
  lease engine_;  // released last
  std::vector<feature_maker*> makers_;
  std::shared_ptr<outcome> result_;
  snapshot seen_;
  decision_inputs inputs_;
  inner_job inner_;
};

double features_work::make() {
  const double done = inner_.step([this] { return make_features(inputs_.customers(), makers_); });
  if (done < 1.0) return done;
  result_->tables = inner_.result().tables;
  inner_.finish(*result_);
  return 1.0;
}

}  // namespace
}  // namespace detail

job engine::features(std::vector<feature_maker*> makers) {
  using detail::features_work;
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<features_work>(impl_->core, std::move(makers), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("load", work, &features_work::load));
  phases.push_back(detail::phase_of("join", work, &features_work::join));
  phases.push_back(detail::phase_of("customers", work, &features_work::load_customers));
  phases.push_back(detail::phase_of("features", work, &features_work::make));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

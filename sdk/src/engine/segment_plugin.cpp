// stored scores and the customers' own columns -> segments by a plugin.
#include "engine/decision_inputs.hpp"
#include "engine/memory_need.hpp"
#include "engine/result_writer.hpp"

namespace clv {
namespace detail {
namespace {

class plugin_segment_work {
 public:
  plugin_segment_work(std::shared_ptr<core> owner,
                      segmenter& by,
                      std::vector<feature_maker*> makers,
                      std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        by_(by),
        makers_(std::move(makers)),
        result_(std::move(result)),
        seen_(*engine_),
        inputs_(*engine_, {}, decision_inputs::facts_wanted::unsegmented),
        writer_(*engine_, "segment", result_) {
    require_fresh(*engine_, {"ingest", "fit", "score"}, result_->notes);
    require_memory(
        *engine_,
        "segment by a plugin",
        {.customers = rows_of_table(*engine_, "scores"), .rows = inputs_.rows_of_facts()});
  }

  double load() { return inputs_.load_scores(); }
  double join() { return inputs_.load_segments(); }
  double load_customers() {
    const double done = inputs_.load_facts();
    if (done >= 1.0) seen_.end();
    return done;
  }
  double segment();
  double store() { return writer_.advance(); }
  void abandon() {
    writer_.abandon();
    seen_.end();
  }

 private:
  lease engine_;  // released last
  segmenter& by_;
  std::vector<feature_maker*> makers_;
  std::shared_ptr<outcome> result_;
  snapshot seen_;
  decision_inputs inputs_;
  inner_job inner_;
  result_writer writer_;
};

double plugin_segment_work::segment() {
  const double done =
      inner_.step([this] { return clv::segment(inputs_.customers(), by_, makers_); });
  if (done < 1.0) return done;
  result_->tables = inner_.result().tables;
  inner_.finish(*result_);
  writer_.add("segments", result_->tables.at(""));
  return 1.0;
}

}  // namespace
}  // namespace detail

job engine::segment(segmenter& by, std::vector<feature_maker*> makers) {
  using work_type = detail::plugin_segment_work;
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<work_type>(impl_->core, by, std::move(makers), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("load", work, &work_type::load));
  phases.push_back(detail::phase_of("join", work, &work_type::join));
  phases.push_back(detail::phase_of("customers", work, &work_type::load_customers));
  phases.push_back(detail::phase_of("segment", work, &work_type::segment));
  phases.push_back(detail::phase_of("store", work, &work_type::store));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

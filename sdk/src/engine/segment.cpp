// stored scores -> segments.
#include "engine/core.hpp"

namespace clv {
namespace detail {
namespace {

class segment_work {
 public:
  segment_work(std::shared_ptr<core> owner, segment_options o, std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        options_(std::move(o)),
        result_(std::move(result)),
        writer_(*engine_, "segment") {}

  double load() { return scores_.step(*engine_, "scores"); }
  double segment();
  double store() { return writer_.advance(); }
  void abandon() { writer_.abandon(); }

 private:
  lease engine_;  // released last
  segment_options options_;
  std::shared_ptr<outcome> result_;
  stored_input scores_;
  inner_job inner_;
  result_writer writer_;
};

double segment_work::segment() {
  const double done = inner_.step([this] { return clv::segment(scores_.rows(), options_); });
  if (done < 1.0) return done;
  result_->tables = inner_.result().tables;
  inner_.finish(*result_);
  writer_.add("segments", result_->tables.at(""));
  return 1.0;
}

}  // namespace

std::shared_ptr<const table> with_segments(const std::shared_ptr<const table>& scores,
                                           const table& segments) {
  const column& segment = segments.get("segment", type::utf8);
  const column* whose = segments.find("customer");
  const column* customer = scores->find("customer");
  bool same = segment.size() == scores->rows() && (whose == nullptr) == (customer == nullptr);
  for (std::size_t i = 0; same && customer != nullptr && i < segment.size(); ++i) {
    same = customer->text(i) == whose->text(i);
  }
  if (!same) {
    throw error(status::corrupt,
                "the stored segments are not those of the stored scores",
                "run segment again");
  }
  auto joined = std::make_shared<table>(*scores);
  if (joined->find("segment") == nullptr) joined->add("segment", type::utf8);
  *joined->find("segment") = segment;
  joined->seal("segmented|" + scores->fingerprint() + "|" + segments.fingerprint());
  return joined;
}

}  // namespace detail

job engine::segment(segment_options o) {
  using detail::segment_work;
  detail::require_ready(*impl_->core, "segment");
  detail::require_fresh(*impl_->core, {"ingest", "fit", "score"});
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<segment_work>(impl_->core, std::move(o), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("load", work, &segment_work::load));
  phases.push_back(detail::phase_of("segment", work, &segment_work::segment));
  phases.push_back(detail::phase_of("store", work, &segment_work::store));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

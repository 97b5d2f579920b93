// stored scores -> segments.
#include <unordered_map>

#include "engine/memory_need.hpp"
#include "engine/result_writer.hpp"

namespace clv {
namespace detail {
namespace {

class segment_work {
 public:
  segment_work(std::shared_ptr<core> owner, segment_options o, std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        options_(std::move(o)),
        result_(std::move(result)),
        seen_(*engine_),
        writer_(*engine_, "segment", result_) {
    require_fresh(*engine_, {"ingest", "fit", "score"}, result_->notes);
    require_memory(*engine_, "segment", {.customers = rows_of_table(*engine_, "scores")});
  }

  double load();
  double segment();
  double store() { return writer_.advance(); }
  void abandon() {
    writer_.abandon();
    seen_.end();
  }

 private:
  lease engine_;  // released last
  segment_options options_;
  std::shared_ptr<outcome> result_;
  snapshot seen_;
  stored_input scores_;
  inner_job inner_;
  result_writer writer_;
};

double segment_work::load() {
  const double done = scores_.step(*engine_, "scores");
  if (done >= 1.0) seen_.end();
  return done;
}

double segment_work::segment() {
  const double done = inner_.step([this] { return clv::segment(scores_.rows(), options_); });
  if (done < 1.0) return done;
  result_->tables = inner_.result().tables;
  inner_.finish(*result_);
  writer_.add("segments", result_->tables.at(""));
  return 1.0;
}

bool are_of_same_rows(const table& scores, const table& segments) {
  const column& segment = segments.get("segment", type::utf8);
  const column* whose = segments.find("customer");
  const column* customer = scores.find("customer");
  bool same = segment.size() == scores.rows() && (whose == nullptr) == (customer == nullptr);
  for (std::size_t i = 0; same && customer != nullptr && i < segment.size(); ++i) {
    same = customer->text(i) == whose->text(i);
  }
  return same;
}

column by_customer(const table& scores, const table& segments) {
  const column& whose = segments.get("customer", type::utf8);
  const column& segment = segments.get("segment", type::utf8);
  std::unordered_map<std::string_view, std::size_t> place;
  for (std::size_t row = 0; row < whose.size(); ++row) place.emplace(whose.text(row), row);
  const column& customer = scores.get("customer", type::utf8);
  column found("segment", type::utf8);
  for (std::size_t row = 0; row < customer.size(); ++row) {
    const auto at = place.find(customer.text(row));
    const bool known = at != place.end() && segment.present(at->second);
    known ? found.push(segment.text(at->second)) : found.push_absent();
  }
  return found;
}

}  // namespace

std::shared_ptr<const table> with_segments(const std::shared_ptr<const table>& scores,
                                           const table& segments,
                                           bool any_age) {
  const bool same = are_of_same_rows(*scores, segments);
  const bool named = scores->find("customer") != nullptr && segments.find("customer") != nullptr;
  if (!same && !(any_age && named)) {
    throw error(status::corrupt,
                "the stored segments are not those of the stored scores",
                "run segment again");
  }
  auto joined = std::make_shared<table>(*scores);
  if (joined->find("segment") == nullptr) joined->add("segment", type::utf8);
  const column& segment = segments.get("segment", type::utf8);
  *joined->find("segment") = same ? segment : by_customer(*scores, segments);
  joined->seal("segmented|" + scores->fingerprint() + "|" + segments.fingerprint());
  return joined;
}

}  // namespace detail

job engine::segment(segment_options o) {
  using detail::segment_work;
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<segment_work>(impl_->core, std::move(o), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("load", work, &segment_work::load));
  phases.push_back(detail::phase_of("segment", work, &segment_work::segment));
  phases.push_back(detail::phase_of("store", work, &segment_work::store));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

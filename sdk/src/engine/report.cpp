// stored tables -> a report on them.
#include "engine/core.hpp"
#include "engine/stored_report.hpp"

namespace clv {
namespace detail {
namespace {

class report_work {
 public:
  report_work(std::shared_ptr<core> owner,
              const clv::report& what,
              report_inputs given,
              std::string options_json,
              std::shared_ptr<outcome> result)
      : engine_(std::move(owner)),
        seen_(*engine_),
        report_(*engine_, what, std::move(given), std::move(options_json)),
        result_(std::move(result)) {}

  double load() {
    const double done = report_.load(*engine_);
    if (done >= 1.0) seen_.end();
    return done;
  }
  double report() { return report_.run(*result_); }
  void abandon() { seen_.end(); }

 private:
  lease engine_;  // released last
  snapshot seen_;
  stored_report report_;
  std::shared_ptr<outcome> result_;
};

}  // namespace
}  // namespace detail

job engine::report(std::string_view name, report_inputs more, std::string options_json) {
  using detail::report_work;
  const clv::report& what = find_report(name);
  auto result = std::make_shared<outcome>();
  const auto work = std::make_shared<report_work>(
      impl_->core, what, std::move(more), std::move(options_json), result);
  std::vector<phase> phases;
  phases.push_back(detail::phase_of("load", work, &report_work::load));
  phases.push_back(detail::phase_of("report", work, &report_work::report));
  return {std::move(phases), std::move(result)};
}

}  // namespace clv

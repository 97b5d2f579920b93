// stored tables -> a report on them.
#include <vector>

#include "clv/schema.hpp"
#include "engine/core.hpp"

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
        report_(&what),
        inputs_(std::move(given)),
        options_(std::move(options_json)),
        result_(std::move(result)) {
    for (const report_input& i : report_->inputs) {
      if (!inputs_.has(i.name) && is_there(i)) missing_.emplace_back(i.name);
    }
    if (report_->needs_model && !inputs_.model) inputs_.model = read_model(*engine_);
  }

  double load();
  double report();
  void abandon() {}

 private:
  bool is_there(const report_input& i);

  lease engine_;  // released last
  const clv::report* report_;
  report_inputs inputs_;
  std::string options_;
  std::shared_ptr<outcome> result_;
  std::vector<std::string> missing_;  // to be read from the store
  std::size_t next_ = 0;
  stored_input input_;
  inner_job inner_;
};

// What is required and stored under this name, but not yet written, is an error of the verb to run.
bool report_work::is_there(const report_input& i) {
  const bool same = i.schema.empty() || i.schema == i.name;
  if (same && can_read(*engine_, i.name)) return true;
  if (same && i.required && is_readable(i.name)) require_readable(*engine_, i.name);
  return false;
}

double report_work::load() {
  if (next_ == missing_.size()) return 1.0;
  if (input_.step(*engine_, missing_[next_]) >= 1.0) {
    inputs_.tables.emplace(missing_[next_++], input_.rows());
    input_.clear();
  }
  return static_cast<double>(next_) / static_cast<double>(missing_.size());
}

double report_work::report() {
  const double done = inner_.step(
      [this] { return clv::begin_report(report_->name, std::move(inputs_), options_); });
  if (done < 1.0) return done;
  result_->tables = inner_.result().tables;
  result_->model = inner_.result().model;
  inner_.finish(*result_);
  return 1.0;
}

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

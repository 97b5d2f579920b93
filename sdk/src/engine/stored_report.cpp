#include "engine/stored_report.hpp"

#include <algorithm>

#include "clv/schema.hpp"
#include "engine/memory_need.hpp"

namespace clv::detail {

stored_report::stored_report(core& c,
                             const report& what,
                             report_inputs given,
                             std::string options_json)
    : report_(&what), inputs_(std::move(given)), options_(std::move(options_json)) {
  for (const report_input& i : report_->inputs) {
    if (!inputs_.has(i.name) && is_there(c, i)) missing_.emplace_back(i.name);
  }
  if (report_->needs_model && !inputs_.model) inputs_.model = model_for(c);
  std::int64_t rows = 0;
  for (const auto& [input, of_caller] : inputs_.tables) {
    rows += static_cast<std::int64_t>(of_caller->rows());
  }
  for (const std::string& stored : missing_) rows += rows_of_table(c, stored);
  require_memory_for_rows(c, "report", rows);
}

// What is required and stored under this name, but not yet written, is an error of the verb to run.
bool stored_report::is_there(core& c, const report_input& i) {
  const bool same = i.schema.empty() || i.schema == i.name;
  if (same && can_read(c, i.name)) return true;
  if (same && i.required && is_readable(i.name)) require_readable(c, i.name);
  return false;
}

// With the stored summary goes the model that it was last used with, which is not the latest one
// where another was promoted.
std::shared_ptr<const fitted_model> stored_report::model_for(core& c) const {
  if (std::ranges::find(missing_, "summary") == missing_.end()) return named_model(c, "").model;
  const auto scored = store::run_of_table(c.sql(), "scores");
  const bool since = scored >= store::run_of_table(c.sql(), "summary");
  return model_of_table(c, since ? "scores" : "summary").model;
}

double stored_report::load(core& c) {
  if (next_ == missing_.size()) return 1.0;
  if (input_.step(c, missing_[next_]) >= 1.0) {
    inputs_.tables.emplace(missing_[next_++], input_.rows());
    input_.clear();
  }
  return static_cast<double>(next_) / static_cast<double>(missing_.size());
}

double stored_report::run(outcome& into) {
  const double done = inner_.step(
      [this] { return clv::begin_report(report_->name, std::move(inputs_), options_); });
  if (done < 1.0) return done;
  into.tables = inner_.result().tables;
  into.model = inner_.result().model;
  inner_.finish(into);
  return 1.0;
}

}  // namespace clv::detail

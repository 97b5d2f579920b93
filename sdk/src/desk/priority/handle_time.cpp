#include "desk/priority/handle_time.hpp"

#include <cmath>

namespace clv::desk {

struct handle_times::state {
  handle_model model;
  double fallback;
};

handle_case case_of(const ticket& t) {
  return {.category = t.category,
          .length = t.length,
          .reopened = static_cast<double>(t.reopened),
          .reassigned = static_cast<double>(t.reassigned),
          .minutes = t.minutes};
}

std::vector<handle_case> finished_cases(const ticket_book& book) {
  std::vector<handle_case> done;
  for (const ticket& t : book.tickets) {
    const bool over = t.status == ticket_status::resolved || t.status == ticket_status::closed;
    if (over && t.has_minutes && t.minutes > 0) done.push_back(case_of(t));
  }
  return done;
}

handle_times::handle_times(const ticket_book& book, double fallback)
    : state_(std::make_shared<const state>(
          state{.model = handle_model(finished_cases(book)), .fallback = fallback})) {}

const handle_model& handle_times::model() const {
  return state_->model;
}

handle_estimate handle_times::of(const ticket& t) const {
  const handle_model& model = state_->model;
  if (!model.learnt()) {
    return {.minutes = state_->fallback,
            .done = t.minutes,
            .left = std::fmax(state_->fallback, least_minutes_left),
            .source = "policy"};
  }
  const log_minutes h = model.under_way(case_of(t));
  const handle_model::category* own = model.find(t.category);
  return {.minutes = expected_minutes(h),
          .done = t.minutes,
          .left = std::fmax(expected_rest(h, t.minutes), least_minutes_left),
          .source = own != nullptr && own->weight > 0 ? "category" : "global"};
}

}  // namespace clv::desk

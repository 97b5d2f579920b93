#include "clv/scorer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "clv/error.hpp"
#include "data/limits.hpp"
#include "value/scoring/valuation.hpp"

namespace clv {
namespace {

// Says what is wrong in the words of distinct(), which reads a table of one row.
void name_the_fault(const observation& o, tuple_key key) {
  table row;
  for (const auto& [name, value] : {std::pair{"x", o.x}, {"t_x", o.t_x}, {"T", o.T}}) {
    row.add(name, type::f64).push(value);
  }
  distinct(row, key);
}

bool good_time(const observation& o) {
  return o.x >= 0.0 && o.x <= data::largest_count && o.x == std::floor(o.x) && o.t_x >= 0.0 &&
         o.t_x <= o.T && o.T <= data::largest_count && (o.x > 0.0) == (o.t_x > 0.0);
}

// What purchase models take; discrete ones are left to distinct().
void check_history(const observation& o, tuple_key key) {
  if (key != tuple_key::purchases || !good_time(o)) name_the_fault(o, key);
}

void check_spend(const observation& o) {
  if (o.mean_spend == 0.0 || data::is_scale(o.mean_spend)) return;
  table row;
  row.add("x", type::f64).push(o.x);
  row.add("mean_spend", type::f64).push(o.mean_spend);
  distinct(row, tuple_key::spend);
}

score_plan all_of(const fitted_model& m, score_options o) {
  o.quantities.clear();
  if (!m.purchase.coefficients.empty()) {
    throw error(status::unsupported,
                "the model has covariates, which one observation does not have",
                "score a summary that has their columns");
  }
  return plan_score(m, o);
}

}  // namespace

scorer::scorer(std::shared_ptr<const fitted_model> m, const score_options& o) {
  score_plan plan = all_of(*m, o);
  prepared_ = std::make_unique<const valuation>(std::move(m), std::move(plan));
}

scorer::~scorer() = default;
scorer::scorer(scorer&&) noexcept = default;
scorer& scorer::operator=(scorer&&) noexcept = default;

const fitted_model& scorer::model() const {
  return prepared_->model();
}

bool scorer::needs_litt() const {
  return clv::needs_litt(prepared_->model().purchase);
}

customer_score scorer::of(const observation& o) const {
  check_spend(o);
  const observation seen = valuation::own_spend(o.x, o.mean_spend);
  const clv::model* purchase = prepared_->model().purchase.which;
  if (purchase == nullptr) return prepared_->value(nullptr, seen);
  check_history(o, purchase->key);
  // + 0.0 makes -0 and 0 one.
  observation history{.x = o.x + 0.0, .t_x = o.t_x + 0.0, .T = o.T + 0.0};
  if (purchase->key == tuple_key::renewals) {
    history.t_x = history.x;
    history.T = std::min(history.T, history.x + 1.0);
  }
  const bool unknown = needs_litt() && std::isnan(o.litt);
  if (needs_litt() && !unknown) history.litt = o.litt;
  std::vector<double> scratch;  // takes no memory where the future is tabulated
  const outlook ahead = prepared_->look(history, {}, {}, scratch);
  customer_score s = prepared_->value(&ahead, seen);
  if (unknown) s.log_likelihood = o.litt;
  return s;
}

}  // namespace clv

#include "value/scoring/score_plan.hpp"

#include <algorithm>
#include <cmath>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "data/limits.hpp"
#include "math/json.hpp"
#include "math/parallel.hpp"
#include "value/scoring/score_quantities.hpp"

namespace clv {
namespace {

[[noreturn]] void refuse(const char* option, double value, const std::string& wanted) {
  throw error(status::invalid,
              std::string("score option '") + option + "' is " + math::to_text(value) +
                  ", expected " + wanted);
}

void check_options(const score_options& o) {
  if (!(o.horizon >= 0.0 && o.horizon <= data::largest_count)) {
    refuse("horizon", o.horizon, "a number of model units above zero, at most 1e15 (0 = one year)");
  }
  if (!std::isfinite(o.annual_discount) || o.annual_discount < 0.0) {
    refuse("annual_discount", o.annual_discount, "a rate such as .10, or 0 for none");
  }
  if (!(o.margin >= 0.0 && o.margin <= 1.0)) {
    refuse("margin", o.margin, "a share of spend in (0, 1] (0 = 1)");
  }
}

// Opportunities and renewals: nobody but the caller knows how long a period is.
horizon periods_ahead(const fitted_model& m, const score_options& o) {
  if (!(o.horizon >= 1.0 && o.horizon == std::floor(o.horizon))) {
    refuse("horizon", o.horizon, "a whole number of periods: " + m.name() + " is a discrete model");
  }
  if (o.annual_discount > 0.0 && !(m.periods_per_year > 0.0)) {
    refuse("annual_discount",
           o.annual_discount,
           "0, because the model does not say how many periods a year has (periods_per_year)");
  }
  const double delta =
      o.annual_discount > 0.0 ? std::log1p(o.annual_discount) / m.periods_per_year : 0.0;
  return {.length = o.horizon, .delta = delta};
}

horizon time_ahead(const fitted_model& m, const score_options& o) {
  const double year = units_per_year(m.unit);
  return {.length = o.horizon > 0.0 ? o.horizon : year,
          .delta = std::log1p(o.annual_discount) / year};
}

horizon look_ahead(const fitted_model& m, const score_options& o) {
  if (m.purchase.which == nullptr) return {.length = 1.0};  // spend alone has no time
  return is_discrete(*m.purchase.which) ? periods_ahead(m, o) : time_ahead(m, o);
}

// dert:D that no customer has finitely: a new one tells, for what makes it infinite (too many who
// never leave, D = 0) is a matter of the parameters that a history does not change.
void check_residuals(const fitted_model& m, const score_plan& plan) {
  for (const further_quantity& f : plan.beside) {
    if (f.what != further::dert || !m.purchase.coefficients.empty()) continue;
    const double value = m.purchase.which->residual(m.purchase.parameters, observation{}, f.at);
    if (std::isfinite(value)) continue;
    std::string at;
    for (std::size_t i = 0; i < m.purchase.parameters.size(); ++i) {
      at += (i == 0 ? "" : ", ") + std::string(m.purchase.which->parameters[i].name) + " = " +
            math::to_text(m.purchase.parameters[i]);
    }
    throw error(status::invalid,
                "quantity '" + f.name + "' is infinite under " +
                    std::string(m.purchase.which->name) + " with " + at +
                    ": customers leave too slowly for the sum over all time to converge",
                "ask with a discount rate above 0 after the colon");
  }
}

}  // namespace

quantity_set available(const fitted_model& m) {
  quantity_set can;
  can.set(q_log_likelihood);
  if (m.spend) can.set(q_expected_spend);
  if (const model* p = m.purchase.which; p != nullptr) {
    can.set(q_p_alive, p->p_alive != nullptr);
    can.set(q_expected_purchases, p->expected_purchases != nullptr);
    can.set(q_no_purchase, p->no_purchase != nullptr);
    can.set(q_clv_status);
    if (!m.spend) return can;
    can.set(q_clv, p->expected_purchases != nullptr);
    const bool distribution = p->purchase_tail != nullptr && p->no_purchase != nullptr &&
                              p->expected_purchases != nullptr &&
                              m.spend->which->log_total_spend != nullptr;
    for (unsigned q = q_clv_p10; q <= q_clv_skew; ++q) can.set(q, distribution);
  }
  return can;
}

bool score_plan::interval() const {
  for (unsigned q = q_clv_p10; q <= q_clv_skew; ++q) {
    if (wanted[q]) return true;
  }
  return false;
}

score_plan plan_score(const fitted_model& m, const score_options& o) {
  if (m.purchase.which == nullptr && !m.spend) {
    throw error(status::invalid, "the model is empty", "fit one or load one first");
  }
  check_options(o);
  score_plan plan;
  plan.ahead = look_ahead(m, o);
  parse_quantities(o.quantities, m, plan);
  check_residuals(m, plan);
  plan.margin = o.margin > 0.0 ? o.margin : 1.0;
  // More have nothing to do; a step's rows go by their number.
  plan.threads = std::clamp(o.threads, 1U, static_cast<unsigned>(math::block_count));
  plan.process_only = o.process_only;
  plan.ahead.discounted = plan.value();
  plan.ahead.distribution = plan.interval();
  return plan;
}

bool needs_litt(const estimates& e) {
  if (e.which == nullptr) return false;
  for (std::size_t i = 0; i < e.parameters.size(); ++i) {
    if (e.which->parameters[i].most > 0 && e.parameters[i] > 1.0) return true;
  }
  return false;
}

}  // namespace clv

#include "value/scoring/valuation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "value/scoring/interval.hpp"

namespace clv {
namespace {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

bool usable(const estimates& e) {
  return e.status != fit_status::not_converged && e.status != fit_status::not_identified;
}

double variance_of(double sum, double squares, std::size_t count) {
  const double n = static_cast<double>(count);
  return std::max(0.0, squares / n - sum / n * (sum / n));
}

}  // namespace

valuation::valuation(std::shared_ptr<const fitted_model> m, score_plan plan)
    : model_(std::move(m)), plan_(std::move(plan)), saved_(save_model(*model_)) {
  const bool uncertain = plan_.interval() && !plan_.process_only;
  if (uncertain && model_->spend) spend_points_ = parameter_points(*model_->spend);
  if (model_->spend) population_ = spend_of({});
  if (model_->purchase.which == nullptr) return;
  if (uncertain) purchase_points_ = parameter_points(model_->purchase);
  if (plan_.interval()) counts_.emplace(*model_->spend->which, model_->spend->parameters);
  if (!model_->purchase.coefficients.empty()) {
    links_.emplace(model_->purchase);
    links_names_ = links_->names();
  } else {
    common_.emplace(maker_for({}), parts(), true);
  }
}

outlook_parts valuation::parts() const {
  const bool value = plan_.value();
  return {.log_likelihood = plan_.wanted[q_log_likelihood],
          .p_alive = plan_.wanted[q_p_alive],
          .expected_purchases = plan_.wanted[q_expected_purchases] || value,
          .no_purchase = plan_.wanted[q_no_purchase] || plan_.interval()};
}

future_maker valuation::maker_for(values covariates) const {
  const estimates& e = model_->purchase;
  std::vector<double> p = e.parameters;
  std::vector<std::vector<double>> around;
  for (const parameter_point& point : purchase_points_) around.push_back(point.parameters);
  if (links_) {
    std::vector<double> coefficients;
    for (const coefficient& c : e.coefficients) coefficients.push_back(c.value);
    links_->of(e.parameters, coefficients, covariates, p);
    for (std::size_t i = 0; i < around.size(); ++i) {
      links_->of(
          purchase_points_[i].parameters, purchase_points_[i].coefficients, covariates, around[i]);
    }
  }
  return {*e.which, std::move(p), std::move(around), counts_ ? &*counts_ : nullptr, plan_.ahead};
}

outlook valuation::look(const observation& o,
                        values covariates,
                        std::span<double> beside,
                        std::vector<double>& scratch) const {
  if (common_) {
    look_beside(model_->purchase.parameters, o, beside);
    return common_->of(o, scratch);
  }
  future_maker maker = maker_for(covariates);
  look_beside(maker.parameters(), o, beside);
  return outlooks(std::move(maker), parts(), false).of(o, scratch);
}

void valuation::look_beside(values p, const observation& o, std::span<double> out) const {
  if (out.empty()) return;
  const clv::model& m = *model_->purchase.which;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const further_quantity& f = plan_.beside[i];
    switch (f.what) {
      case further::expected_new:
        out[i] = m.expected_new(p, plan_.ahead.length);
        break;
      case further::pmf: {
        std::vector<double> all(static_cast<std::size_t>(f.at) + 1);
        m.pmf(p, plan_.ahead.length, all);
        out[i] = all.back();
        break;
      }
      case further::dert:
        out[i] = m.residual(p, o, f.at);
        break;
      case further::survival:
        out[i] = m.survival_ahead(p, o, f.at);
        break;
    }
  }
}

observation valuation::own_spend(double x, double mean_spend) {
  if (!(x >= 1.0 && mean_spend > 0.0)) return {};
  return {.x = x, .mean_spend = mean_spend};
}

// Of ln E[Z] over the points; where a point has no finite mean, of the mean of ln S_1.
double valuation::spend_spread(const observation& seen) const {
  const estimates& e = *model_->spend;
  double sum = 0.0;
  double squares = 0.0;
  for (const parameter_point& point : spend_points_) {
    const double log_mean = std::log(e.which->expected_spend(point.parameters, seen));
    sum += log_mean;
    squares += log_mean * log_mean;
  }
  if (std::isfinite(squares)) return variance_of(sum, squares, spend_points_.size());
  sum = squares = 0.0;
  for (const parameter_point& point : spend_points_) {
    double log_mean = 0.0;
    double variance = 0.0;
    e.which->log_total_spend(point.parameters, seen, 1.0, log_mean, variance);
    sum += log_mean;
    squares += log_mean * log_mean;
  }
  const double spread = variance_of(sum, squares, spend_points_.size());
  return std::isfinite(spread) ? spread : 0.0;
}

valuation::spend_outlook valuation::spend_of(const observation& seen) const {
  const estimates& e = *model_->spend;
  spend_outlook s{.mean = e.which->expected_spend(e.parameters, seen)};
  if (!plan_.interval() || model_->purchase.which == nullptr) return s;
  e.which->log_total_spend(e.parameters, seen, 1.0, s.log_mean, s.variance);
  if (!spend_points_.empty()) s.spread = spend_spread(seen);
  return s;
}

value_status valuation::status_of(bool own, bool finite) const {
  if (!model_->spend || !finite) return value_status::insufficient;
  if (!usable(model_->purchase) || !usable(*model_->spend)) return value_status::not_converged;
  return own ? value_status::ok : value_status::prior_only;
}

void valuation::value_interval(const outlook& o,
                               const spend_outlook& s,
                               customer_score& out) const {
  // Discounting scales the total by the mean discount factor of this customer's purchases.
  const double factor =
      o.expected_purchases > 0.0 ? plan_.margin * (o.discounted / o.expected_purchases) : 1.0;
  const future& ahead = o.given_purchase;
  const double variance = std::max(0.0, s.variance + ahead.variance) + s.spread + ahead.spread;
  const double sigma = std::sqrt(variance);
  out.clv_mu = s.log_mean + ahead.mean + std::log(factor);
  out.clv_sigma = sigma;
  // What the estimates add is symmetric: the third moment stays.
  const double process = std::max(0.0, variance - ahead.spread - s.spread);
  out.clv_skew =
      variance > 0.0 ? ahead.skew * (process / variance) * std::sqrt(process / variance) : 0.0;
  const skewed_normal h(out.clv_skew);
  const auto at = [&](double z) {
    return std::isinf(z) && z < 0.0 ? 0.0 : std::exp(out.clv_mu + sigma * h.at(z));
  };
  out.clv_p10 = at(o.z10);
  out.clv_p50 = at(o.z50);
  out.clv_p90 = at(o.z90);
}

customer_score valuation::value(const outlook* o, const observation& seen) const {
  customer_score out{absent,
                     absent,
                     absent,
                     absent,
                     absent,
                     absent,
                     absent,
                     absent,
                     absent,
                     absent,
                     absent,
                     absent,
                     value_status::insufficient};
  if (o != nullptr) {
    out.log_likelihood = o->log_likelihood;
    out.p_alive = o->p_alive;
    out.expected_purchases = o->expected_purchases;
    out.no_purchase = o->no_purchase;
  }
  if (!model_->spend) return out;
  const bool own = seen.x > 0.0;
  const spend_outlook s = own ? spend_of(seen) : population_;
  const double value = o == nullptr ? 0.0 : s.mean * plan_.margin * o->discounted;
  const bool finite = std::isfinite(s.mean) && std::isfinite(value);
  out.status = status_of(own, finite);
  if (o == nullptr) {
    out.log_likelihood = model_->spend->which->log_likelihood(model_->spend->parameters, seen);
  }
  if (!finite) return out;
  out.expected_spend = s.mean;
  if (o == nullptr) return out;
  out.clv = value;
  if (plan_.interval()) value_interval(*o, s, out);
  return out;
}

}  // namespace clv

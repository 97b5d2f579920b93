#include "value/score_plan.hpp"

#include <cmath>

#include "clv/error.hpp"
#include "clv/time.hpp"
#include "data/limits.hpp"
#include "math/json.hpp"

namespace clv {
namespace {

std::string list(const quantity_set& which) {
  std::string text;
  for (unsigned q = 0; q < quantity_count; ++q) {
    if (which[q]) text += (text.empty() ? "" : ", ") + std::string(quantity_names[q]);
  }
  return text;
}

[[noreturn]] void refuse(const char* option, double value, const std::string& wanted) {
  throw error(status::invalid,
              std::string("score option '") + option + "' is " + math::to_text(value) +
                  ", expected " + wanted);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

quantity_set parse_quantities(std::string_view text, const fitted_model& m) {
  const quantity_set can = available(m);
  if (text.empty()) return can;
  quantity_set wanted;
  for (std::string_view rest = text;;) {
    const auto comma = rest.find(',');
    const std::string_view name = trimmed(rest.substr(0, comma));
    unsigned q = 0;
    while (q < quantity_count && quantity_names[q] != name) ++q;
    if (q == quantity_count || !can[q]) {
      throw error(status::invalid,
                  "'" + std::string(name) + "' is not a quantity " + m.name() + " can give",
                  "available: " + list(can));
    }
    wanted.set(q);
    if (comma == std::string_view::npos) return wanted;
    rest.remove_prefix(comma + 1);
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
    const bool distribution = p->purchase_tail != nullptr && p->no_purchase != nullptr;
    for (const unsigned q : {q_clv_p10, q_clv_p50, q_clv_p90, q_clv_mu, q_clv_sigma}) {
      can.set(q, distribution);
    }
  }
  return can;
}

bool score_plan::interval() const {
  return wanted[q_clv_p10] || wanted[q_clv_p50] || wanted[q_clv_p90] || wanted[q_clv_mu] ||
         wanted[q_clv_sigma];
}

score_plan plan_score(const fitted_model& m, const score_options& o) {
  if (m.purchase.which == nullptr && !m.spend) {
    throw error(status::invalid, "the model is empty", "fit one or load one first");
  }
  if (!(o.horizon >= 0.0 && o.horizon <= data::largest_count)) {
    refuse("horizon", o.horizon, "a number of model units above zero, at most 1e15 (0 = one year)");
  }
  if (!std::isfinite(o.annual_discount) || o.annual_discount < 0.0) {
    refuse("annual_discount", o.annual_discount, "a rate such as .10, or 0 for none");
  }
  if (!(o.margin >= 0.0 && o.margin <= 1.0)) {
    refuse("margin", o.margin, "a share of spend in (0, 1] (0 = 1)");
  }
  score_plan plan;
  const double year = units_per_year(m.unit);
  plan.wanted = parse_quantities(o.quantities, m);
  plan.ahead = {.length = o.horizon > 0.0 ? o.horizon : year,
                .delta = std::log1p(o.annual_discount) / year};
  plan.margin = o.margin > 0.0 ? o.margin : 1.0;
  plan.threads = o.threads;
  plan.ahead.discounted = plan.value();
  plan.ahead.distribution = plan.interval();
  return plan;
}

}  // namespace clv

#include "retention/deciding/offers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "clv/error.hpp"
#include "clv/money.hpp"
#include "clv/schema.hpp"
#include "clv/time.hpp"
#include "retention/number_text.hpp"

namespace clv::retention {
namespace {

constexpr std::int64_t default_horizon_us = 30 * us_per_day;

[[noreturn]] void refuse(std::size_t row,
                         const std::string& column,
                         const std::string& value,
                         const std::string& rule) {
  throw error(issue{.code = status::data,
                    .row = static_cast<std::int64_t>(row),
                    .column = column,
                    .message = "row " + std::to_string(row + 1) + " of the proposals, column '" +
                               column + "': " + value + " " + rule,
                    .hint = "correct the row, or leave the proposal out"});
}

// Takes over `found` as the currency, or throws when another place named a different one.
void agree(std::string& currency,
           std::string& who,
           const std::string& found,
           const std::string& where) {
  if (found.empty()) return;
  if (!currency.empty() && currency != found) {
    throw error(status::data,
                who + " is in " + currency + " but " + where + " is in " + found,
                "currencies are never summed: convert one of the two first");
  }
  currency = found;
  who = where;
}

bool known(const column* c, std::size_t row) {
  return c != nullptr && c->present(row);
}

}  // namespace

offers::offers(std::shared_ptr<const table> scores,
               std::shared_ptr<const table> proposals,
               const decide_options& o)
    : scores_(std::move(scores)),
      proposals_(std::move(proposals)),
      model_(o.model),
      margin_(o.margin),
      now_us_(o.now_us),
      days_per_unit_(0) {
  if (model_ == nullptr || model_->purchase.which == nullptr ||
      model_->purchase.which->no_purchase == nullptr) {
    throw error(status::invalid,
                "deciding needs a fitted purchase model: it gives the chance that a customer buys "
                "without the action",
                "give the model the scores were made with");
  }
  days_per_unit_ = days_per_unit(model_->unit);
  bind_columns();
  agree_on_currency(o);
  if (row_.size() > std::numeric_limits<std::uint32_t>::max() ||
      rows() > std::numeric_limits<std::uint32_t>::max()) {
    throw error(status::limit, "more than 4294967295 customers or proposals in one decision");
  }
  first_.assign(rows() + 1, 0);
}

void offers::bind_columns() {
  customer_ = scores_->find("customer");
  x_ = &scores_->get("x", type::f64);
  t_x_ = &scores_->get("t_x", type::f64);
  T_ = &scores_->get("T", type::f64);
  expected_spend_ = scores_->find("expected_spend");
  clv_ = scores_->find("clv");
  segment_ = scores_->find("segment");
  row_ = proposals_->integers("row", type::i64);
  plugin_ = &proposals_->get("plugin", type::utf8);
  action_ = &proposals_->get("action", type::utf8);
  channel_ = &proposals_->get("channel", type::utf8);
  reason_ = &proposals_->get("reason", type::utf8);
  effect_mean_ = &proposals_->get("effect_mean", type::f64);
  effect_sd_ = &proposals_->get("effect_sd", type::f64);
  benefit_ = &proposals_->get("benefit", type::money);
  contact_cost_ = &proposals_->get("contact_cost", type::money);
  value_ = proposals_->find("response_value");
  horizon_ = proposals_->find("horizon_us");
  expires_ = proposals_->find("expires_us");
  minutes_ = proposals_->find("agent_minutes");
  category_ = proposals_->find("category");
  benefit_kind_ = proposals_->find("benefit_kind");
  discount_share_ = proposals_->find("discount_share");
  worst_case_ = proposals_->find("worst_case");
  pull_forward_ = proposals_->find("pull_forward");
  unsubscribe_ = proposals_->find("unsubscribe_effect");
  resource_ = proposals_->find("resource");
  units_ = proposals_->find("resource_units");
  veto_ = proposals_->find("veto");
  approval_ = proposals_->find("needs_approval");
  message_ = proposals_->find("message");
  reads_ = proposals_->find("reads");
  response_p0_ = proposals_->find("response_p0");
}

void offers::agree_on_currency(const decide_options& o) {
  std::string who;
  agree(currency_, who, o.currency, "the budget");
  for (const field& f : find_schema("scores").fields) {
    const column* c = f.unit == "currency" ? scores_->find(f.name) : nullptr;
    if (c != nullptr) agree(currency_, who, c->unit(), "column '" + c->name() + "' of the scores");
  }
  agree(currency_, who, model_->currency, "the model");
  for (const column& c : proposals_->columns()) {
    if (c.kind() != type::money) continue;
    agree(currency_, who, c.unit(), "column '" + c.name() + "' of the proposals");
  }
  if (!currency_.empty()) minor_per_major_ = clv::minor_per_major(currency_);
}

void offers::check_number(std::size_t i, const column& c, double least, double most) const {
  const double value = c.numbers()[i];
  if (c.present(i) && value >= least && value <= most) return;
  refuse(i,
         c.name(),
         c.present(i) ? number_text(value) : "nothing",
         "is not a number from " + number_text(least) + " to " + number_text(most));
}

void offers::check_money(std::size_t i, const column& c) const {
  if (c.present(i) && c.integers()[i] >= 0) return;
  refuse(i,
         c.name(),
         c.present(i) ? std::to_string(c.integers()[i]) : "nothing",
         "is not an amount of 0 or more");
}

void offers::check(std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    if (row_[i] < 0 || row_[i] >= static_cast<std::int64_t>(rows())) {
      refuse(i,
             "row",
             std::to_string(row_[i]),
             "is not a row of the scores, which have " + std::to_string(rows()));
    }
    check_number(i, *effect_mean_, -1, 1);
    check_number(i, *effect_sd_, 0, 1e9);
    check_money(i, *benefit_);
    check_money(i, *contact_cost_);
    if (known(value_, i)) check_money(i, *value_);
    check_optional(i);
    ++first_[static_cast<std::size_t>(row_[i]) + 1];
  }
}

void offers::check_optional(std::size_t i) const {
  if (known(minutes_, i)) check_number(i, *minutes_, 0, 1e9);
  if (known(discount_share_, i)) check_number(i, *discount_share_, 0, 1);
  if (known(pull_forward_, i)) check_number(i, *pull_forward_, 0, 1);
  if (known(unsubscribe_, i)) check_number(i, *unsubscribe_, 0, 1);
  if (known(units_, i)) check_number(i, *units_, 0, 1e9);
  if (known(response_p0_, i)) check_number(i, *response_p0_, 0, 1);
  if (known(worst_case_, i)) check_money(i, *worst_case_);
  if (known(horizon_, i) && horizon_->integers()[i] < 0) {
    refuse(i, "horizon_us", std::to_string(horizon_->integers()[i]), "is negative");
  }
}

void offers::group() {
  for (std::size_t row = 0; row < rows(); ++row) first_[row + 1] += first_[row];
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  order_.resize(row_.size());
  for (std::size_t i = 0; i < row_.size(); ++i) {
    order_[next[static_cast<std::size_t>(row_[i])]++] = static_cast<std::uint32_t>(i);
  }
}

std::span<const std::uint32_t> offers::of_row(std::size_t row) const {
  return std::span(order_).subspan(first_[row], first_[row + 1] - first_[row]);
}

std::int64_t offers::horizon_us(std::uint32_t i) const {
  const std::int64_t stated = known(horizon_, i) ? horizon_->integers()[i] : 0;
  return stated > 0 ? stated : default_horizon_us;
}

double offers::p0(std::size_t row, std::int64_t horizon_us) const {
  if (!x_->present(row) || !t_x_->present(row) || !T_->present(row)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const observation seen{
      .x = x_->numbers()[row], .t_x = t_x_->numbers()[row], .T = T_->numbers()[row]};
  const bool possible = std::isfinite(seen.x) && std::isfinite(seen.T) && seen.x >= 0 &&
                        seen.t_x >= 0 && seen.t_x <= seen.T && (seen.x > 0) == (seen.t_x > 0);
  if (!possible) {
    throw error(issue{.code = status::numeric,
                      .row = static_cast<std::int64_t>(row),
                      .column = "x",
                      .message = "row " + std::to_string(row + 1) + " of the scores: x " +
                                 number_text(seen.x) + ", t_x " + number_text(seen.t_x) + ", T " +
                                 number_text(seen.T) + " is not a possible history",
                      .hint = "x >= 0 and 0 <= t_x <= T are needed, t_x = 0 exactly when x = 0"});
  }
  const double days = static_cast<double>(horizon_us) / static_cast<double>(us_per_day);
  const estimates& e = model_->purchase;
  const double p0 = 1.0 - e.which->no_purchase(e.parameters, seen, days / days_per_unit_);
  return std::clamp(p0, 0.0, 1.0);  // rounding may leave the range; NaN stays and is not known
}

std::optional<double> offers::stated_p0(std::uint32_t i) const {
  if (!known(response_p0_, i)) return std::nullopt;
  return response_p0_->numbers()[i];
}

offer offers::at(std::size_t row, std::uint32_t proposal, double p0) const {
  const auto money = [&](const column* c) {
    return static_cast<double>(c->integers()[proposal]) / minor_per_major_;
  };
  offer o{.effect_mean = effect_mean_->numbers()[proposal],
          .effect_sd = effect_sd_->numbers()[proposal],
          .benefit = money(benefit_),
          .contact_cost = money(contact_cost_)};
  o.has_p0 = std::isfinite(p0);
  o.p0 = o.has_p0 ? p0 : 0;
  o.p0_stated = known(response_p0_, proposal);
  o.has_value = true;
  if (known(value_, proposal) && value_->integers()[proposal] > 0) {
    o.value = money(value_);
  } else if (known(expected_spend_, row) && std::isfinite(expected_spend_->numbers()[row])) {
    o.value = expected_spend_->numbers()[row] * margin_;
  } else {
    o.has_value = false;
  }
  o.pull_forward = number_or(pull_forward_, proposal, 0);
  o.unsubscribe = number_or(unsubscribe_, proposal, 0);
  if (o.unsubscribe > 0) o.future_value = future_value(row, std::fmax(o.value, 0));
  // A response costs the benefit, an attempt the contact: no plugin can state less than both.
  const double at_worst = o.benefit + o.contact_cost;
  o.worst_case = known(worst_case_, proposal) ? std::fmax(money(worst_case_), at_worst) : at_worst;
  o.expired = !veto_holds(proposal);
  return o;
}

// What is lost with the customer: the predicted value, or where it is not known one response.
double offers::future_value(std::size_t row, double otherwise) const {
  if (!known(clv_, row) || !std::isfinite(clv_->numbers()[row])) return otherwise;
  return std::fmax(clv_->numbers()[row], 0);
}

bool offers::veto_holds(std::uint32_t i) const {
  const std::int64_t until = known(expires_, i) ? expires_->integers()[i] : 0;
  return now_us_ == 0 || until == 0 || until >= now_us_;
}

std::string_view offers::text_or_empty(const column* c, std::size_t i) {
  return known(c, i) ? c->text(i) : std::string_view();
}

double offers::number_or(const column* c, std::size_t i, double otherwise) {
  return known(c, i) ? c->numbers()[i] : otherwise;
}

bool offers::flag(const column* c, std::size_t i) {
  return known(c, i) && c->integers()[i] != 0;
}

std::string_view offers::category(std::uint32_t i) const {
  const std::string_view stated = text_or_empty(category_, i);
  return stated.empty() ? std::string_view("marketing") : stated;
}

double offers::resource_units(std::uint32_t i) const {
  const double stated = number_or(units_, i, 0);
  return stated > 0 ? stated : 1;
}

std::string_view offers::segment(std::size_t row) const {
  return text_or_empty(segment_, row);
}

std::string offers::expires(std::uint32_t i) const {
  return known(expires_, i) ? format_time(expires_->integers()[i]) : std::string();
}

std::string offers::customer(std::size_t row) const {
  return customer_ != nullptr ? std::string(customer_->text(row)) : std::to_string(row);
}

}  // namespace clv::retention

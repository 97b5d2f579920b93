// Score rows and proposal rows as offers: checked, in one currency, in major units. [one]
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clv/decide.hpp"
#include "retention/deciding/price.hpp"

namespace clv::retention {

// Both tables conform to their schemas and stay alive with this object.
class offers {
 public:
  // Throws error{invalid} for a missing column or a model without purchase part, error{data} for
  // two currencies (naming both) or more proposals than 2^32 - 1.
  offers(std::shared_ptr<const table> scores,
         std::shared_ptr<const table> proposals,
         const decide_options& o);

  // Checks proposals [first, last), in rising order, and counts them per row. After the last one
  // of_row() may be called. Throws error{data} naming row, column and value.
  void check(std::size_t first, std::size_t last);
  void group();

  std::size_t rows() const { return x_->size(); }
  std::size_t proposals() const { return row_.size(); }
  // Proposals for that row of the scores, in the order of the proposals table.
  std::span<const std::uint32_t> of_row(std::size_t row) const;

  std::int64_t horizon_us(std::uint32_t i) const;  // 30 days where the proposal names none
  // The chance of a purchase within the horizon without any action, or NaN when the row's history
  // is absent. Throws error{numeric} for an impossible history.
  double p0(std::size_t row, std::int64_t horizon_us) const;
  // The chance of a response without the action where the proposal states it: a renewal or an
  // answer is no purchase, and the model knows nothing of it.
  std::optional<double> stated_p0(std::uint32_t i) const;
  // The proposal as an offer to that customer, its effect still as the plugin states it. `p0` as
  // one of the two functions above gave it.
  offer at(std::size_t row, std::uint32_t proposal, double p0) const;

  std::string_view plugin(std::uint32_t i) const { return plugin_->text(i); }
  std::string_view action(std::uint32_t i) const { return action_->text(i); }
  std::string_view channel(std::uint32_t i) const { return channel_->text(i); }
  std::string_view reason(std::uint32_t i) const { return reason_->text(i); }
  std::string_view category(std::uint32_t i) const;  // "marketing" where none is stated
  std::string_view resource(std::uint32_t i) const { return text_or_empty(resource_, i); }
  std::string_view benefit_kind(std::uint32_t i) const { return text_or_empty(benefit_kind_, i); }
  std::string_view reads(std::uint32_t i) const { return text_or_empty(reads_, i); }
  std::string_view message(std::uint32_t i) const { return text_or_empty(message_, i); }
  bool is_veto(std::uint32_t i) const { return flag(veto_, i); }
  bool veto_holds(std::uint32_t i) const;  // it has not expired
  bool needs_approval(std::uint32_t i) const { return flag(approval_, i); }
  // The category that a veto is limited to, or "".
  std::string_view veto_category(std::uint32_t i) const { return text_or_empty(category_, i); }
  double discount_share(std::uint32_t i) const { return number_or(discount_share_, i, 0); }
  double resource_units(std::uint32_t i) const;
  double agent_minutes(std::uint32_t i) const { return number_or(minutes_, i, 0); }
  std::string_view segment(std::size_t row) const;  // "" where the scores have none
  std::string expires(std::uint32_t i) const;       // in words
  // The customer's id, or the row's number where the scores have none.
  std::string customer(std::size_t row) const;
  bool has_customers() const { return customer_ != nullptr; }

  const std::string& currency() const { return currency_; }  // "" when nothing names one
  double minor_per_major() const { return minor_per_major_; }
  const table& scores() const { return *scores_; }
  std::string parents() const { return scores_->fingerprint() + "|" + proposals_->fingerprint(); }

 private:
  void bind_columns();
  void agree_on_currency(const decide_options& o);
  void check_number(std::size_t i, const column& c, double least, double most) const;
  void check_money(std::size_t i, const column& c) const;
  void check_optional(std::size_t i) const;
  double future_value(std::size_t row, double otherwise) const;
  static std::string_view text_or_empty(const column* c, std::size_t i);
  static double number_or(const column* c, std::size_t i, double otherwise);
  static bool flag(const column* c, std::size_t i);

  std::shared_ptr<const table> scores_, proposals_;
  std::shared_ptr<const fitted_model> model_;
  double margin_;
  std::int64_t now_us_;
  double days_per_unit_;
  std::string currency_;
  double minor_per_major_ = 100;
  const column *customer_ = nullptr, *x_ = nullptr, *t_x_ = nullptr, *T_ = nullptr,
               *expected_spend_ = nullptr, *clv_ = nullptr, *segment_ = nullptr;
  const column *plugin_ = nullptr, *action_ = nullptr, *channel_ = nullptr, *reason_ = nullptr,
               *effect_mean_ = nullptr, *effect_sd_ = nullptr, *value_ = nullptr,
               *benefit_ = nullptr, *contact_cost_ = nullptr, *horizon_ = nullptr,
               *expires_ = nullptr, *minutes_ = nullptr, *category_ = nullptr,
               *benefit_kind_ = nullptr, *discount_share_ = nullptr, *worst_case_ = nullptr,
               *pull_forward_ = nullptr, *unsubscribe_ = nullptr, *resource_ = nullptr,
               *units_ = nullptr, *veto_ = nullptr, *approval_ = nullptr, *message_ = nullptr,
               *reads_ = nullptr, *response_p0_ = nullptr;
  std::span<const std::int64_t> row_;
  std::vector<std::uint32_t> first_, order_;
};

}  // namespace clv::retention

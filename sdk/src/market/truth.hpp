// The truth about a customer and an action: what the action is expected to earn. In reports it is
// table "truth", which carries all that outcomes are drawn from. [any]
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "clv/table.hpp"
#include "data/report_tables.hpp"
#include "market/habits.hpp"
#include "market/person.hpp"

namespace clv::market {

// Of one customer and action, in major units; an order is the first of the horizon. What no action
// changes (further orders) is left out: it cancels in every difference.
//   value         = order_profit (1 + orders in keeps_days)          profit of an added order
//   gross_lift    = tau (value - benefit)
//   cannibalised  = p0 benefit
//   pull_forward  = max(tau, 0) pull_chance order_profit
//   fatigue       = min(unsubscribe, 1) future_value
//   net           = gross_lift - cannibalisation - contact_cost - pull_forward - fatigue
//   cost          = (p0 + tau) benefit + contact_cost
struct truth {
  double p0 = 0, tau = 0;
  double order_profit = 0;  // expected, net of returns
  double returned = 0;      // chance that an order comes back: then it earns nothing
  double order_shape = 1;   // amounts are Gamma(order_shape) around their mean
  double value = 0;
  double benefit = 0;  // per order; a returned one has used it up
  double contact_cost = 0, agent_minutes = 0, worst_case = 0;
  double pull_chance = 0;  // that an added order is a later one, only earlier
  double unsubscribe = 0;  // chance, of a contact after none in the last 30 days
  double future_value =
      0;                // profit expected of the year after, lost when the customer unsubscribes
  bool allowed = true;  // the customer consents to the channel
  double gross_lift() const { return tau * (value - benefit); }
  double cannibalisation() const { return p0 * benefit; }
  double pull_forward() const { return (tau > 0 ? tau : 0) * pull_chance * order_profit; }
  double fatigue() const { return (unsubscribe < 1 ? unsubscribe : 1) * future_value; }
  double cost() const { return (p0 + tau) * benefit + contact_cost; }
  double net() const {
    return gross_lift() - cannibalisation() - contact_cost - pull_forward() - fatigue();
  }
};

truth truth_of(const world& w, const person& who, const habits& h, const action& a, double day);

// The same after `sent` contacts in the last 30 days: each makes leaving likelier by the share
// `fatigue`, and a good effect weaker.
truth after_contacts(const truth& t, double sent, double fatigue);

// Position of the best allowed action with net > 0, the earlier of equals; size() for none.
std::size_t best_of(const std::vector<truth>& actions);

inline constexpr std::string_view truth_columns =
    "customer,action,plugin,channel,kind,as_of,horizon_days,allowed,p0,tau,order_profit,returned,"
    "order_shape,value,benefit,contact_cost,agent_minutes,worst_case,pull_chance,unsubscribe,"
    "future_value,gross_lift,cannibalisation,pull_forward,fatigue,net,cost,best";
inline constexpr std::string_view truth_columns_read =
    "customer,action,as_of,horizon_days,p0,tau,order_profit,returned,order_shape,value,benefit,"
    "contact_cost,unsubscribe,future_value; optional: channel, plugin, allowed, agent_minutes, "
    "worst_case, pull_chance";
std::vector<column_spec> truth_specs(const std::string& currency);

// Table "truth" read back: one truth per customer and action. Throws error{data} naming row, column
// and value for a probability outside [0, 1], a pair that is there twice, a negative cost, or times
// that differ; error{invalid} for a missing column.
class truth_book {
 public:
  truth_book(std::string_view report, const table& rows);
  truth_book(const truth_book&) = delete;
  truth_book& operator=(const truth_book&) = delete;

  static constexpr std::size_t nobody = static_cast<std::size_t>(-1);
  const std::vector<std::string>& customers() const { return customers_; }  // as first met
  const std::vector<std::string>& actions() const { return actions_; }
  const std::string& channel_of(std::size_t action) const { return channels_[action]; }
  const std::string& plugin_of(std::size_t action) const { return plugins_[action]; }
  std::size_t customer_at(std::string_view id) const;               // nobody: not in the truth
  std::size_t action_at(std::string_view name) const;               // nobody: not in the truth
  const truth* of(std::size_t customer, std::size_t action) const;  // nullptr: no such pair
  std::vector<truth> of(std::size_t customer) const;  // by action; a missing pair is not allowed
  std::int64_t as_of_us() const { return as_of_us_; }
  double horizon_days() const { return horizon_days_; }
  const std::string& currency() const { return currency_; }
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  void index(const report_rows& in);
  std::size_t enter_action(const std::string& name);

  static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);
  std::vector<std::string> customers_;  // never grows again: positions_ looks into it
  std::vector<std::string> actions_, channels_, plugins_;
  std::vector<std::size_t> first_row_;  // of an action: where its channel and plugin stand
  std::unordered_map<std::string_view, std::size_t> positions_;
  std::vector<truth> rows_;
  std::vector<std::uint32_t> row_of_;  // customer * actions + action -> row
  std::int64_t as_of_us_ = 0;
  double horizon_days_ = 0;
  std::string currency_, fingerprint_;
};

}  // namespace clv::market

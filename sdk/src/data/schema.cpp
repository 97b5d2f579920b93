#include "clv/schema.hpp"

#include <array>
#include <cmath>
#include <string>

#include "clv/error.hpp"

namespace clv {
namespace {

constexpr bool required = true;
constexpr bool optional = false;

constexpr std::array transactions{
    field{"customer",
          type::utf8,
          required,
          "customer_id,customerid,client,client_id,user_id,cust,sample_id,id",
          ""},
    field{"time",
          type::time,
          required,
          "date,timestamp,occurred_at,datetime,order_date,invoice_ts",
          "us"},
    field{"amount", type::money, required, "sales,revenue,price,total,gross,value", "currency"},
    field{"event_id", type::utf8, optional, "order_id,invoice_no,invoice,transaction_id", ""},
    field{"currency", type::utf8, optional, "", ""},
    field{"kind", type::utf8, optional, "", ""},
};

constexpr std::array summary{
    field{"customer", type::utf8, optional, "customer_id,cust,id", ""},
    field{"x", type::f64, required, "frequency", ""},
    field{"t_x", type::f64, optional, "t.x,recency", "unit"},
    field{"T", type::f64, optional, "t.cal,t_cal,age", "unit"},
    field{"n", type::f64, optional, "n.cal,n_cal,opportunities", ""},
    field{"mean_spend", type::f64, optional, "m.x,monetary_value,zbar", "currency"},
    field{"litt", type::f64, optional, "", ""},
    field{"weight", type::f64, optional, "n_customers,custs", ""},
    field{"first_time", type::time, optional, "", "us"},
    field{"last_time", type::time, optional, "", "us"},
    field{"revenue", type::money, optional, "", "currency"},
    field{"refunds", type::money, optional, "", "currency"},
};

constexpr std::array scores{
    field{"customer", type::utf8, optional, "customer_id,cust,id", ""},
    field{"x", type::f64, optional, "", ""},
    field{"t_x", type::f64, optional, "", "unit"},
    field{"T", type::f64, optional, "", "unit"},
    field{"n", type::f64, optional, "", ""},
    field{"mean_spend", type::f64, optional, "", "currency"},
    field{"log_likelihood", type::f64, optional, "", ""},
    field{"p_alive", type::f64, optional, "", ""},
    field{"expected_purchases", type::f64, optional, "", ""},
    field{"no_purchase", type::f64, optional, "", ""},
    field{"expected_spend", type::f64, optional, "", "currency"},
    field{"clv", type::f64, optional, "", "currency"},
    field{"clv_p10", type::f64, optional, "", "currency"},
    field{"clv_p50", type::f64, optional, "", "currency"},
    field{"clv_p90", type::f64, optional, "", "currency"},
    field{"clv_mu", type::f64, optional, "", ""},
    field{"clv_sigma", type::f64, optional, "", ""},
    field{"clv_skew", type::f64, optional, "", ""},
    field{"clv_status", type::utf8, optional, "", ""},
    field{"segment", type::utf8, optional, "", ""},
};

constexpr std::array segments{
    field{"customer", type::utf8, optional, "", ""},
    field{"scheme", type::utf8, required, "", ""},
    field{"segment", type::utf8, required, "", ""},
    field{"recency_bin", type::i64, optional, "", ""},
    field{"frequency_bin", type::i64, optional, "", ""},
    field{"monetary_bin", type::i64, optional, "", ""},
    field{"cut", type::f64, optional, "", "currency"},
    field{"p_above", type::f64, optional, "", ""},
    field{"distance", type::f64, optional, "", ""},
    field{"membership", type::f64, optional, "", ""},
    field{"reads", type::utf8, optional, "", ""},
};

constexpr std::array proposals{
    field{"row", type::i64, required, "", ""},
    field{"customer", type::utf8, optional, "", ""},
    field{"plugin", type::utf8, required, "", ""},
    field{"action", type::utf8, required, "", ""},
    field{"channel", type::utf8, required, "", ""},
    field{"reason", type::utf8, required, "", ""},
    field{"effect_mean", type::f64, required, "", ""},
    field{"effect_sd", type::f64, required, "", ""},
    field{"effect_n", type::f64, optional, "", ""},
    field{"response_value", type::money, optional, "", "currency"},
    field{"benefit", type::money, required, "", "currency"},
    field{"contact_cost", type::money, required, "", "currency"},
    field{"horizon_us", type::i64, optional, "", "us"},
    field{"expires_us", type::time, optional, "", "us"},
    field{"agent_minutes", type::f64, optional, "", ""},
    field{"category", type::utf8, optional, "", ""},
    field{"benefit_kind", type::utf8, optional, "", ""},
    field{"discount_share", type::f64, optional, "", ""},
    field{"worst_case", type::money, optional, "", "currency"},
    field{"pull_forward", type::f64, optional, "", ""},
    field{"unsubscribe_effect", type::f64, optional, "", ""},
    field{"resource", type::utf8, optional, "", ""},
    field{"resource_units", type::f64, optional, "", ""},
    field{"veto", type::i64, optional, "", ""},
    field{"needs_approval", type::i64, optional, "", ""},
    field{"message", type::utf8, optional, "", ""},
    field{"reads", type::utf8, optional, "", ""},
    field{"response_p0", type::f64, optional, "", ""},
};

constexpr std::array decisions{
    field{"customer", type::utf8, optional, "", ""},
    field{"arm", type::utf8, required, "", ""},
    field{"reason_code", type::utf8, required, "", ""},
    field{"plugin", type::utf8, optional, "", ""},
    field{"action", type::utf8, optional, "", ""},
    field{"channel", type::utf8, optional, "", ""},
    field{"reason", type::utf8, required, "", ""},
    field{"p0", type::f64, optional, "", ""},
    field{"effect_mean", type::f64, optional, "", ""},
    field{"effect_sd", type::f64, optional, "", ""},
    field{"response_value", type::f64, optional, "", "currency"},
    field{"benefit", type::f64, optional, "", "currency"},
    field{"gross_lift", type::f64, optional, "", "currency"},
    field{"cannibalisation", type::f64, optional, "", "currency"},
    field{"contact_cost", type::f64, optional, "", "currency"},
    field{"net", type::f64, optional, "", "currency"},
    field{"lcb", type::f64, optional, "", "currency"},
    field{"cost", type::f64, optional, "", "currency"},
    field{"agent_minutes", type::f64, optional, "", ""},
    field{"evidence", type::utf8, optional, "", ""},
    field{"propensity", type::f64, optional, "", ""},
    field{"receipt", type::utf8, required, "", ""},
    field{"category", type::utf8, optional, "", ""},
    field{"segment", type::utf8, optional, "", ""},
    field{"fatigue", type::f64, optional, "", "currency"},
    field{"worst_case", type::f64, optional, "", "currency"},
    field{"needs_approval", type::i64, optional, "", ""},
    field{"message", type::utf8, optional, "", ""},
    field{"withheld", type::utf8, optional, "", ""},
    field{"decision_id", type::utf8, optional, "", ""},
    field{"receipt_hash", type::utf8, optional, "", ""},
    field{"prev_hash", type::utf8, optional, "", ""},
    field{"chain_hash", type::utf8, optional, "", ""},
};

constexpr std::array refusals{
    field{"customer", type::utf8, optional, "", ""},
    field{"plugin", type::utf8, required, "", ""},
    field{"action", type::utf8, required, "", ""},
    field{"reason_code", type::utf8, required, "", ""},
    field{"reason", type::utf8, required, "", ""},
    field{"cannibalisation", type::f64, optional, "", "currency"},
    field{"net", type::f64, optional, "", "currency"},
    field{"lcb", type::f64, optional, "", "currency"},
    field{"cost", type::f64, optional, "", "currency"},
};

constexpr std::array budget{
    field{"budget_limit", type::f64, optional, "", "currency"},
    field{"spent", type::f64, required, "", "currency"},
    field{"expected_profit", type::f64, required, "", "currency"},
    field{"profit_bound", type::f64, required, "", "currency"},
    field{"shadow_price", type::f64, required, "", ""},
    field{"customers_considered", type::i64, required, "", ""},
    field{"customers_treated", type::i64, required, "", ""},
    field{"customers_held_out", type::i64, required, "", ""},
    field{"proposals_refused", type::i64, required, "", ""},
    field{"customers_explored", type::i64, optional, "", ""},
    field{"explore_share", type::f64, optional, "", ""},
    field{"lever_cost", type::f64, optional, "", "currency"},
};

constexpr std::array resources{
    field{"resource", type::utf8, required, "", ""},
    field{"limit", type::f64, optional, "", ""},
    field{"used", type::f64, required, "", ""},
    field{"shadow_price", type::f64, required, "", ""},
};

// What the CRM knows of a customer now. The first ones are read by the gate, the others by plugins.
constexpr std::array customers{
    field{"customer", type::utf8, required, "customer_id,cust,id", ""},
    field{"merged_into", type::utf8, optional, "", ""},
    field{"erased", type::i64, optional, "", ""},
    field{"legal_hold", type::i64, optional, "", ""},
    field{"complaint_open", type::i64, optional, "", ""},
    field{"unreachable", type::utf8, optional, "", ""},
    field{"time_zone", type::utf8, optional, "", ""},
    field{"tags", type::utf8, optional, "", ""},
    field{"orders", type::f64, optional, "", ""},
    field{"discounted_orders", type::f64, optional, "", ""},
    field{"order_value", type::money, optional, "", "currency"},
    field{"order_cost", type::money, optional, "", "currency"},
    field{"order_shipping", type::money, optional, "", "currency"},
    field{"running_discount", type::f64, optional, "", ""},
    field{"days_since_order", type::f64, optional, "", ""},
    field{"last_order_delivered", type::i64, optional, "", ""},
    field{"open_tickets", type::f64, optional, "", ""},
    field{"ticket_severity", type::f64, optional, "", ""},
    field{"days_since_resolution", type::f64, optional, "", ""},
    field{"sla_breached", type::i64, optional, "", ""},
    field{"csat", type::f64, optional, "", ""},
    field{"nps", type::f64, optional, "", ""},
    field{"days_since_feedback", type::f64, optional, "", ""},
    field{"survey_sent", type::i64, optional, "", ""},
    field{"ticket_cost", type::money, optional, "", "currency"},
    field{"cart_value", type::money, optional, "", "currency"},
    field{"shipping_threshold", type::money, optional, "", "currency"},
    field{"shipping_cost", type::money, optional, "", "currency"},
    field{"renewal_days", type::f64, optional, "", ""},
    field{"p_renew", type::f64, optional, "", ""},
    field{"contract_value", type::money, optional, "", "currency"},
    field{"plan_use", type::f64, optional, "", ""},
    field{"margin_year", type::money, optional, "", "currency"},
    field{"service_cost_year", type::money, optional, "", "currency"},
    field{"launch", type::utf8, optional, "", ""},
    field{"next_category", type::utf8, optional, "", ""},
    field{"next_category_p", type::f64, optional, "", ""},
    field{"next_category_margin", type::money, optional, "", "currency"},
    field{"next_category_support", type::f64, optional, "", ""},
    field{"next_category_lift_low", type::f64, optional, "", ""},
    field{"tier", type::utf8, optional, "", ""},
    field{"tier_points", type::f64, optional, "", ""},
    field{"tier_gap", type::f64, optional, "", ""},
    field{"tier_review", type::i64, optional, "", ""},
    field{"tier_margin_gain", type::money, optional, "", "currency"},
    field{"referral_value", type::money, optional, "", "currency"},
    field{"referrals_pending", type::f64, optional, "", ""},
    field{"second_order_day", type::f64, optional, "", ""},
};

constexpr std::array consent{
    field{"customer", type::utf8, required, "customer_id,cust,id", ""},
    field{"channel", type::utf8, required, "", ""},
    field{"purpose", type::utf8, optional, "", ""},
    field{"time", type::time, required, "date,timestamp", "us"},
    field{"granted", type::i64, required, "", ""},
    field{"event_id", type::utf8, optional, "", ""},
};

// kind: sent, redeemed, rejected, bounced, unsubscribed.
constexpr std::array contacts{
    field{"customer", type::utf8, required, "customer_id,cust,id", ""},
    field{"time", type::time, required, "date,timestamp", "us"},
    field{"channel", type::utf8, required, "", ""},
    field{"kind", type::utf8, required, "", ""},
    field{"category", type::utf8, optional, "", ""},
    field{"plugin", type::utf8, optional, "", ""},
    field{"action", type::utf8, optional, "", ""},
    field{"benefit", type::money, optional, "", "currency"},
    field{"benefit_until", type::time, optional, "", "us"},
    field{"decision_id", type::utf8, optional, "", ""},
    field{"event_id", type::utf8, optional, "", ""},
};

// kind: response (bought in the window), value (profit of the window), cost, unsubscribed.
constexpr std::array outcomes{
    field{"decision_id", type::utf8, required, "", ""},
    field{"customer", type::utf8, required, "customer_id,cust,id", ""},
    field{"time", type::time, required, "date,timestamp", "us"},
    field{"kind", type::utf8, required, "", ""},
    field{"value", type::f64, required, "", ""},
    field{"event_id", type::utf8, optional, "", ""},
};

// level: own_kind or own_overall; policy: targeted, blanket or none. customer before segment
// before neither: the most particular row that fits is used.
constexpr std::array evidence{
    field{"action", type::utf8, required, "", ""},
    field{"customer", type::utf8, optional, "", ""},
    field{"segment", type::utf8, optional, "", ""},
    field{"effect_mean", type::f64, required, "", ""},
    field{"effect_sd", type::f64, required, "", ""},
    field{"n", type::f64, optional, "", ""},
    field{"level", type::utf8, required, "", ""},
    field{"policy", type::utf8, optional, "", ""},
};

constexpr std::array touches{
    field{"customer", type::utf8, required, "customer_id,cust,id", ""},
    field{"time", type::time, required, "date,timestamp", "us"},
    field{"kind", type::utf8, required, "", ""},
    field{"channel", type::utf8, optional, "", ""},
    field{"weight", type::f64, optional, "", ""},
    field{"event_id", type::utf8, optional, "", ""},
};

constexpr std::array feedback{
    field{"customer", type::utf8, required, "customer_id,cust,id", ""},
    field{"time", type::time, required, "date,timestamp", "us"},
    field{"kind", type::utf8, required, "", ""},
    field{"score", type::f64, required, "", ""},
    field{"scale", type::f64, optional, "", ""},
    field{"topics", type::utf8, optional, "", ""},
    field{"ticket", type::utf8, optional, "", ""},
    field{"agent", type::utf8, optional, "", ""},
    field{"event_id", type::utf8, optional, "", ""},
};

constexpr std::array costs{
    field{"customer", type::utf8, required, "customer_id,cust,id", ""},
    field{"time", type::time, required, "date,timestamp", "us"},
    field{"kind", type::utf8, required, "", ""},
    field{"amount", type::money, required, "", "currency"},
    field{"event_id", type::utf8, optional, "", ""},
};

constexpr std::array referrals{
    field{"customer", type::utf8, required, "referrer", ""},
    field{"referee", type::utf8, required, "", ""},
    field{"time", type::time, required, "date,timestamp", "us"},
    field{"kind", type::utf8, optional, "type", ""},
    field{"reward", type::money, optional, "", "currency"},
    field{"event_id", type::utf8, optional, "", ""},
};

// Double entry: what leaves `from` enters `to`. kind: earn, burn, expire, reverse, restore, adjust.
constexpr std::array ledger{
    field{"customer", type::utf8, required, "customer_id,cust,id", ""},
    field{"time", type::time, required, "date,timestamp", "us"},
    field{"kind", type::utf8, required, "", ""},
    field{"from", type::utf8, required, "", ""},
    field{"to", type::utf8, required, "", ""},
    field{"points", type::i64, required, "", ""},
    field{"lot", type::utf8, optional, "", ""},
    field{"expires", type::time, optional, "", "us"},
    field{"order", type::utf8, optional, "", ""},
    field{"event_id", type::utf8, optional, "", ""},
};

// Every decision ever made by an engine, one row each: what outcomes are joined with.
constexpr std::array decision_log{
    field{"decision_id", type::utf8, required, "", ""},
    field{"run", type::i64, required, "", ""},
    field{"time", type::time, required, "", "us"},
    field{"customer", type::utf8, required, "", ""},
    field{"segment", type::utf8, optional, "", ""},
    field{"arm", type::utf8, required, "", ""},
    field{"reason_code", type::utf8, required, "", ""},
    field{"plugin", type::utf8, optional, "", ""},
    field{"action", type::utf8, optional, "", ""},
    field{"withheld", type::utf8, optional, "", ""},
    field{"channel", type::utf8, optional, "", ""},
    field{"category", type::utf8, optional, "", ""},
    field{"propensity", type::f64, required, "", ""},
    field{"p0", type::f64, optional, "", ""},
    field{"effect_mean", type::f64, optional, "", ""},
    field{"effect_sd", type::f64, optional, "", ""},
    field{"benefit", type::f64, optional, "", "currency"},
    field{"cannibalisation", type::f64, optional, "", "currency"},
    field{"net", type::f64, optional, "", "currency"},
    field{"cost", type::f64, optional, "", "currency"},
    field{"evidence", type::utf8, optional, "", ""},
    field{"receipt", type::utf8, optional, "", ""},
    field{"receipt_hash", type::utf8, required, "", ""},
    field{"prev_hash", type::utf8, required, "", ""},
    field{"chain_hash", type::utf8, required, "", ""},
};

// What happened to a ticket, one row each; sdk/DESK.md says what each kind does. Only rows are
// added.
constexpr std::array ticket_events{
    field{"ticket", type::utf8, required, "ticket_id,number", ""},
    field{"customer", type::utf8, required, "customer_id,cust,caller_id", ""},
    field{"time", type::time, required, "date,timestamp", "us"},
    field{"kind", type::utf8, required, "", ""},
    field{"channel", type::utf8, optional, "contact_type", ""},
    field{"agent", type::utf8, optional, "assigned_to", ""},
    field{"team", type::utf8, optional, "assignment_group,queue", ""},
    field{"category", type::utf8, optional, "", ""},
    field{"severity", type::utf8, optional, "priority", ""},
    field{"language", type::utf8, optional, "", ""},
    field{"skill", type::utf8, optional, "", ""},
    field{"subject", type::utf8, optional, "", ""},
    field{"length", type::f64, optional, "", ""},
    field{"minutes", type::f64, optional, "", ""},
    field{"outage", type::i64, optional, "", ""},
    field{"into", type::utf8, optional, "", ""},
    field{"automatic", type::i64, optional, "", ""},
    field{"event_id", type::utf8, optional, "", ""},
};

// Which addresses and accounts are the customer: linked 1 from then on, 0 no longer.
constexpr std::array identities{
    field{"customer", type::utf8, required, "customer_id,cust,id", ""},
    field{"identity", type::utf8, required, "", ""},
    field{"time", type::time, required, "date,timestamp", "us"},
    field{"kind", type::utf8, optional, "", ""},
    field{"linked", type::i64, required, "", ""},
    field{"event_id", type::utf8, optional, "", ""},
};

// Who answers. skills "billing:0.9;network", languages "en;de", channels "phone:1;chat:3".
constexpr std::array agents{
    field{"agent", type::utf8, required, "agent_id,name", ""},
    field{"team", type::utf8, optional, "queue", ""},
    field{"skills", type::utf8, optional, "", ""},
    field{"languages", type::utf8, optional, "", ""},
    field{"channels", type::utf8, optional, "", ""},
    field{"calendar", type::utf8, optional, "", ""},
    field{"status", type::utf8, optional, "", ""},
    field{"until", type::time, optional, "", "us"},
    field{"max_tickets", type::f64, optional, "", ""},
    field{"cost_hour", type::money, optional, "", "currency"},
};

// What the clocks of a ticket said, each once. kind: warning, breach, hit, missed.
constexpr std::array clock_events{
    field{"ticket", type::utf8, required, "", ""},
    field{"customer", type::utf8, required, "", ""},
    field{"time", type::time, required, "", "us"},
    field{"clock", type::utf8, required, "", ""},
    field{"kind", type::utf8, required, "", ""},
    field{"due", type::time, optional, "", "us"},
    field{"started", type::time, required, "", "us"},
    field{"elapsed_minutes", type::f64, required, "", ""},
    field{"target_minutes", type::f64, required, "", ""},
    field{"agent", type::utf8, optional, "", ""},
    field{"policy", type::utf8, optional, "", ""},
    field{"event_id", type::utf8, optional, "", ""},
};

// Promises to look after a customer. kind: opened, escalated, done, cancelled.
constexpr std::array follow_ups{
    field{"follow_up", type::utf8, required, "", ""},
    field{"customer", type::utf8, required, "", ""},
    field{"time", type::time, required, "", "us"},
    field{"kind", type::utf8, required, "", ""},
    field{"trigger", type::utf8, optional, "", ""},
    field{"ticket", type::utf8, optional, "", ""},
    field{"owner", type::utf8, optional, "", ""},
    field{"due", type::time, optional, "", "us"},
    field{"reason", type::utf8, optional, "", ""},
    field{"event_id", type::utf8, optional, "", ""},
};

constexpr std::array all{
    schema{"transactions", transactions},
    schema{"summary", summary},
    schema{"scores", scores},
    schema{"segments", segments},
    schema{"proposals", proposals},
    schema{"decisions", decisions},
    schema{"refusals", refusals},
    schema{"budget", budget},
    schema{"resources", resources},
    schema{"customers", customers},
    schema{"consent", consent},
    schema{"contacts", contacts},
    schema{"outcomes", outcomes},
    schema{"evidence", evidence},
    schema{"touches", touches},
    schema{"feedback", feedback},
    schema{"costs", costs},
    schema{"referrals", referrals},
    schema{"ledger", ledger},
    schema{"ticket_events", ticket_events},
    schema{"identities", identities},
    schema{"agents", agents},
    schema{"clock_events", clock_events},
    schema{"follow_ups", follow_ups},
    schema{"decision_log", decision_log},
};

}  // namespace

std::span<const schema> schemas() {
  return all;
}

const schema& find_schema(std::string_view name) {
  std::string known;
  for (const schema& s : all) {
    if (s.name == name) return s;
    known += (known.empty() ? "" : ", ") + std::string(s.name);
  }
  throw error(
      status::not_found, "no schema is called '" + std::string(name) + "'", "known: " + known);
}

}  // namespace clv

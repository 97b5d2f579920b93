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

// The tables of report `market`, written customer by customer. [one]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "clv/job.hpp"
#include "data/report_tables.hpp"
#include "market/campaign.hpp"
#include "market/habits.hpp"
#include "market/person.hpp"

namespace clv::market {

class market_tables {
 public:
  explicit market_tables(const world& w);
  // Customers must come in their order. `past` is what the campaign did, `who` the customer as it
  // is after it.
  void add(std::uint64_t customer,
           const person& who,
           const habits& h,
           const std::optional<participation>& past);
  void finish(const std::string& extra, outcome& into);

 private:
  std::int64_t time_of(double day) const;
  std::int64_t minor(double amount) const;
  void add_log(const std::string& number, const person& who);
  void add_service(const std::string& number, const person& who, const habits& h);
  void add_reach(const std::string& number, const person& who, const habits& h);
  void add_campaign(const std::string& number, const participation& p);
  void add_truth(const person& who, const habits& h);
  void add_facts(const person& who, const habits& h);

  const world& w_;
  double minor_per_major_;
  std::string id_;  // of the customer being added
  report_writer log_, facts_, consent_, contacts_, feedback_, touches_, costs_, tickets_;
  report_writer experiment_, experiment_truth_, truth_;
};

// Which columns of schema "customers" the market knows, and what a shop would have as attributes.
inline constexpr std::string_view fact_columns =
    "customer,complaint_open,tags,orders,discounted_orders,order_value,order_cost,order_shipping,"
    "running_discount,days_since_order,last_order_delivered,open_tickets,ticket_severity,"
    "days_since_resolution,sla_breached,csat,nps,days_since_feedback,survey_sent,ticket_cost,"
    "cart_value,shipping_threshold,shipping_cost,renewal_days,p_renew,contract_value,plan_use,"
    "margin_year,service_cost_year,launch,next_category,next_category_p,next_category_margin,"
    "next_category_support,next_category_lift_low,tier,tier_points,tier_gap,tier_review,"
    "tier_margin_gain,referral_value,referrals_pending,second_order_day,attr.source,attr.gender,"
    "attr.opens,attr.segment";
inline constexpr std::string_view experiment_columns =
    "customer,time,treatment,propensity,outcome,value,cost,later_outcome,unsubscribed,"
    "segment,orders,days_since_order,mean_order,tenure_days,discounted_share,opens,open_tickets";

}  // namespace clv::market

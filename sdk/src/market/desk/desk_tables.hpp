// The tables of report `desk_market`. [any]
#pragma once

#include <string>

#include "clv/job.hpp"
#include "market/desk/desk_run.hpp"

namespace clv::market_desk {

inline constexpr std::string_view event_columns =
    "ticket,customer,time,kind,channel,agent,team,category,severity,language,skill,subject,length,"
    "minutes,outage,into,automatic,event_id";
inline constexpr std::string_view agent_columns =
    "agent,team,skills,languages,channels,calendar,status,until,max_tickets,cost_hour";
inline constexpr std::string_view score_columns = "customer,clv,clv_at_risk";
inline constexpr std::string_view segment_columns = "customer,scheme,segment";
inline constexpr std::string_view feedback_columns =
    "customer,time,kind,score,scale,topics,ticket,agent,event_id";
inline constexpr std::string_view churn_columns = "customer,churned";
inline constexpr std::string_view truth_columns =
    "ticket,customer,nominal_minutes,delay_cost_hour,cost_hour,churn_per_hour,churn_per_breach,"
    "rounds";
inline constexpr std::string_view customer_truth_columns =
    "customer,tier,clv,estimated_clv,sensitivity,unavoidable_hazard,added_hazard,p_churn,churned";
inline constexpr std::string_view served_columns =
    "ticket,agent,first_reply,resolved,delay_hours,longest_wait_minutes,work_minutes,clocks,missed,"
    "handed_over,delay_cost,satisfaction";

// Everything that a desk would have after the run, and the truth behind it.
void write_tables(const scenario& s, const run_result& r, const std::string& extra, outcome& out);

}  // namespace clv::market_desk

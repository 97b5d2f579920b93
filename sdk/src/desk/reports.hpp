// The reports of this room; the table is engine/reports.cpp. One line per row, one file per row.
#pragma once

#include "clv/report.hpp"

namespace clv {

extern const report desk_assign_report;         // routing/assign.cpp
extern const report desk_breach_effect_report;  // performance/desk_breach_effect.cpp
extern const report desk_capacity_report;       // routing/capacity.cpp
extern const report desk_card_report;           // card/desk_card.cpp
extern const report desk_claim_report;          // routing/claim.cpp
extern const report desk_clocks_report;         // clocks/clocks_report.cpp
extern const report desk_costs_report;          // performance/desk_costs.cpp
extern const report desk_customers_report;      // care/customers_report.cpp
extern const report desk_due_report;            // clocks/due_report.cpp
extern const report desk_follow_ups_report;     // care/follow_ups_report.cpp
extern const report desk_handle_times_report;   // priority/handle_report.cpp
extern const report desk_import_report;         // tickets/desk_import.cpp
extern const report desk_match_report;          // routing/match.cpp
extern const report desk_move_report;           // tickets/desk_move.cpp
extern const report desk_performance_report;    // performance/desk_performance.cpp
extern const report desk_rank_report;           // priority/rank.cpp
extern const report desk_satisfaction_report;   // care/satisfaction_report.cpp
extern const report desk_surveys_report;        // care/surveys_report.cpp
extern const report desk_sweep_report;          // routing/sweep.cpp
extern const report desk_tickets_report;        // tickets/desk_tickets.cpp
extern const report desk_timeline_report;       // tickets/desk_timeline.cpp
extern const report desk_topics_report;         // performance/desk_topics.cpp
extern const report desk_triage_report;         // priority/triage.cpp

}  // namespace clv

// The table of reports: each row is a file of the room that knows its subject.
#include "segments/reports.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "clv/error.hpp"
#include "clv/report.hpp"
#include "clv/schema.hpp"
#include "data/settings.hpp"
#include "desk/reports.hpp"
#include "features/reports.hpp"
#include "market/reports.hpp"
#include "retention/reports.hpp"
#include "value/reports.hpp"

namespace clv {
namespace {

constexpr std::array rows{
    &allocate_report,
    &budget_curve_report,
    &churn_targeting_report,
    &churn_fit_report,
    &churn_labels_report,
    &churn_score_report,
    &features_report,
    &issue_pareto_report,
    &acquisition_report,
    &backtest_report,
    &bootstrap_intervals_report,
    &bridge_report,
    &cohorts_report,
    &contract_value_report,
    &cross_sell_report,
    &customer_reasons_report,
    &effects_report,
    &effects_apply_report,
    &equity_report,
    &formula_report,
    &formula_elements_report,
    &likelihood_ratio_report,
    &market_report,
    &market_outcomes_report,
    &market_policies_report,
    &desk_market_report,
    &desk_policies_report,
    &migration_report,
    &pareto_nbd_time_varying_report,
    &referral_report,
    &spend_by_frequency_report,
    &retention_multiples_report,
    &spending_balance_report,
    &tracking_report,
    &value_totals_report,
    &experiment_plan_report,
    &holdout_report,
    &lift_report,
    &logged_experiment_report,
    &off_policy_report,
    &sample_ratio_report,
    &benefits_report,
    &loyalty_balances_report,
    &loyalty_ledger_report,
    &loyalty_tiers_report,
    &programme_report,
    &adverse_selection_report,
    &deal_seekers_report,
    &fairness_report,
    &desk_assign_report,
    &desk_breach_effect_report,
    &desk_capacity_report,
    &desk_claim_report,
    &desk_clocks_report,
    &desk_costs_report,
    &desk_customers_report,
    &desk_due_report,
    &desk_follow_ups_report,
    &desk_card_report,
    &desk_handle_times_report,
    &desk_match_report,
    &desk_performance_report,
    &desk_rank_report,
    &desk_satisfaction_report,
    &desk_surveys_report,
    &desk_sweep_report,
    &desk_topics_report,
    &desk_triage_report,
    &desk_import_report,
    &desk_move_report,
    &desk_tickets_report,
    &desk_timeline_report,
};

[[noreturn]] void refuse_input(const report& r, const std::string& what) {
  std::string names;
  for (const report_input& i : r.inputs) {
    names += (names.empty() ? "" : ", ") + std::string(i.name) + (i.required ? "" : " (optional)");
  }
  throw error(status::invalid,
              "report '" + std::string(r.name) + "': " + what,
              names.empty() ? "it takes no tables" : "it takes: " + names);
}

// Whether conform() would only copy it: a log of a million receipts is not copied for nothing.
bool conforms(const table& given, const schema& to) {
  for (const field& f : to.fields) {
    if (f.required && given.find(f.name) == nullptr) return false;
  }
  return std::all_of(given.columns().begin(), given.columns().end(), [&](const column& c) {
    const auto f = std::find_if(
        to.fields.begin(), to.fields.end(), [&](const field& x) { return x.name == c.name(); });
    if (f == to.fields.end() || f->kind != c.kind()) return false;
    return f->unit == "currency" || f->unit == "unit" || f->unit == c.unit();
  });
}

const report_input* input_named(const report& r, std::string_view name) {
  for (const report_input& i : r.inputs) {
    if (i.name == name) return &i;
  }
  return nullptr;
}

}  // namespace

std::span<const report* const> reports() {
  return rows;
}

const report& find_report(std::string_view name) {
  std::string names;
  for (const report* r : rows) {
    if (r->name == name) return *r;
    names += (names.empty() ? "" : ", ") + std::string(r->name);
  }
  throw error(status::not_found,
              "there is no report named '" + std::string(name) + "'",
              "use one of: " + names);
}

job begin_report(std::string_view name, report_inputs in, std::string_view options_json) {
  const report& r = find_report(name);
  for (auto& [key, rows_of] : in.tables) {
    const report_input* known = input_named(r, key);
    if (known == nullptr) refuse_input(r, "it takes no table '" + key + "'");
    if (known->schema.empty() || conforms(*rows_of, find_schema(known->schema))) continue;
    auto copy = std::make_shared<table>(conform(*rows_of, find_schema(known->schema)));
    copy->restore_fingerprint(rows_of->fingerprint());  // results say what they were made from
    rows_of = std::move(copy);
  }
  for (const report_input& i : r.inputs) {
    if (i.required && !in.has(i.name))
      refuse_input(r, "table '" + std::string(i.name) + "' is missing");
  }
  if (r.needs_model && in.model == nullptr) refuse_input(r, "it needs a model");
  // Said once for all reports, also for one that has no options and therefore reads none.
  settings("report '" + std::string(r.name) + "'", options_json, r.options);
  return r.begin(std::move(in), options_json);
}

}  // namespace clv

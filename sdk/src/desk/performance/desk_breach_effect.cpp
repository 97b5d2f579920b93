// What a broken promise costs: the effect of an SLA breach on the chance that the customer leaves,
// adjusted for what was known when the ticket came, doubly robust (doubly_robust.hpp has formulas
// and sources). It feeds priority.churn_per_hour of the rules.
//
// What it rests on, and no data can show: nothing beyond the covariates makes both a breach and
// leaving more likely. The e-value says how strong such a thing would have to be, as a risk ratio
// with either, to explain the effect away: RR + sqrt(RR (RR - 1)), RR = chance breached / kept
// (VanderWeele & Ding 2017, Annals of Internal Medicine 167(4) 268-274).
//
// The horizon begins when the ticket came (start created): both arms are then watched equally long
// and nobody is left out because of what happened later. start resolved begins at the first
// resolution instead, which breached tickets reach later; unresolved ones are left out.
#include <algorithm>
#include <array>
#include <cmath>

#include "clv/error.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/performance/breach_study.hpp"
#include "desk/performance/window.hpp"
#include "desk/reports.hpp"
#include "math/normal.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 7> desk_breach_effect_inputs{
    {events_input,
     identities_input,
     clock_events_input,
     {"transactions", "transactions", false, ""},
     {"customers_after",
      "",
      false,
      "customer,churned or bought (1 or 0, within the horizon); optional: covariates of before; "
      "without this table transactions say who left"},
     scores_input,
     segments_input}};
constexpr std::array<report_option, 14> desk_breach_effect_option_rows{
    {desk_option,
     as_of_option,
     from_option,
     to_option,
     {"clock", "\"any\"", "whose breach: first_response, next_response, resolution or any"},
     {"horizon_days", "90", "without an order for so long the customer has left"},
     {"start", "\"created\"", "of the horizon: created or resolved"},
     {"covariates",
      "",
      "what was known before; default: category,severity,channel,hour,weekday,backlog,length,"
      "outage,recency,frequency,spend,tenure as far as there; also tier, clv_at_risk (only when "
      "segments and scores are of before the tickets) and columns of customers_after"},
     {"base", "\"logistic\"", "regression of the outcome: logistic, ridge or stumps"},
     {"l2", "1", "penalty of the regressions"},
     {"folds", "5", "of cross-fitting, 2 to 20"},
     {"clip", "0.01", "chances to breach are held within it and 1 less it"},
     {"seed", "1", "of the folds"},
     {"level", "0.95", "of the intervals"}}};
constexpr std::array<report_output, 6> desk_breach_effect_outputs{
    {{"",
      "verdict,effect,standard_error,lower,upper,unadjusted,unadjusted_lower,unadjusted_upper,"
      "churn_breached,churn_kept,breached,kept,mean_overrun_hours,churn_per_hour,"
      "churn_per_hour_error,churn_per_hour_lower,churn_per_hour_upper,e_value,converged,desk"},
     {"per_hour", "method,churn_per_hour,standard_error,lower,upper"},
     {"balance", "covariate,before,after"},
     {"overlap", "from,to,breached,kept"},
     {"left_out", "reason,customers"},
     refused_output}};

breach_plan read_plan(const settings& given) {
  breach_plan p;
  const std::string clock = given.text("clock", "any");
  const auto named = std::ranges::find(clock_names, clock);
  if (named == clock_names.end() && clock != "any") {
    given.refuse("clock", "first_response, next_response, resolution or any");
  }
  if (clock != "any") p.rules.clock = static_cast<clock_kind>(named - clock_names.begin());
  const std::string start = given.text("start", "created");
  if (start != "created" && start != "resolved") given.refuse("start", "created or resolved");
  p.rules.from_resolution = start == "resolved";
  const double days = given.number_in("horizon_days", 90, 1, 3650);
  p.rules.horizon_us = std::llround(days * static_cast<double>(us_per_day));
  p.rules.covariates = given.names("covariates").value_or(std::vector<std::string>());
  p.rules.seed = static_cast<std::uint64_t>(given.number_in("seed", 1, 0, 9e15));
  const std::string base = given.text("base", "logistic");
  if (base != "logistic" && base != "ridge" && base != "stumps") {
    given.refuse("base", "logistic, ridge or stumps");
  }
  p.how = {.folds = static_cast<int>(given.number_in("folds", 5, 2, 20)),
           .clip = given.number_in("clip", 0.01, 1e-6, 0.2),
           .l2 = given.number_in("l2", 1, 1e-9, 1e9),
           .outcome = base == "logistic" ? retention::base_kind::logistic
                      : base == "ridge"  ? retention::base_kind::ridge
                                         : retention::base_kind::stumps};
  p.z = math::normal_quantile(0.5 + 0.5 * given.number_in("level", 0.95, 0.5, 0.9999));
  return p;
}

void desk_breach_effect_build(const desk_call& asked, outcome& out) {
  const desk_view view = asked.view();
  breach_plan p = read_plan(asked.given);
  p.rules.window = read_window(asked.given, view.now);
  std::optional<known_outcomes> outcomes;
  std::optional<purchase_book> purchases;
  if (asked.in.has("customers_after")) {
    outcomes = read_outcomes(asked.in.tables.find("customers_after")->second, view.who);
  }
  if (asked.in.has("transactions")) {
    purchases.emplace(asked.in.of("transactions"), view.who, view.now);
  }
  const breach_study s = make_study({.view = view,
                                     .outcomes = outcomes ? &*outcomes : nullptr,
                                     .purchases = purchases ? &*purchases : nullptr},
                                    p,
                                    out.notes);
  out.tables[""] = effect_table(s, p, asked.seal);
  out.tables["per_hour"] = per_hour_table(s, p, asked.seal);
  out.tables["balance"] = balance_table(s, asked.seal);
  out.tables["overlap"] = overlap_table(s, asked.seal);
  out.tables["left_out"] = left_out_table(s, asked.seal);
  out.tables["refused"] = refused_table(view.book, asked.seal);
}

job desk_breach_effect_begin(report_inputs in, std::string_view options_json) {
  desk_call asked(
      "desk_breach_effect", std::move(in), options_json, desk_breach_effect_option_rows);
  read_plan(asked.given);
  if (!asked.in.has("customers_after") && !asked.in.has("transactions")) {
    throw error(status::invalid,
                "report 'desk_breach_effect' needs table 'customers_after' or 'transactions'",
                "who left afterwards is said by one of them");
  }
  return desk_job("effect", std::move(asked), desk_breach_effect_build);
}

}  // namespace

constinit const report desk_breach_effect_report{
    .name = "desk_breach_effect",
    .summary =
        "What a breach of a promised time does to the chance that a customer leaves, "
        "adjusted, and per hour of delay",
    .needs_model = false,
    .inputs = desk_breach_effect_inputs,
    .options = desk_breach_effect_option_rows,
    .outputs = desk_breach_effect_outputs,
    .begin = desk_breach_effect_begin,
};

}  // namespace clv

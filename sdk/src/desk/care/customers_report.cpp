// What the desk knows of customers, as facts for the gate and the plugins.
#include <algorithm>
#include <array>
#include <cmath>

#include "clv/money.hpp"
#include "desk/care/customer_standing.hpp"
#include "desk/care/recorded_follow_ups.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"
#include "desk/routing/agents.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 8> inputs{{events_input,
                                              identities_input,
                                              segments_input,
                                              feedback_input,
                                              clock_events_input,
                                              follow_ups_input,
                                              optional_agents_input,
                                              {"customers", "customers", false, ""}}};
constexpr std::array<report_option, 9> option_rows{
    {desk_option,
     as_of_option,
     {"complaint_days", "14", "a bad answer nobody has settled is an open complaint so long"},
     {"complaint_severity", "3", "of 1 to 4: from here on an open ticket is a complaint"},
     {"complaint_categories",
      "[\"complaint\"]",
      "and so is an open ticket of one of these categories"},
     {"breach_days", "14", "a promise kept too late is remembered so long"},
     {"survey_days", "14", "a survey waits for its answer so long"},
     cost_hour_option,
     currency_option}};
// Not all columns of the schema: those that are not here belong to others and stay as they are.
constexpr std::string_view main_columns =
    "customer,complaint_open,open_tickets,ticket_severity,days_since_resolution,sla_breached,csat,"
    "nps,days_since_feedback,survey_sent,ticket_cost";
constexpr std::array<report_output, 2> outputs{{{"", main_columns, "customers"}, refused_output}};
constexpr std::array desk_columns{std::string_view("complaint_open"),
                                  std::string_view("open_tickets"),
                                  std::string_view("ticket_severity"),
                                  std::string_view("days_since_resolution"),
                                  std::string_view("sla_breached"),
                                  std::string_view("csat"),
                                  std::string_view("nps"),
                                  std::string_view("days_since_feedback"),
                                  std::string_view("survey_sent"),
                                  std::string_view("ticket_cost")};

std::set<std::string, std::less<>> settled_follow_ups(const table* rows, std::int64_t now) {
  std::set<std::string, std::less<>> settled;
  if (rows == nullptr) return settled;
  for (const auto& [id, f] : recorded_follow_ups(*rows, now)) {
    if (f.settled()) settled.insert(id);
  }
  return settled;
}

// Of whom the desk said something before that may be true no more: they get a row as well.
void add_told_before(const table* rows, standings& all) {
  if (rows == nullptr) return;
  const column& ids = rows->get("customer", type::utf8);
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    const bool told = std::ranges::any_of(desk_columns, [&](std::string_view name) {
      const column* c = rows->find(name);
      return c != nullptr && c->present(row);
    });
    if (told) all.try_emplace(std::string(ids.text(row)));
  }
}

double days_since(std::int64_t then, std::int64_t now) {
  return static_cast<double>(now - then) / static_cast<double>(us_per_day);
}

std::shared_ptr<const table> facts_table(const standings& all,
                                         std::int64_t now,
                                         const standing_rules& rules,
                                         const std::string& currency,
                                         const std::string& seal) {
  report_writer rows({{"customer", type::utf8},
                      {"complaint_open", type::i64},
                      {"open_tickets", type::f64},
                      {"ticket_severity", type::f64},
                      {"days_since_resolution", type::f64},
                      {"sla_breached", type::i64},
                      {"csat", type::f64},
                      {"nps", type::f64},
                      {"days_since_feedback", type::f64},
                      {"survey_sent", type::i64},
                      {"ticket_cost", type::money, currency}});
  const double per_major = minor_per_major(currency.empty() ? "XXX" : currency);
  const auto age = [&](const std::optional<std::int64_t>& then) {
    return then ? std::optional(days_since(*then, now)) : std::nullopt;
  };
  for (const auto& [id, who] : all) {
    std::optional<std::int64_t> cost;
    if (who.cost) cost = std::llround(std::min(*who.cost * per_major, 9e15));
    rows.row(id,
             std::int64_t{who.complaint_open},
             static_cast<double>(who.open_tickets),
             who.severity,
             age(who.resolved),
             std::int64_t{who.sla_breached},
             who.lately(who.csat),
             who.lately(who.nps),
             age(who.answered),
             std::int64_t{who.survey_waits(now, rules)},
             cost);
  }
  return rows.sealed(seal);
}

standing_rules read_rules(const settings& given) {
  standing_rules r;
  const auto days = [&](std::string_view name, double fallback) {
    return given.number_in(name, fallback, 0, 36'500);
  };
  r.complaint_days = days("complaint_days", r.complaint_days);
  r.breach_days = days("breach_days", r.breach_days);
  r.survey_days = days("survey_days", r.survey_days);
  r.complaint_severity = given.number_in("complaint_severity", r.complaint_severity, 1, 5);
  if (const auto names = given.names("complaint_categories")) r.complaint_categories = *names;
  return r;
}

void build(const desk_call& asked, outcome& out) {
  const desk_view view = asked.view();
  const standing_rules rules = read_rules(asked.given);
  const hourly_costs costs(asked.find("agents"), view.policy, asked.given);
  standings all = standings_of(view,
                               read_answers(asked.in, view),
                               settled_follow_ups(asked.find("follow_ups"), view.now),
                               costs,
                               rules);
  add_told_before(asked.find("customers"), all);
  out.tables[""] = facts_table(all, view.now, rules, costs.currency(), asked.seal);
  out.tables["refused"] = refused_table(view.book, asked.seal);
}

job begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_customers", std::move(in), options_json, option_rows);
  read_rules(asked.given);
  check_cost_options(asked.given);
  return desk_job("customers", std::move(asked), build);
}

}  // namespace

constinit const report desk_customers_report{
    .name = "desk_customers",
    .summary = "What the desk knows of each customer, as the facts that the gate and plugins read",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv

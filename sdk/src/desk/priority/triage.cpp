// The order of work: every ticket that waits for us, with the parts of its number. reference:
// sdk/DESK.md, Priority.
#include <array>
#include <utility>

#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/priority/why_now.hpp"
#include "desk/reports.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 5> inputs{
    {events_input, identities_input, scores_input, segments_input, clock_events_input}};
constexpr std::array<report_option, 3> option_rows{
    {desk_option,
     as_of_option,
     {"top", "", "only so many tickets, from the first on; default: all"}}};
constexpr std::array<report_output, 2> outputs{
    {{"",
      "rank,ticket,customer,agent,index,delay_cost,severity_cost,words_cost,outage_cost,sla_cost,"
      "value_cost,ageing,expected_minutes,minutes_left,minutes_source,wait_minutes,slack_minutes,"
      "due,beyond_bound,clv_at_risk,reason"},
     refused_output}};

constexpr double most_rows = 1e9;

// Of the table of values, where it says one: all costs of a desk are in that currency.
std::string currency_of(const report_inputs& in) {
  if (!in.has("scores")) return {};
  const table& scores = in.of("scores");
  for (const std::string_view name : {"clv_at_risk", "clv"}) {
    if (const column* c = scores.find(name)) return c->unit();
  }
  return {};
}

report_writer columns(const std::string& currency) {
  return report_writer({{"rank", type::i64},
                        {"ticket", type::utf8},
                        {"customer", type::utf8},
                        {"agent", type::utf8},
                        {"index", type::f64},
                        {"delay_cost", type::f64, currency},
                        {"severity_cost", type::f64, currency},
                        {"words_cost", type::f64, currency},
                        {"outage_cost", type::f64, currency},
                        {"sla_cost", type::f64, currency},
                        {"value_cost", type::f64, currency},
                        {"ageing", type::f64},
                        {"expected_minutes", type::f64},
                        {"minutes_left", type::f64},
                        {"minutes_source", type::utf8},
                        {"wait_minutes", type::f64},
                        {"slack_minutes", type::f64},
                        {"due", type::time, "us"},
                        {"beyond_bound", type::i64},
                        {"clv_at_risk", type::f64, currency},
                        {"reason", type::utf8}});
}

void write_row(report_writer& to,
               std::int64_t rank,
               const ticket_index& x,
               const ticket& t,
               const delay_rules& rules) {
  to.row(rank,
         t.id,
         t.customer,
         word(t.agent),
         x.index,
         x.delay_cost(),
         x.severity_cost,
         x.words_cost,
         x.outage_cost,
         x.sla_cost,
         x.value_cost,
         x.ageing,
         x.handle.minutes,
         x.handle.left,
         x.handle.source,
         x.wait_minutes,
         x.slack_minutes,
         x.due,
         std::int64_t{x.beyond_bound},
         x.at_risk,
         why_now(x, {t.severity, t.subject}, rules));
}

double read_top(const settings& given) {
  return given.number_in("top", most_rows, 0, most_rows);
}

void build(const desk_call& asked, outcome& out) {
  const desk_view view = asked.view();
  const auto ranked = rank_tickets(view);
  const delay_rules rules(view.policy.priority);
  report_writer to = columns(currency_of(asked.in));
  const double top = read_top(asked.given);
  for (std::size_t i = 0; i < ranked.size() && static_cast<double>(i) < top; ++i) {
    const ticket& t = view.book.tickets[ranked[i].ticket];
    write_row(to, static_cast<std::int64_t>(i) + 1, ranked[i], t, rules);
  }
  out.tables[""] = to.sealed(asked.seal);
  out.tables["refused"] = refused_table(view.book, asked.seal);
}

job begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_triage", std::move(in), options_json, option_rows);
  read_top(asked.given);
  return desk_job("triage", std::move(asked), build);
}

}  // namespace

constinit const report desk_triage_report{
    .name = "desk_triage",
    .summary = "The order of work: cost of delay over expected handle time, part by part",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv

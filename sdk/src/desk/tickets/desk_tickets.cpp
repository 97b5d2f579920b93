// Every ticket as it stands, and what of the log was set aside.
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 4> inputs{
    {events_input, identities_input, scores_input, segments_input}};
constexpr std::array<report_option, 3> option_rows{
    {as_of_option,
     {"customer", "", "only tickets of this customer, under any of the names it is known by"},
     {"active", "false", "true: only tickets that are neither resolved nor closed nor merged"}}};
constexpr std::array<report_output, 2> outputs{
    {{"",
      "ticket,customer,status,active,channel,category,severity,team,agent,language,skill,subject,"
      "outage,created,first_reply,last_reply,last_message_in,assigned,resolved,closed,merged_into,"
      "replied_by,resolved_by,resolved_automatically,messages_in,messages_out,reopened,reassigned,"
      "resolutions,length,minutes,events,tier,clv_at_risk"},
     refused_output}};

report_writer ticket_writer() {
  return report_writer({{"ticket", type::utf8},
                        {"customer", type::utf8},
                        {"status", type::utf8},
                        {"active", type::i64},
                        {"channel", type::utf8},
                        {"category", type::utf8},
                        {"severity", type::utf8},
                        {"team", type::utf8},
                        {"agent", type::utf8},
                        {"language", type::utf8},
                        {"skill", type::utf8},
                        {"subject", type::utf8},
                        {"outage", type::i64},
                        {"created", type::time, "us"},
                        {"first_reply", type::time, "us"},
                        {"last_reply", type::time, "us"},
                        {"last_message_in", type::time, "us"},
                        {"assigned", type::time, "us"},
                        {"resolved", type::time, "us"},
                        {"closed", type::time, "us"},
                        {"merged_into", type::utf8},
                        {"replied_by", type::utf8},
                        {"resolved_by", type::utf8},
                        {"resolved_automatically", type::i64},
                        {"messages_in", type::i64},
                        {"messages_out", type::i64},
                        {"reopened", type::i64},
                        {"reassigned", type::i64},
                        {"resolutions", type::i64},
                        {"length", type::f64},
                        {"minutes", type::f64},
                        {"events", type::i64},
                        {"tier", type::utf8},
                        {"clv_at_risk", type::f64}});
}

std::optional<double> known(bool is_known, double value) {
  if (!is_known) return std::nullopt;
  return value;
}

std::optional<std::int64_t> known(bool is_known, bool value) {
  if (!is_known) return std::nullopt;
  return value ? 1 : 0;
}

void write(const ticket& t, const desk_view& view, report_writer& to) {
  const auto count = [](auto n) { return static_cast<std::int64_t>(n); };
  to.row(t.id,
         t.customer,
         status_names[static_cast<std::size_t>(t.status)],
         count(is_active(t.status)),
         word(t.channel),
         word(t.category),
         word(t.severity),
         word(t.team),
         word(t.agent),
         word(t.language),
         word(t.skill),
         word(t.subject),
         count(t.outage),
         t.created,
         t.first_reply,
         t.last_reply,
         t.last_message_in,
         t.assigned,
         t.resolved,
         t.closed,
         word(t.merged_into),
         word(t.replied_by),
         word(t.resolved_by),
         known(t.resolved.has_value(), t.resolved_automatically),
         count(t.messages_in),
         count(t.messages_out),
         count(t.reopened),
         count(t.reassigned),
         count(t.resolutions),
         known(t.length > 0, t.length),
         known(t.has_minutes, t.minutes),
         count(t.events.size()),
         word(view.tier_of(t.customer)),
         view.at_risk_of(t.customer));
}

void build(const desk_call& asked, outcome& out) {
  const desk_view view = asked.view();
  const bool only_active = asked.given.flag("active", false);
  const std::string given = asked.given.text("customer", "");
  const std::string_view customer = view.who.customer_of(given);
  report_writer rows = ticket_writer();
  for (const ticket& t : view.book.tickets) {
    if (only_active && !is_active(t.status)) continue;
    if (given.empty() || t.customer == customer) write(t, view, rows);
  }
  out.tables[""] = rows.sealed(asked.seal);
  out.tables["refused"] = refused_table(view.book, asked.seal);
}

job begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_tickets", std::move(in), options_json, option_rows);
  asked.given.flag("active", false);
  return desk_job("tickets", std::move(asked), build);
}

}  // namespace

constinit const report desk_tickets_report{
    .name = "desk_tickets",
    .summary = "Every ticket as its events tell it, and the events that cannot have happened",
    .needs_model = false,
    .inputs = inputs,
    .options = option_rows,
    .outputs = outputs,
    .begin = begin,
};

}  // namespace clv

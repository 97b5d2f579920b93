// Whom to look after, who does it, until when, and what is late.
#include <array>

#include "desk/care/follow_ups.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"
#include "desk/routing/agents.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 8> follow_ups_report_inputs{{events_input,
                                                                identities_input,
                                                                scores_input,
                                                                segments_input,
                                                                feedback_input,
                                                                clock_events_input,
                                                                follow_ups_input,
                                                                optional_agents_input}};
constexpr std::array<report_option, 3> follow_ups_report_option_rows{
    {desk_option,
     as_of_option,
     {"window_days", "30", "what happened longer ago opens no follow-up any more"}}};
constexpr std::array<report_output, 3> follow_ups_report_outputs{
    {{"", "follow_up,customer,ticket,trigger,owner,opened,due,escalated,state,reason"},
     {"records",
      "follow_up,customer,time,kind,trigger,ticket,owner,due,reason,event_id",
      "follow_ups"},
     refused_output}};

std::shared_ptr<const table> overview(const std::vector<follow_up>& all, const std::string& seal) {
  report_writer rows({{"follow_up", type::utf8},
                      {"customer", type::utf8},
                      {"ticket", type::utf8},
                      {"trigger", type::utf8},
                      {"owner", type::utf8},
                      {"opened", type::time, "us"},
                      {"due", type::time, "us"},
                      {"escalated", type::time, "us"},
                      {"state", type::utf8},
                      {"reason", type::utf8}});
  for (const follow_up& f : all) {
    rows.row(f.id,
             f.customer,
             word(f.ticket),
             word(f.trigger),
             word(f.owner),
             f.opened,
             f.due,
             f.escalated,
             follow_up_states[static_cast<std::size_t>(f.state)],
             f.reason);
  }
  return rows.sealed(seal);
}

void add_record(schema_rows& rows, const follow_up& f, std::string_view kind, std::int64_t time) {
  std::optional<schema_rows::cell> due;
  if (f.due) due = *f.due;
  const std::string id = key_of({f.id, kind});
  rows.row({{"follow_up", f.id},
            {"customer", f.customer},
            {"time", time},
            {"kind", kind},
            {"trigger", word_cell(f.trigger)},
            {"ticket", word_cell(f.ticket)},
            {"owner", word_cell(f.owner)},
            {"due", due},
            {"reason", word_cell(f.reason)},
            {"event_id", id}});
}

// A promise that was settled before it was recorded needs no record any more.
std::shared_ptr<const table> records(const std::vector<follow_up>& all, const std::string& seal) {
  schema_rows rows("follow_ups");
  for (const follow_up& f : all) {
    if (!f.settled() && !f.opening_recorded) add_record(rows, f, "opened", f.opened);
    if (f.state == follow_up_state::escalated && !f.escalation_recorded) {
      add_record(rows, f, "escalated", *f.escalated);
    }
  }
  return rows.sealed(seal);
}

double read_window_days(const settings& given) {
  return given.number_in("window_days", 30, 0, 36'500);
}

void follow_ups_report_build(const desk_call& asked, outcome& out) {
  const desk_view view = asked.view();
  const std::vector<answer> answers = read_answers(asked.in, view);
  const auto all = follow_ups_of({.view = &view,
                                  .answers = answers,
                                  .clock_events = asked.find("clock_events"),
                                  .recorded = asked.find("follow_ups"),
                                  .agents = asked.find("agents"),
                                  .window_days = read_window_days(asked.given)});
  out.tables[""] = overview(all, asked.seal);
  out.tables["records"] = records(all, asked.seal);
  out.tables["refused"] = refused_table(view.book, asked.seal);
}

job follow_ups_report_begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_follow_ups", std::move(in), options_json, follow_ups_report_option_rows);
  read_window_days(asked.given);
  return desk_job("follow-ups", std::move(asked), follow_ups_report_build);
}

}  // namespace

constinit const report desk_follow_ups_report{
    .name = "desk_follow_ups",
    .summary = "Promises to look after customers: one per trigger, with owner, due time and state",
    .needs_model = false,
    .inputs = follow_ups_report_inputs,
    .options = follow_ups_report_option_rows,
    .outputs = follow_ups_report_outputs,
    .begin = follow_ups_report_begin,
};

}  // namespace clv

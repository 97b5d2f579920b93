// Whom to ask how it was, each resolution at most once.
#include <array>

#include "desk/care/surveys.hpp"
#include "desk/desk_call.hpp"
#include "desk/desk_tables.hpp"
#include "desk/reports.hpp"
#include "desk/tickets/named_customer.hpp"

namespace clv {
namespace {

using namespace desk;

constexpr std::array<report_input, 4> surveys_report_inputs{
    events_input, identities_input, segments_input, feedback_input};
constexpr std::array<report_option, 4> surveys_report_option_rows{
    {desk_option,
     as_of_option,
     {"window_days", "7", "a survey that fell due longer ago is not sent any more, nor listed"},
     {"reward",
      "0",
      "what is given for answering, in major units: one number, the same for every answer, because "
      "a reward that depends on the score buys the score"}}};
constexpr std::array<report_output, 3> surveys_report_outputs{
    {{"", "ticket,customer,agent,resolved,due,kind,send,code,reason,reward"},
     recorded_events_output,
     refused_output}};

// Also a list or an object is refused by name: a reward by score is what surveys must not have.
double read_reward(const settings& given) {
  constexpr const char* wanted =
      "one number of 0 or more: it is the same for every answer, whatever the score";
  const std::string text = given.json("reward");
  if (text.starts_with('{') || text.starts_with('[')) given.refuse("reward", wanted);
  const double reward = given.number("reward", 0);
  if (!(reward >= 0 && reward <= 1e9)) given.refuse("reward", wanted);
  return reward;
}

double read_window_days(const settings& given) {
  return given.number_in("window_days", 7, 0, 36'500);
}

void write(const desk_call& asked,
           const desk_view& view,
           const std::vector<survey_choice>& all,
           outcome& out) {
  const double reward = read_reward(asked.given);
  report_writer main({{"ticket", type::utf8},
                      {"customer", type::utf8},
                      {"agent", type::utf8},
                      {"resolved", type::time, "us"},
                      {"due", type::time, "us"},
                      {"kind", type::utf8},
                      {"send", type::i64},
                      {"code", type::utf8},
                      {"reason", type::utf8},
                      {"reward", type::f64}});
  schema_rows events("ticket_events");
  for (const survey_choice& c : all) {
    const credit about = credited_agent(view.book, *c.of, c.end.time);
    main.row(c.of->id,
             c.of->customer,
             word(about.agent),
             c.end.time,
             c.due,
             view.policy.surveys->kind,
             std::int64_t{c.send()},
             c.code,
             c.reason,
             reward);
    if (!c.send()) continue;
    const std::string id = key_of({"survey", c.of->id, format_time(c.end.time)});
    events.row({{"ticket", c.of->id},
                {"customer", std::string(named_customer(view.book, *c.of))},
                {"time", view.now},
                {"kind", "survey_sent"},
                {"automatic", std::int64_t{1}},
                {"event_id", id}});
  }
  out.tables[""] = main.sealed(asked.seal);
  out.tables["events"] = events.sealed(asked.seal);
}

void surveys_report_build(const desk_call& asked, outcome& out) {
  const desk_view view = asked.view();
  if (!view.policy.surveys) {
    out.notes.push_back({.code = status::ok,
                         .level = log_level::info,
                         .message = "the rules of the desk have no surveys: nobody is asked",
                         .hint = "give option desk a member surveys"});
  }
  write(asked,
        view,
        survey_choices(view, read_answers(asked.in, view), read_window_days(asked.given)),
        out);
  out.tables["refused"] = refused_table(view.book, asked.seal);
}

job surveys_report_begin(report_inputs in, std::string_view options_json) {
  desk_call asked("desk_surveys", std::move(in), options_json, surveys_report_option_rows);
  read_window_days(asked.given);
  read_reward(asked.given);
  return desk_job("surveys", std::move(asked), surveys_report_build);
}

}  // namespace

constinit const report desk_surveys_report{
    .name = "desk_surveys",
    .summary = "Which resolutions to ask the customer about now, each once, and why not the others",
    .needs_model = false,
    .inputs = surveys_report_inputs,
    .options = surveys_report_option_rows,
    .outputs = surveys_report_outputs,
    .begin = surveys_report_begin,
};

}  // namespace clv
